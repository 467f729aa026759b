"""The account cursor: opaque to clients, a horizon of transactions to us. Pure."""

import base64
import binascii
from collections.abc import Collection, Mapping
from uuid import UUID

import msgspec


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """Everything of transactions below `since` was seen.

    `since` is the oldest transaction that was still running when the cursor was made (xmin of the
    snapshot), so whatever commits later is at or above it, however long it took (S2). While paging,
    `then` is the horizon of the first page and `after` the last stream that was handed out.
    """

    epoch: UUID
    since: int
    then: int | None = None
    after: UUID | None = None


def told_whole(
    gaps: Mapping[UUID, int], fresh: Collection[UUID], longest: int, budget: int
) -> set[UUID]:
    """Which rooms of an answer come as snapshots: those I am new in, those with a gap above
    `longest`, and of the others the widest gaps until the events of the rest fit the `budget`. A
    snapshot is a kilobyte, whatever was said meanwhile."""
    whole = {id_ for id_, gap in gaps.items() if id_ in fresh or gap > longest}
    left = sorted((gap, id_) for id_, gap in gaps.items() if id_ not in whole)
    total = sum(gap for gap, _ in left)
    while left and total > budget:
        gap, id_ = left.pop()
        total -= gap
        whole.add(id_)
    return whole


def encode(cursor: Cursor) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).rstrip(b"=").decode()


def decode(text: str) -> Cursor | None:
    """None for anything that no server of ours gave out: the client starts afresh."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        cursor = msgspec.json.decode(raw, type=Cursor)
    except (ValueError, binascii.Error, msgspec.DecodeError):
        return None
    return cursor if cursor.since >= 0 and (cursor.then or 0) >= 0 else None
