"""All SQL of pins."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.pins.schemas import Pinned
from tertulia.features.rooms.service import RoomAccess


async def insert(tx: Tx, room_id: UUID, by: UUID, message_id: UUID, seq: int) -> None:
    await tx.conn.execute(
        """
        INSERT INTO pins (room_id, message_id, seq, pinned_by, pinned_at)
        VALUES ($1, $2, $3, $4, $5)
        """,
        room_id,
        message_id,
        seq,
        by,
        tx.now,
    )


async def pinned_ids(tx: Tx, room_id: UUID) -> set[UUID]:
    rows = await tx.conn.fetch("SELECT message_id FROM pins WHERE room_id = $1", room_id)
    return {row["message_id"] for row in rows}


async def remove(tx: Tx, room_id: UUID, message_ids: Sequence[UUID]) -> bool:
    """False where none was pinned."""
    removed = await tx.conn.fetch(
        "DELETE FROM pins WHERE room_id = $1 AND message_id = ANY ($2::uuid[]) RETURNING 1",
        room_id,
        list(message_ids),
    )
    return bool(removed)


async def count(tx: Tx, access: RoomAccess) -> int:
    return await tx.conn.fetchval("SELECT count(*) FROM pins WHERE room_id = $1", access.room_id)


async def find(tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]) -> dict[UUID, Pinned]:
    """Of these messages of any rooms the pinned ones."""
    rows = await tx.conn.fetch(
        """
        SELECT message_id, pinned_by, pinned_at
        FROM unnest($1::uuid[], $2::uuid[]) AS wanted (room_id, message_id)
        JOIN pins USING (room_id, message_id)
        """,
        [access.room_id for access, _ in wanted],
        [message_id for _, message_id in wanted],
    )
    return {row["message_id"]: _pinned(row) for row in rows}


async def newest_first(tx: Tx, access: RoomAccess) -> dict[UUID, Pinned]:
    rows = await tx.conn.fetch(
        """
        SELECT message_id, pinned_by, pinned_at FROM pins WHERE room_id = $1 ORDER BY seq DESC
        """,
        access.room_id,
    )
    return {row["message_id"]: _pinned(row) for row in rows}


async def newest(tx: Tx, accesses: Sequence[RoomAccess], limit: int) -> list[tuple[UUID, UUID]]:
    rows = await tx.conn.fetch(
        """
        SELECT room_id, message_id FROM pins WHERE room_id = ANY ($1::uuid[])
        ORDER BY pinned_at DESC LIMIT $2
        """,
        [access.room_id for access in accesses],
        limit,
    )
    return [(row["room_id"], row["message_id"]) for row in rows]


def _pinned(row: Any) -> Pinned:
    return Pinned(by=row["pinned_by"], at=row["pinned_at"])
