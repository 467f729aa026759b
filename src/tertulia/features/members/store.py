"""All SQL of membership beyond taking and giving up places, which rooms do themselves."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from msgspec import Meta

from tertulia.core.tx import Tx
from tertulia.features.rooms.schemas import ReadPosition, Role, Room
from tertulia.features.rooms.service import RoomAccess


class Standing(NamedTuple):
    """What a room remembers of somebody; `role` is the last one they had."""

    role: Role
    status: str


class Others(NamedTuple):
    """How many there are in a room beside one of them. Closed accounts cannot act: not counted."""

    members: int
    owners: int


class BanRow(NamedTuple):
    account_id: UUID
    reason: str
    banned_at: datetime
    banned_by: UUID


class BanPlace(NamedTuple):
    """Where a ban stands in the list."""

    at: Annotated[datetime, Meta(tz=True)]
    account_id: UUID


Rank = Annotated[int, Meta(ge=0, le=4)]


class Place(NamedTuple):
    """Where a member stands in the list: owners first, then by name."""

    rank: Rank
    name_key: str
    account_id: UUID


FIRST = Place(0, "", UUID(int=0))


async def standings(tx: Tx, room_id: UUID, ids: Collection[UUID]) -> dict[UUID, Standing]:
    """By account; strangers are left out."""
    rows = await tx.conn.fetch(
        """
        SELECT account_id, role, status FROM members
        WHERE room_id = $1 AND account_id = ANY($2::uuid[])
        """,
        room_id,
        list(ids),
    )
    return {row["account_id"]: Standing(row["role"], row["status"]) for row in rows}


async def others(tx: Tx, access: RoomAccess, account_id: UUID) -> Others:
    row = await tx.conn.fetchrow(
        """
        SELECT count(*) AS members, count(*) FILTER (WHERE m.role = 'owner') AS owners
        FROM members m JOIN accounts a ON a.id = m.account_id
        WHERE m.room_id = $1 AND m.status = 'joined' AND m.account_id <> $2
            AND a.deactivated_at IS NULL
        """,
        access.room_id,
        account_id,
    )
    return Others(row["members"], row["owners"])


async def count(tx: Tx, room: Room) -> int:
    return await tx.conn.fetchval("SELECT member_count FROM rooms WHERE id = $1", room.id)


class Wanted(NamedTuple):
    """Which members: those whose names hold a text, of a role, these alone; None for all."""

    text: str | None = None
    role: Role | None = None
    ids: Sequence[UUID] | None = None

    @property
    def values(self) -> tuple[str | None, int | None, list[UUID] | None]:
        rank = _RANKS[self.role] if self.role else None
        return self.text, rank, None if self.ids is None else list(self.ids)


_RANKS: dict[Role, int] = {"owner": 1, "moderator": 2, "member": 3, "guest": 4}
_ROLES: dict[int, Role] = {rank: role for role, rank in _RANKS.items()}

# All of it from the index `members_listed`: nobody's row is read to leave them out. The text is
# folded in a query of its own, once; as a mere expression it would be for each member.
_MATCHES = """room_id = $1 AND status = 'joined'
    AND ($2::text IS NULL OR strpos(name_key, (SELECT folded_name($2))) > 0)
    AND ($3::smallint IS NULL OR rank = $3)
    AND ($4::uuid[] IS NULL OR account_id = ANY ($4))"""


async def page(tx: Tx, access: RoomAccess, wanted: Wanted, after: Place, limit: int) -> list[Place]:
    """Where the next members stand, in order."""
    rows = await tx.conn.fetch(
        f"""
        SELECT rank, name_key, account_id FROM members
        WHERE {_MATCHES} AND (rank, name_key, account_id) > ($5, $6, $7)
        ORDER BY rank, name_key, account_id LIMIT $8
        """,
        access.room_id,
        *wanted.values,
        *after,
        limit,
    )
    return [Place(*row) for row in rows]


async def counts(tx: Tx, access: RoomAccess, wanted: Wanted) -> dict[Role, int]:
    rows = await tx.conn.fetch(
        f"SELECT rank, count(*) AS members FROM members WHERE {_MATCHES} GROUP BY rank",
        access.room_id,
        *wanted.values,
    )
    return {_ROLES[row["rank"]]: row["members"] for row in rows}


async def set_role(tx: Tx, access: RoomAccess, account_id: UUID, role: Role) -> None:
    await tx.conn.execute(
        """
        UPDATE members SET role = $3, changed_by = $4, changed_at = $5
        WHERE room_id = $1 AND account_id = $2
        """,
        access.room_id,
        account_id,
        role,
        access.account_id,
        tx.now,
    )


async def move_read(tx: Tx, wanted: Sequence[tuple[UUID, UUID, int]]) -> set[tuple[UUID, UUID]]:
    """Move (room, account, seq) forward; those (room, account) that moved. Who stands there
    already, or has left, does not. Rows are locked in the order in which receipts lock them."""
    rows = await tx.conn.fetch(
        """
        WITH places AS (
            SELECT m.room_id, m.account_id, w.seq
            FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS w (room_id, account_id, seq)
            JOIN members m ON m.room_id = w.room_id AND m.account_id = w.account_id
            WHERE m.status = 'joined' AND m.read_seq < w.seq
            ORDER BY m.room_id, m.account_id FOR NO KEY UPDATE OF m
        )
        UPDATE members m SET read_seq = places.seq,
            delivered_seq = greatest(m.delivered_seq, places.seq),
            cursor_xid = pg_current_xact_id()
        FROM places
        WHERE m.room_id = places.room_id AND m.account_id = places.account_id
            AND m.read_seq < places.seq
        RETURNING m.room_id, m.account_id
        """,
        [room_id for room_id, _, _ in wanted],
        [account_id for _, account_id, _ in wanted],
        [seq for _, _, seq in wanted],
    )
    return {(row["room_id"], row["account_id"]) for row in rows}


async def move_all_read(tx: Tx, account_id: UUID) -> list[ReadPosition]:
    """Every room of the account that stood behind its head, where it stands now."""
    rows = await tx.conn.fetch(
        """
        UPDATE members m SET read_seq = s.head, delivered_seq = greatest(m.delivered_seq, s.head),
            cursor_xid = pg_current_xact_id()
        FROM streams s
        WHERE m.account_id = $1 AND m.status = 'joined' AND s.id = m.room_id
            AND m.read_seq < s.head
        RETURNING m.room_id, m.read_seq
        """,
        account_id,
    )
    return [ReadPosition(room_id=row["room_id"], read_seq=row["read_seq"]) for row in rows]


async def move_back(tx: Tx, access: RoomAccess, seq: int) -> None:
    await tx.conn.execute(
        """
        UPDATE members SET read_high = greatest(read_high, read_seq), read_seq = $3,
            delivered_seq = greatest(delivered_seq, $3)
        WHERE room_id = $1 AND account_id = $2 AND status = 'joined'
        """,
        access.room_id,
        access.account_id,
        seq,
    )


async def time_out(tx: Tx, access: RoomAccess, account_id: UUID, until: datetime | None) -> None:
    await tx.conn.execute(
        """
        UPDATE members SET timed_out_until = $3, changed_by = $4, changed_at = $5
        WHERE room_id = $1 AND account_id = $2
        """,
        access.room_id,
        account_id,
        until,
        access.account_id,
        tx.now,
    )


async def ban_absent(tx: Tx, access: RoomAccess, account_id: UUID, reason: str) -> None:
    """Ban somebody who is not in the room, or say anew why."""
    await tx.conn.execute(
        """
        INSERT INTO members (room_id, account_id, role, status, joined_at, changed_by, changed_at,
            reason)
        VALUES ($1, $2, 'guest', 'banned', $4, $3, $4, $5)
        ON CONFLICT (room_id, account_id) DO UPDATE SET status = 'banned',
            changed_by = excluded.changed_by, changed_at = excluded.changed_at,
            reason = excluded.reason
        """,
        access.room_id,
        account_id,
        access.account_id,
        tx.now,
        reason,
    )


async def unban(tx: Tx, access: RoomAccess, account_id: UUID) -> bool:
    lifted = await tx.conn.fetchval(
        """
        UPDATE members SET status = 'removed', changed_by = $3, changed_at = $4, reason = ''
        WHERE room_id = $1 AND account_id = $2 AND status = 'banned' RETURNING account_id
        """,
        access.room_id,
        account_id,
        access.account_id,
        tx.now,
    )
    return lifted is not None


async def bans(tx: Tx, access: RoomAccess, before: BanPlace | None, limit: int) -> list[BanRow]:
    """The next ones, newest first."""
    rows = await tx.conn.fetch(
        """
        SELECT account_id, reason, changed_at, changed_by FROM members
        WHERE room_id = $1 AND status = 'banned'
            AND ($2::timestamptz IS NULL OR (changed_at, account_id) < ($2, $3))
        ORDER BY changed_at DESC, account_id DESC LIMIT $4
        """,
        access.room_id,
        *(before or (None, None)),
        limit,
    )
    return [BanRow(*row) for row in rows]
