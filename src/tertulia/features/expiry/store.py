"""SQL of what is left when a message's time is up."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tertulia.core.tx import Tx


class Gone(NamedTuple):
    ids: list[UUID]
    seqs: list[int]
    threads: list[UUID]


async def rooms_due(tx: Tx, now: datetime, limit: int) -> list[UUID]:
    """Rooms with messages whose time is up, those that wait longest first."""
    rows = await tx.conn.fetch(
        """
        SELECT room_id, min(expires_at) AS since FROM (
            SELECT room_id, expires_at FROM messages WHERE expires_at <= $1
            ORDER BY expires_at LIMIT 10000
        ) AS due
        GROUP BY room_id ORDER BY since LIMIT $2
        """,
        now,
        limit,
    )
    return [row["room_id"] for row in rows]


async def take(tx: Tx, room_id: UUID, now: datetime, limit: int) -> Gone:
    """Remove messages of a locked room with all they ever said, the first that expired first."""
    rows = await tx.conn.fetch(
        """
        WITH due AS (
            SELECT seq FROM messages WHERE room_id = $1 AND expires_at <= $2
            ORDER BY seq LIMIT $3
        ), gone AS (
            DELETE FROM messages m USING due WHERE m.room_id = $1 AND m.seq = due.seq
            RETURNING m.seq, m.id, m.author_id, m.client_id, m.sent_at, m.expires_at, m.thread
        ), kept AS (
            INSERT INTO expired_messages (room_id, seq, id, author_id, client_id, sent_at,
                expires_at)
            SELECT $1, seq, id, author_id, client_id, sent_at, expires_at FROM gone
        ), forgotten AS (
            DELETE FROM message_revisions r USING gone
            WHERE r.room_id = $1 AND r.message_id = gone.id
        )
        SELECT seq, id, thread FROM gone ORDER BY seq
        """,
        room_id,
        now,
        limit,
    )
    threads = {row["thread"] for row in rows if row["thread"]}
    return Gone([row["id"] for row in rows], [row["seq"] for row in rows], sorted(threads))
