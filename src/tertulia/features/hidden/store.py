"""All SQL of hidden messages, but for the readings of `messages`, which leave them out."""

from collections.abc import Sequence
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.rooms.service import RoomAccess


async def hide(tx: Tx, access: RoomAccess, seq: int) -> bool:
    """False for one that was hidden already."""
    done = await tx.conn.fetchval(
        """
        INSERT INTO hidden_messages (account_id, room_id, seq, hidden_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING RETURNING seq
        """,
        access.account_id,
        access.room_id,
        seq,
        tx.now,
    )
    return done is not None


async def show(tx: Tx, access: RoomAccess, seq: int) -> bool:
    """False for one that was not hidden."""
    done = await tx.conn.fetchval(
        """
        DELETE FROM hidden_messages WHERE account_id = $1 AND room_id = $2 AND seq = $3
        RETURNING seq
        """,
        access.account_id,
        access.room_id,
        seq,
    )
    return done is not None


async def count(tx: Tx, access: RoomAccess) -> int:
    return await tx.conn.fetchval(
        "SELECT count(*) FROM hidden_messages WHERE account_id = $1 AND room_id = $2",
        access.account_id,
        access.room_id,
    )


async def seqs(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, list[int]]:
    """By room, in order; no entry for a room where nothing is hidden."""
    rows = await tx.conn.fetch(
        """
        SELECT h.room_id, array_agg(h.seq ORDER BY h.seq) AS seqs FROM hidden_messages h
        WHERE (h.account_id, h.room_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
        GROUP BY h.room_id
        """,
        [access.account_id for access in accesses],
        [access.room_id for access in accesses],
    )
    return {row["room_id"]: row["seqs"] for row in rows}
