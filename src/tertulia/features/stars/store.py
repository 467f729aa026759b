"""All SQL of stars: an account's own."""

from collections.abc import Sequence
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.rooms.service import RoomAccess
from tertulia.features.stars.schemas import StarPlace

_MICROSECONDS = "(extract(epoch FROM starred_at) * 1000000)::bigint"


async def put(tx: Tx, access: RoomAccess, message_id: UUID) -> bool:
    """False for one that was there."""
    done = await tx.conn.fetchval(
        """
        INSERT INTO stars (account_id, room_id, message_id, starred_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING RETURNING message_id
        """,
        access.account_id,
        access.room_id,
        message_id,
        tx.now,
    )
    return done is not None


async def drop(tx: Tx, account_id: UUID, room_id: UUID, message_id: UUID) -> bool:
    """False where there was none."""
    done = await tx.conn.fetchval(
        """
        DELETE FROM stars WHERE account_id = $1 AND room_id = $2 AND message_id = $3
        RETURNING message_id
        """,
        account_id,
        room_id,
        message_id,
    )
    return done is not None


async def count(tx: Tx, account_id: UUID) -> int:
    return await tx.conn.fetchval("SELECT count(*) FROM stars WHERE account_id = $1", account_id)


async def starred(tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]) -> set[UUID]:
    rows = await tx.conn.fetch(
        """
        SELECT message_id FROM unnest($1::uuid[], $2::uuid[], $3::uuid[])
            AS wanted (account_id, room_id, message_id)
        JOIN stars USING (account_id, room_id, message_id)
        """,
        [access.account_id for access, _ in wanted],
        [access.room_id for access, _ in wanted],
        [message_id for _, message_id in wanted],
    )
    return {row["message_id"] for row in rows}


async def page(tx: Tx, account_id: UUID, after: StarPlace | None, limit: int) -> list[StarPlace]:
    """The newest first, those of rooms the account is in."""
    rows = await tx.conn.fetch(
        f"""
        SELECT {_MICROSECONDS} AS at, s.room_id, s.message_id
        FROM stars s JOIN members m ON m.room_id = s.room_id AND m.account_id = s.account_id
            AND m.status = 'joined'
        WHERE s.account_id = $1 AND ($2::bigint IS NULL OR (s.starred_at, s.message_id)
            < (to_timestamp(0) + $2 * interval '1 microsecond', $3::uuid))
        ORDER BY s.starred_at DESC, s.message_id DESC LIMIT $4
        """,
        account_id,
        after.starred_at if after else None,
        after.message_id if after else None,
        limit,
    )
    return [StarPlace(row["at"], row["room_id"], row["message_id"]) for row in rows]
