"""The account cursor: opaque to clients, a horizon of transactions to us. Pure."""

import base64
import binascii
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
