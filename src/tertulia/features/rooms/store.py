"""All SQL of rooms and membership. Profiles are joined from `accounts`, one floor below."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.rooms.events import LeaveReason
from tertulia.features.rooms.schemas import (
    Member,
    PublicRoom,
    Role,
    Room,
    RoomKind,
    Visibility,
)
from tertulia.features.rooms.state import AuditEntry


class RoomAccess(msgspec.Struct, frozen=True):
    """Proof that an account is a member of a room: `service` hands it out, stores ask for it."""

    account_id: UUID
    role: Role
    joined_at: datetime
    read_seq: int
    room: Room
    joined_seq: int = 0  # the room's head when they sat down
    timed_out_until: datetime | None = None
    silenced_for: float | None = None  # seconds left of a time-out
    spoke_at: datetime | None = None  # kept in rooms with slow mode only
    apart: bool = False  # a direct room in which one blocked the other

    @property
    def room_id(self) -> UUID:
        return self.room.id

    @property
    def kind(self) -> RoomKind:
        return self.room.kind

    @property
    def visibility(self) -> Visibility:
        return self.room.visibility

    @property
    def archived(self) -> bool:
        return self.room.archived_at is not None


_MEMBER = """m.role, m.joined_at, m.timed_out_until, a.id, a.username, a.display_name, a.hue,
    a.status_text, a.status_emoji, a.status_until, a.is_bot, a.deactivated_at
    FROM members m JOIN accounts a ON a.id = m.account_id
"""


async def record(tx: Tx, room_id: UUID, actor_id: UUID, entry: AuditEntry) -> None:
    await tx.conn.execute(
        """
        INSERT INTO room_audit (room_id, id, at, actor_id, action, account_id, message_id, reason,
            detail)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        room_id,
        tx.ids.uuid7(),
        tx.now,
        actor_id,
        *msgspec.structs.astuple(entry),
    )


async def find_accesses(tx: Tx, wanted: Sequence[tuple[UUID, UUID]]) -> list[RoomAccess | None]:
    """For each (account, room) what a member has, in the order asked, in one statement."""
    rows = await tx.conn.fetch(
        """
        SELECT w.place, m.account_id, m.role, m.joined_at, m.joined_seq, m.read_seq, m.spoke_at,
            m.timed_out_until, r.*
        FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS w (account_id, room_id, place)
        CROSS JOIN LATERAL (  -- a look-up each, whatever the planner believes of the table
            SELECT * FROM members
            WHERE room_id = w.room_id AND account_id = w.account_id AND status = 'joined' OFFSET 0
        ) AS m
        JOIN rooms r ON r.id = w.room_id
        """,
        [account_id for account_id, _ in wanted],
        [room_id for _, room_id in wanted],
    )
    found: list[RoomAccess | None] = [None] * len(wanted)
    for row in rows:
        found[row["place"] - 1] = _access(row, tx.now)
    return found


async def memberships(tx: Tx, account_id: UUID) -> list[RoomAccess]:
    rows = await tx.conn.fetch(
        """
        SELECT m.account_id, m.role, m.joined_at, m.joined_seq, m.read_seq, m.spoke_at,
            m.timed_out_until, r.*
        FROM members m JOIN rooms r ON r.id = m.room_id
        WHERE m.account_id = $1 AND m.status = 'joined' ORDER BY r.id
        """,
        account_id,
    )
    return [_access(row, tx.now) for row in rows]


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
        found[row["room_id"]].append(_member(row))
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


async def find_room(tx: Tx, room_id: UUID) -> Room | None:
    row = await tx.conn.fetchrow("SELECT * FROM rooms WHERE id = $1", room_id)
    return _room(row) if row else None


async def insert(tx: Tx, room: Room, direct_key: str | None) -> bool:
    """False where this pair has its room already. Waits for another that makes it right now."""
    inserted = await tx.conn.fetchval(
        """
        INSERT INTO rooms (id, kind, visibility, name, topic, created_at, created_by, direct_key)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (direct_key) DO NOTHING RETURNING id
        """,
        room.id,
        room.kind,
        room.visibility,
        room.name,
        room.topic,
        room.created_at,
        room.created_by,
        direct_key,
    )
    return inserted is not None


