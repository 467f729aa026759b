"""SQL that only catching up needs: which streams moved since a transaction horizon."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from tertulia.core.streams import Stream, account_stream, room_stream
from tertulia.core.tx import Tx


class Horizon(msgspec.Struct, frozen=True):
    """`xmin` is the oldest transaction still running in this snapshot, `xmax` the next to begin."""

    epoch: UUID
    xmin: int
    xmax: int


class Moved(msgspec.Struct, frozen=True):
    """A stream written at or after a horizon. Events above `floor` may be news."""

    stream: Stream
    head: int
    floor: int


# The streams of an account: its own, and those of the rooms it is in.
_MINE = """(s.id = $1 OR s.id IN (
    SELECT room_id FROM members WHERE account_id = $1 AND status = 'joined'))"""


async def horizon(tx: Tx) -> Horizon:
    row = await tx.conn.fetchrow(
        """
        SELECT epoch, pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xmin,
            pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS xmax
        FROM server
        """
    )
    return Horizon(row["epoch"], row["xmin"], row["xmax"])


async def heads(tx: Tx, account_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """Heads of all streams that each account may hear, by the stream's name, in one indexed query.
    An account without a stream has no heads."""
    rows = await tx.conn.fetch(
        """
        SELECT s.id AS account_id, 'account:' || s.id AS name, s.head
        FROM streams s WHERE s.id = ANY($1::uuid[])
        UNION ALL
        SELECT m.account_id, 'room:' || m.room_id, s.head
        FROM members m JOIN streams s ON s.id = m.room_id
        WHERE m.account_id = ANY($1::uuid[]) AND m.status = 'joined'
        """,
        account_ids,
    )
    found: dict[UUID, dict[str, int]] = {account_id: {} for account_id in account_ids}
    for account_id, name, head in rows:
        found[account_id][name] = head
    return found


async def moved(
    tx: Tx, account_id: UUID, since: int, after: UUID | None, limit: int
) -> list[Moved]:
    """Streams of the account written since, in the order of their ids.

    Within a stream commit order is seq order, so below the newest event of an older transaction
    everything is older too: the backward scan for `floor` stops at the first one.
    """
    rows = await tx.conn.fetch(
        f"""
        SELECT s.id, s.kind, s.head, coalesce((
            SELECT e.seq FROM events e
            WHERE e.stream = s.id AND e.xid < $2::text::xid8 ORDER BY e.seq DESC LIMIT 1
        ), 0) AS floor
        FROM streams s
        WHERE {_MINE} AND s.touched >= $2::text::xid8 AND ($3::uuid IS NULL OR s.id > $3)
        ORDER BY s.id LIMIT $4
        """,
        account_id,
        str(since),
        after,
        limit,
    )
    return [Moved(_stream(row), row["head"], row["floor"]) for row in rows]


async def joined_since(tx: Tx, account_id: UUID, since: int) -> set[UUID]:
    """Rooms joined since: none of their history was ever handed to this account's clients."""
    rows: Sequence[Any] = await tx.conn.fetch(
        """
        SELECT DISTINCT data ->> 'room_id' AS room_id FROM events
        WHERE stream = $1 AND type = 'room.joined' AND seq > coalesce((
            SELECT e.seq FROM events e
            WHERE e.stream = $1 AND e.xid < $2::text::xid8 ORDER BY e.seq DESC LIMIT 1
        ), 0)
        """,
        account_id,
        str(since),
    )
    return {room_id for row in rows if (room_id := _uuid(row["room_id"]))}


async def ties_changed(tx: Tx, account_id: UUID, since: int) -> bool:
    """Did the account block or unblock somebody since, or change what it shows?"""
    return await tx.conn.fetchval(
        """
        SELECT EXISTS (SELECT FROM events WHERE stream = $1
            AND type IN ('privacy.changed', 'person.blocked', 'person.unblocked')
            AND seq > coalesce((
                SELECT e.seq FROM events e
                WHERE e.stream = $1 AND e.xid < $2::text::xid8 ORDER BY e.seq DESC LIMIT 1
            ), 0))
        """,
        account_id,
        str(since),
    )


def _uuid(text: str | None) -> UUID | None:
    """None for what is no id: one broken event must not end all catching up."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _stream(row: Any) -> Stream:
    return room_stream(row["id"]) if row["kind"] == "room" else account_stream(row["id"])
