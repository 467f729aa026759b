"""All SQL of the pictures of rooms."""

from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.rooms.store.access import RoomAccess


async def put(tx: Tx, room_id: UUID, image: bytes) -> None:
    await tx.conn.execute(
        """
        INSERT INTO room_pictures (room_id, image) VALUES ($1, $2)
        ON CONFLICT (room_id) DO UPDATE SET image = excluded.image
        """,
        room_id,
        image,
    )


async def drop(tx: Tx, room_id: UUID) -> None:
    await tx.conn.execute("DELETE FROM room_pictures WHERE room_id = $1", room_id)


async def find(tx: Tx, access: RoomAccess) -> bytes | None:
    return await tx.conn.fetchval(
        "SELECT image FROM room_pictures WHERE room_id = $1", access.room_id
    )
