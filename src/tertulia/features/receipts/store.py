"""All SQL of receipts. Cursors are columns of `members`; `read_high` is where a member who marked
something unread again had read to before: what others were told does not go back."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from msgspec import Meta

from tertulia.core.tx import Tx
from tertulia.features.receipts.schemas import Cursor
from tertulia.features.rooms.schemas import CROWD
from tertulia.features.rooms.service import RoomAccess

MARKS = 48  # minutes of movement remembered, of each member and cursor

_READ = "greatest(m.read_seq, m.read_high)"


class Position(NamedTuple):
    """Somebody's place in a room."""

    room_id: UUID
    account_id: UUID
    seq: int


class Progress(NamedTuple):
    """How far a member got with one message, and when; times are None where not known."""

    account_id: UUID
    delivered: bool
    delivered_at: datetime | None
    read: bool
    read_at: datetime | None


Rank = Annotated[int, Meta(ge=0, le=4)]


class Reader(NamedTuple):
    """Where somebody of a crowd stands among its members."""

    rank: Rank
    name_key: str
    account_id: UUID


FIRST = Reader(0, "", UUID(int=0))


async def move_delivered(tx: Tx, wanted: Sequence[Position]) -> list[Position]:
    """Move cursors forward, at most to their room's head, of those who are in; those that moved.
    In a crowd only reading moves them: a row written for each device and message would be most of
    what the database does. Rows are locked in one order everywhere, so that two nodes never wait
    for each other."""
    rows = await tx.conn.fetch(
        """
        WITH places AS (
            SELECT m.room_id, m.account_id, least(w.seq, s.head) AS seq
            FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS w (room_id, account_id, seq)
            JOIN members m ON m.room_id = w.room_id AND m.account_id = w.account_id
            JOIN streams s ON s.id = w.room_id
            JOIN rooms r ON r.id = w.room_id AND r.member_count <= $4
            WHERE m.status = 'joined' AND m.delivered_seq < least(w.seq, s.head)
            ORDER BY m.room_id, m.account_id FOR NO KEY UPDATE OF m
        )
        UPDATE members m SET delivered_seq = places.seq, cursor_xid = pg_current_xact_id()
        FROM places
        WHERE m.room_id = places.room_id AND m.account_id = places.account_id
            AND m.delivered_seq < places.seq
        RETURNING m.room_id, m.account_id, m.delivered_seq
        """,
        [one.room_id for one in wanted],
        [one.account_id for one in wanted],
        [one.seq for one in wanted],
        CROWD,
    )
    return [Position(*row) for row in rows]


async def touch(tx: Tx, places: Collection[tuple[UUID, UUID]]) -> None:
    """Cursors of these (room, account) moved in this transaction: `GET sync` is to tell of it."""
    await tx.conn.execute(
        """
        UPDATE members m SET cursor_xid = pg_current_xact_id()
        FROM unnest($1::uuid[], $2::uuid[]) AS w (room_id, account_id)
        WHERE m.room_id = w.room_id AND m.account_id = w.account_id
        """,
        [room_id for room_id, _ in places],
        [account_id for _, account_id in places],
    )


async def mark(tx: Tx, moved: Sequence[Position], *, is_read: bool) -> None:
    """Remember when these cursors came where they are. Of one minute the last move stays; where a
    minute begins, what is older than MARKS of them goes."""
    fresh = await tx.conn.fetch(
        """
        INSERT INTO cursor_marks (room_id, account_id, is_read, minute, seq, at)
        SELECT room_id, account_id, $4, date_trunc('minute', $5::timestamptz), seq, $5
        FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS w (room_id, account_id, seq)
        JOIN rooms r ON r.id = w.room_id AND r.member_count <= $6
        ORDER BY room_id, account_id
        ON CONFLICT (room_id, account_id, is_read, minute) DO UPDATE
            SET seq = greatest(cursor_marks.seq, excluded.seq), at = excluded.at
        RETURNING room_id, account_id, (xmax = 0) AS is_new
        """,
        [one.room_id for one in moved],
        [one.account_id for one in moved],
        [one.seq for one in moved],
        is_read,
        tx.now,
        CROWD,
    )
    begun = [row for row in fresh if row["is_new"]]
    if begun:
        await tx.conn.execute(
            """
            DELETE FROM cursor_marks c USING unnest($1::uuid[], $2::uuid[]) AS w (room, account)
            WHERE c.room_id = w.room AND c.account_id = w.account AND c.is_read = $3
                AND c.minute <= (
                    SELECT minute FROM cursor_marks
                    WHERE room_id = w.room AND account_id = w.account AND is_read = $3
                    ORDER BY minute DESC OFFSET $4 LIMIT 1)
            """,
            [row["room_id"] for row in begun],
            [row["account_id"] for row in begun],
            is_read,
            MARKS,
        )


async def cursors(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, list[Cursor]]:
    """Of those who got further than where the room was when they came, by room."""
    rows = await tx.conn.fetch(
        f"""
        SELECT m.room_id, m.account_id, m.delivered_seq, {_READ} AS read_seq FROM members m
        WHERE m.room_id = ANY($1::uuid[]) AND m.status = 'joined'
            AND m.delivered_seq > m.joined_seq ORDER BY m.account_id
        """,
        [access.room_id for access in accesses],
    )
    return _by_room(rows)


