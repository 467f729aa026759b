"""All SQL of who listened."""

from collections.abc import Sequence
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.listens.schemas import COUNTED, FIRST, LISTED, Listener, Listens
from tertulia.features.rooms.service import RoomAccess


async def put(tx: Tx, access: RoomAccess, message_id: UUID, *, told: bool) -> bool:
    """False for one that was there. `told`: the author may know."""
    done = await tx.conn.fetchval(
        """
        INSERT INTO voice_listens (room_id, message_id, account_id, listened_at, told)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT DO NOTHING RETURNING message_id
        """,
        access.room_id,
        message_id,
        access.account_id,
        tx.now,
        told,
    )
    return done is not None


async def listened(tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]) -> set[UUID]:
    """Those of these messages that each asker played."""
    rows = await tx.conn.fetch(
        """
        SELECT message_id FROM unnest($1::uuid[], $2::uuid[], $3::uuid[])
            AS wanted (room_id, message_id, account_id)
        JOIN voice_listens USING (room_id, message_id, account_id)
        """,
        [access.room_id for access, _ in wanted],
        [message_id for _, message_id in wanted],
        [access.account_id for access, _ in wanted],
    )
    return {row["message_id"] for row in rows}


async def standing(tx: Tx, wanted: Sequence[tuple[UUID, UUID]]) -> dict[UUID, Listens]:
    """What the authors of these messages, by room and id, may know; none, no entry."""
    rows = await tx.conn.fetch(
        """
        SELECT wanted.message_id, heard.*
        FROM unnest($1::uuid[], $2::uuid[]) AS wanted (room_id, message_id)
        CROSS JOIN LATERAL (
            SELECT count(*) AS count,
                (array_agg(account_id ORDER BY listened_at, account_id))[1:$4] AS people
            FROM (
                SELECT account_id, listened_at FROM voice_listens l
                WHERE l.room_id = wanted.room_id AND l.message_id = wanted.message_id AND told
                ORDER BY listened_at, account_id LIMIT $3
            ) AS first
        ) AS heard
        WHERE heard.count > 0
        """,
        [room_id for room_id, _ in wanted],
        [message_id for _, message_id in wanted],
        COUNTED,
        FIRST,
    )
    return {row["message_id"]: Listens(count=row["count"], people=row["people"]) for row in rows}


async def listeners(tx: Tx, access: RoomAccess, message_id: UUID) -> list[Listener]:
    """Those the author may know of, in the order they played it."""
    rows = await tx.conn.fetch(
        """
        SELECT account_id, listened_at FROM voice_listens
        WHERE room_id = $1 AND message_id = $2 AND told
        ORDER BY listened_at, account_id LIMIT $3
        """,
        access.room_id,
        message_id,
        LISTED,
    )
    return [Listener(account_id=row["account_id"], at=row["listened_at"]) for row in rows]


async def forget(tx: Tx, room_id: UUID, message_ids: Sequence[UUID]) -> None:
    await tx.conn.execute(
        "DELETE FROM voice_listens WHERE room_id = $1 AND message_id = ANY ($2::uuid[])",
        room_id,
        list(message_ids),
    )
