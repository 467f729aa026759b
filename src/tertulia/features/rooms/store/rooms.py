"""Rooms themselves."""

from typing import Any
from uuid import UUID

import msgspec

from tertulia.core.tx import Tx
from tertulia.features.rooms.schemas import PublicRoom, Room
from tertulia.features.rooms.state import AuditEntry


async def find_room(tx: Tx, room_id: UUID) -> Room | None:
    row = await tx.conn.fetchrow("SELECT * FROM rooms WHERE id = $1", room_id)
    return room_of(row) if row else None


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


async def set_apart(tx: Tx, room_id: UUID, one: UUID, other: UUID) -> None:
    sql = """UPDATE rooms SET apart = EXISTS (SELECT FROM blocks
        WHERE (account_id, blocked_id) IN (($2, $3), ($3, $2))) WHERE id = $1"""
    await tx.conn.execute(sql, room_id, one, other)


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
        PublicRoom(room=room_of(row), member_count=row["member_count"], joined=row["mine"])
        for row in rows
    ]


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


def room_of(row: Any) -> Room:
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
