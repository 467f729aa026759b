"""All SQL of counting forwards."""

from collections.abc import Sequence
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.rooms.service import RoomAccess


async def note(
    tx: Tx, room_id: UUID, carried: Sequence[tuple[UUID, UUID, UUID]]
) -> dict[UUID, int]:
    """Write down (message, to room, to message) of a locked room; the new counts of those messages
    that were not written down before."""
    rows = await tx.conn.fetch(
        """
        WITH new AS (
            INSERT INTO forwards (room_id, message_id, to_room_id, to_message_id)
            SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::uuid[])
            ON CONFLICT DO NOTHING RETURNING message_id
        ), added AS (SELECT message_id, count(*) AS more FROM new GROUP BY message_id)
        SELECT a.message_id, a.more + (
            SELECT count(*) FROM forwards f WHERE f.room_id = $1 AND f.message_id = a.message_id
        ) AS count FROM added a
        """,
        room_id,
        [message_id for message_id, _, _ in carried],
        [to_room for _, to_room, _ in carried],
        [to_message for _, _, to_message in carried],
    )
    return {row["message_id"]: row["count"] for row in rows}


async def counts(tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]) -> dict[UUID, int]:
    rows = await tx.conn.fetch(
        """
        SELECT message_id, count(*) AS count
        FROM unnest($1::uuid[], $2::uuid[]) AS wanted (room_id, message_id)
        JOIN forwards USING (room_id, message_id) GROUP BY message_id
        """,
        [access.room_id for access, _ in wanted],
        [message_id for _, message_id in wanted],
    )
    return {row["message_id"]: row["count"] for row in rows}
