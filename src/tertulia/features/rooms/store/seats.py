"""Who is in which room."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.rooms.events import LeaveReason
from tertulia.features.rooms.schemas import Member, Role, Room
from tertulia.features.rooms.store.access import RoomAccess

_MEMBER = """m.role, m.joined_at, m.timed_out_until, a.id, a.username, a.display_name, a.hue,
    a.status_text, a.status_emoji, a.status_until, a.is_bot, a.deactivated_at, a.avatar
    FROM members m JOIN accounts a ON a.id = m.account_id
"""


async def room_ids(tx: Tx, account_id: UUID) -> list[UUID]:
    rows = await tx.conn.fetch(
        "SELECT room_id FROM members WHERE account_id = $1 AND status = 'joined' ORDER BY room_id",
        account_id,
    )
    return [row["room_id"] for row in rows]


async def rooms_of(tx: Tx, account_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    rooms: dict[UUID, list[UUID]] = {account_id: [] for account_id in account_ids}
    rows = await tx.conn.fetch(
        "SELECT account_id, room_id FROM members WHERE account_id = ANY($1) AND status = 'joined'",
        list(account_ids),
    )
    for row in rows:
        rooms[row["account_id"]].append(row["room_id"])
    return rooms


async def members(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, list[Member]]:
    """Everybody in these rooms, by room."""
    rows = await tx.conn.fetch(
        f"""
        SELECT m.room_id, {_MEMBER}
        WHERE m.room_id = ANY($1::uuid[]) AND m.status = 'joined'
        ORDER BY m.room_id, m.joined_at, a.id
        """,
        [access.room_id for access in accesses],
    )
    found: dict[UUID, list[Member]] = {access.room_id: [] for access in accesses}
    for row in rows:
        found[row["room_id"]].append(member_of(row))
    return found


async def member_counts(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, int]:
    rows = await tx.conn.fetch(
        "SELECT id, member_count FROM rooms WHERE id = ANY($1::uuid[])",
        [access.room_id for access in accesses],
    )
    return {row["id"]: row["member_count"] for row in rows}


async def moderator_ids(tx: Tx, room_id: UUID, limit: int) -> list[UUID]:
    rows = await tx.conn.fetch(
        """
        SELECT account_id FROM members WHERE room_id = $1 AND status = 'joined'
            AND role IN ('owner', 'moderator') ORDER BY account_id LIMIT $2
        """,
        room_id,
        limit,
    )
    return [row["account_id"] for row in rows]


async def member_ids(tx: Tx, access: RoomAccess) -> list[UUID]:
    rows = await tx.conn.fetch(
        "SELECT account_id FROM members WHERE room_id = $1 AND status = 'joined'", access.room_id
    )
    return [row["account_id"] for row in rows]


async def get_members(tx: Tx, room: Room, ids: Collection[UUID]) -> dict[UUID, Member]:
    rows = await tx.conn.fetch(
        f"""
        SELECT {_MEMBER}
        WHERE m.room_id = $1 AND m.account_id = ANY($2::uuid[])
        """,
        room.id,
        list(ids),
    )
    return {row["id"]: member_of(row) for row in rows}


async def find_members_named(
    tx: Tx, wanted: Collection[tuple[UUID, str]]
) -> dict[tuple[UUID, str], UUID]:
    rows = await tx.conn.fetch(
        """
        SELECT w.room_id, w.name, m.account_id
        FROM unnest($1::uuid[], $2::text[]) AS w (room_id, name)
        CROSS JOIN LATERAL (  -- names first: nobody reads a whole room to find one of its members
            SELECT id FROM accounts WHERE username_key = lower(w.name) OFFSET 0
        ) AS a
        CROSS JOIN LATERAL (
            SELECT account_id FROM members
            WHERE room_id = w.room_id AND account_id = a.id AND status = 'joined' OFFSET 0
        ) AS m
        """,
        [room_id for room_id, _ in wanted],
        [name for _, name in wanted],
    )
    return {(row["room_id"], row["name"]): row["account_id"] for row in rows}


async def sharing(tx: Tx, account_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    sql = """SELECT DISTINCT b.account_id FROM members a JOIN members b ON b.room_id = a.room_id
        WHERE a.account_id = $1 AND a.status = 'joined' AND b.account_id = ANY($2::uuid[])
            AND b.status = 'joined'"""
    return {row["account_id"] for row in await tx.conn.fetch(sql, account_id, list(ids))}


async def seat(tx: Tx, room: Room, newcomers: Mapping[UUID, Role], by: UUID, head: int) -> None:
    """Who comes back has read, for our purposes, all that was said meanwhile."""
    await tx.conn.execute(
        """
        INSERT INTO members (room_id, account_id, role, status, joined_at, read_seq, delivered_seq,
            joined_seq, changed_by, changed_at)
        SELECT $1, account_id, role, 'joined', $4, $5, $5, $5, $6, $4
        FROM unnest($2::uuid[], $3::text[]) AS newcomer (account_id, role)
        ON CONFLICT (room_id, account_id) DO UPDATE SET role = excluded.role, status = 'joined',
            joined_at = excluded.joined_at, read_seq = excluded.read_seq,
            delivered_seq = excluded.delivered_seq, joined_seq = excluded.joined_seq,
            changed_by = excluded.changed_by, changed_at = excluded.changed_at, reason = ''
        """,
        room.id,
        list(newcomers),
        list(newcomers.values()),
        tx.now,
        head,
        by,
    )


async def mark_spoke(tx: Tx, who: Collection[tuple[UUID, UUID]]) -> None:
    await tx.conn.execute(
        """
        UPDATE members SET spoke_at = $3
        FROM unnest($1::uuid[], $2::uuid[]) AS spoke (account_id, room_id)
        WHERE members.room_id = spoke.room_id AND members.account_id = spoke.account_id
        """,
        [account_id for account_id, _ in who],
        [room_id for _, room_id in who],
        tx.now,
    )


async def unseat(
    tx: Tx, room: Room, account_id: UUID, status: LeaveReason, by: UUID, note: str
) -> None:
    await tx.conn.execute(
        """
        UPDATE members SET status = $3, changed_by = $4, changed_at = $5, reason = $6
        WHERE room_id = $1 AND account_id = $2
        """,
        room.id,
        account_id,
        status,
        by,
        tx.now,
        note,
    )


def member_of(row: Any) -> Member:
    return Member(
        account=accounts.account_of(row),
        role=row["role"],
        joined_at=row["joined_at"],
        timed_out_until=row["timed_out_until"],
    )