async def cursors_of(
    tx: Tx, places: Collection[tuple[UUID, UUID]]
) -> tuple[dict[UUID, list[Cursor]], dict[UUID, list[UUID]]]:
    """Cursors of these (room, account) by room, channels left out; and who is in those rooms."""
    rows = await tx.conn.fetch(
        f"""
        SELECT m.room_id, m.account_id, m.delivered_seq, {_READ} AS read_seq
        FROM unnest($1::uuid[], $2::uuid[]) AS w (room_id, account_id)
        JOIN members m ON m.room_id = w.room_id AND m.account_id = w.account_id
        JOIN rooms r ON r.id = m.room_id
        WHERE m.status = 'joined' AND r.kind <> 'channel' AND m.delivered_seq > m.joined_seq
        ORDER BY m.account_id
        """,
        [room_id for room_id, _ in places],
        [account_id for _, account_id in places],
    )
    found = _by_room(rows)
    there = await tx.conn.fetch(
        "SELECT room_id, account_id FROM members"
        " WHERE room_id = ANY($1::uuid[]) AND status = 'joined'",
        list(found),
    )
    members: dict[UUID, list[UUID]] = {}
    for room_id, account_id in there:
        members.setdefault(room_id, []).append(account_id)
    return found, members


async def moved_since(tx: Tx, account_id: UUID, since: int) -> dict[UUID, list[Cursor]]:
    """Cursors in direct rooms and groups of an account that transactions at or after a horizon
    moved, by room."""
    rows = await tx.conn.fetch(
        f"""
        SELECT m.room_id, m.account_id, m.delivered_seq, {_READ} AS read_seq
        FROM members mine JOIN rooms r ON r.id = mine.room_id
        JOIN members m ON m.room_id = mine.room_id
        WHERE mine.account_id = $1 AND mine.status = 'joined' AND r.kind <> 'channel'
            AND m.status = 'joined' AND m.cursor_xid >= $2::text::xid8
            AND m.delivered_seq > m.joined_seq
        ORDER BY m.room_id, m.account_id
        """,
        account_id,
        str(since),
    )
    return _by_room(rows)


async def progress(tx: Tx, access: RoomAccess, seq: int, author_id: UUID) -> list[Progress]:
    """How far each member got with a message, but its author and those who came after it.
    Reading is getting too: the first mark of either cursor at or above tells when it came."""
    rows = await tx.conn.fetch(
        f"""
        SELECT m.account_id, m.delivered_seq >= $2 AS delivered, {_READ} >= $2 AS read,
            got.at AS delivered_at, seen.at AS read_at
        FROM members m
        LEFT JOIN LATERAL (
            SELECT min(at) AS at FROM cursor_marks
            WHERE room_id = $1 AND account_id = m.account_id AND seq >= $2
        ) AS got ON m.delivered_seq >= $2
        LEFT JOIN LATERAL (
            SELECT min(at) AS at FROM cursor_marks
            WHERE room_id = $1 AND account_id = m.account_id AND is_read AND seq >= $2
        ) AS seen ON {_READ} >= $2
        WHERE m.room_id = $1 AND m.status = 'joined' AND m.account_id <> $3 AND m.joined_seq < $2
        """,
        access.room_id,
        seq,
        author_id,
    )
    return [
        Progress(
            row["account_id"], row["delivered"], row["delivered_at"], row["read"], row["read_at"]
        )
        for row in rows
    ]


# Of a crowd: those who count for a message, and whether they let it be known that they read it.
_CROWD = f"""
    SELECT m.account_id, m.rank, m.name_key, {_READ} >= $2 AS read,
        EXISTS (SELECT FROM privacy WHERE account_id = m.account_id AND hide_receipts) AS hides
    FROM members m
    WHERE m.room_id = $1 AND m.status = 'joined' AND m.joined_seq < $2
        AND m.account_id <> ALL ($3::uuid[])
"""


async def crowd_counts(
    tx: Tx, access: RoomAccess, seq: int, unseen: Collection[UUID]
) -> tuple[int, int]:
    """How many read a message and let it be known, and how many did not, but the `unseen`."""
    row = await tx.conn.fetchrow(
        f"""
        SELECT count(*) FILTER (WHERE read AND NOT hides) AS readers,
            count(*) FILTER (WHERE NOT read OR hides) AS others FROM ({_CROWD}) AS member
        """,
        access.room_id,
        seq,
        list(unseen),
    )
    return row["readers"], row["others"]


async def crowd_readers(
    tx: Tx, access: RoomAccess, seq: int, unseen: Collection[UUID], after: Reader, limit: int
) -> list[Reader]:
    """The next of those who read a message and let it be known, in the order of members."""
    rows = await tx.conn.fetch(
        f"""
        SELECT rank, name_key, account_id FROM ({_CROWD}) AS member
        WHERE read AND NOT hides AND (rank, name_key, account_id) > ($4, $5, $6)
        ORDER BY rank, name_key, account_id LIMIT $7
        """,
        access.room_id,
        seq,
        list(unseen),
        *after,
        limit,
    )
    return [Reader(*row) for row in rows]


def _by_room(rows: Iterable[tuple[UUID, UUID, int, int]]) -> dict[UUID, list[Cursor]]:
    found: dict[UUID, list[Cursor]] = {}
    for room_id, account_id, delivered, read in rows:
        cursor = Cursor(account_id=account_id, delivered_seq=delivered, read_seq=read)
        found.setdefault(room_id, []).append(cursor)
    return found