async def find_direct(tx: Tx, direct_key: str) -> UUID | None:
    return await tx.conn.fetchval("SELECT id FROM rooms WHERE direct_key = $1", direct_key)


async def set_apart(tx: Tx, room_id: UUID, one: UUID, other: UUID) -> None:
    sql = """UPDATE rooms SET apart = EXISTS (SELECT FROM blocks
        WHERE (account_id, blocked_id) IN (($2, $3), ($3, $2))) WHERE id = $1"""
    await tx.conn.execute(sql, room_id, one, other)


async def sharing(tx: Tx, account_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    sql = """SELECT DISTINCT b.account_id FROM members a JOIN members b ON b.room_id = a.room_id
        WHERE a.account_id = $1 AND a.status = 'joined' AND b.account_id = ANY($2::uuid[])
            AND b.status = 'joined'"""
    return {row["account_id"] for row in await tx.conn.fetch(sql, account_id, list(ids))}


async def update(tx: Tx, room: Room) -> None:
    await tx.conn.execute(
        """
        UPDATE rooms SET visibility = $2, name = $3, topic = $4, archived_at = $5, posting = $6,
            thread_replies = $7, slow_mode = $8, avatar = $9, message_ttl = $10,
            room_mentions = $11, previews = $12
        WHERE id = $1
        """,
        room.id,
        room.visibility,
        room.name,
        room.topic,
        room.archived_at,
        room.posting,
        room.thread_replies,
        room.slow_mode,
        room.avatar,
        room.message_ttl,
        room.room_mentions,
        room.previews,
    )


async def browse(
    tx: Tx, account_id: UUID, pattern: str, before: UUID | None, limit: int
) -> list[PublicRoom]:
    """Public rooms whose name or topic matches a LIKE pattern, newest first."""
    rows = await tx.conn.fetch(
        """
        SELECT r.*, EXISTS (
            SELECT FROM members WHERE room_id = r.id AND account_id = $1 AND status = 'joined'
        ) AS mine
        FROM rooms r
        WHERE r.visibility = 'public' AND r.archived_at IS NULL
            AND (r.name ILIKE $2 OR r.topic ILIKE $2) AND ($3::uuid IS NULL OR r.id < $3)
        ORDER BY r.id DESC LIMIT $4
        """,
        account_id,
        pattern,
        before,
        limit,
    )
    return [
        PublicRoom(room=_room(row), member_count=row["member_count"], joined=row["mine"])
        for row in rows
    ]


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


async def get_members(tx: Tx, room: Room, ids: Collection[UUID]) -> dict[UUID, Member]:
    rows = await tx.conn.fetch(
        f"""
        SELECT {_MEMBER}
        WHERE m.room_id = $1 AND m.account_id = ANY($2::uuid[])
        """,
        room.id,
        list(ids),
    )
    return {row["id"]: _member(row) for row in rows}


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


def _access(row: Any, now: datetime) -> RoomAccess:
    until: datetime | None = row["timed_out_until"]
    return RoomAccess(
        account_id=row["account_id"],
        role=row["role"],
        joined_at=row["joined_at"],
        read_seq=row["read_seq"],
        room=_room(row),
        joined_seq=row["joined_seq"],
        timed_out_until=until,
        silenced_for=(until - now).total_seconds() if until and until > now else None,
        spoke_at=row["spoke_at"],
        apart=row["apart"],
    )


def _room(row: Any) -> Room:
    return Room(
        id=row["id"],
        kind=row["kind"],
        visibility=row["visibility"],
        name=row["name"],
        topic=row["topic"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        archived_at=row["archived_at"],
        posting=row["posting"],
        thread_replies=row["thread_replies"],
        slow_mode=row["slow_mode"],
        avatar=row["avatar"],
        message_ttl=row["message_ttl"],
        room_mentions=row["room_mentions"],
        previews=row["previews"],
    )


def _member(row: Any) -> Member:
    return Member(
        account=accounts.account_of(row),
        role=row["role"],
        joined_at=row["joined_at"],
        timed_out_until=row["timed_out_until"],
    )
