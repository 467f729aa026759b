"""All SQL of reactions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.reactions.schemas import FIRST, Reaction
from tertulia.features.rooms.service import RoomAccess


class Counts(NamedTuple):
    """How many different emoji stand at a message: mine, and all."""

    mine: int
    different: int


class Given(NamedTuple):
    """A reaction from elsewhere."""

    message_id: UUID
    account_id: UUID
    emoji: str
    seq: int
    reacted_at: datetime


class Row(NamedTuple):
    account_id: UUID
    emoji: str
    seq: int
    reacted_at: Any


async def insert(tx: Tx, access: RoomAccess, message_id: UUID, emoji: str, seq: int) -> None:
    await tx.conn.execute(
        """
        INSERT INTO reactions (room_id, message_id, account_id, emoji, seq, reacted_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        access.room_id,
        message_id,
        access.account_id,
        emoji,
        seq,
        tx.now,
    )


async def insert_all(tx: Tx, room_id: UUID, reactions: Sequence[Given]) -> None:
    await tx.conn.execute(
        """
        INSERT INTO reactions (room_id, message_id, account_id, emoji, seq, reacted_at)
        SELECT $1, new.* FROM
            unnest($2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::timestamptz[]) AS new
        """,
        room_id,
        [given.message_id for given in reactions],
        [given.account_id for given in reactions],
        [given.emoji for given in reactions],
        [given.seq for given in reactions],
        [given.reacted_at for given in reactions],
    )


async def remove(tx: Tx, access: RoomAccess, message_id: UUID, emoji: str) -> bool:
    """False where there was none."""
    removed = await tx.conn.fetchval(
        """
        DELETE FROM reactions
        WHERE room_id = $1 AND message_id = $2 AND account_id = $3 AND emoji = $4
        RETURNING true
        """,
        access.room_id,
        message_id,
        access.account_id,
        emoji,
    )
    return bool(removed)


async def forget(tx: Tx, room_id: UUID, message_ids: Sequence[UUID]) -> None:
    await tx.conn.execute(
        "DELETE FROM reactions WHERE room_id = $1 AND message_id = ANY ($2::uuid[])",
        room_id,
        list(message_ids),
    )


async def counts(tx: Tx, access: RoomAccess, message_id: UUID) -> Counts:
    row = await tx.conn.fetchrow(
        """
        SELECT count(*) FILTER (WHERE account_id = $3) AS mine,
            count(DISTINCT emoji) AS different
        FROM reactions WHERE room_id = $1 AND message_id = $2
        """,
        access.room_id,
        message_id,
        access.account_id,
    )
    return Counts(row["mine"], row["different"])


async def standing(tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]) -> dict[UUID, list[Reaction]]:
    """How every emoji stands at these messages of any rooms, in order; none, no entry."""
    rows = await tx.conn.fetch(
        """
        SELECT wanted.message_id, stands.*
        FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS wanted (room_id, message_id, me)
        CROSS JOIN LATERAL (
            SELECT emoji, count(*) AS count, min(seq) AS since,
                (array_agg(account_id ORDER BY seq))[1:$4] AS accounts,
                bool_or(account_id = wanted.me) AS mine
            FROM reactions r
            WHERE r.room_id = wanted.room_id AND r.message_id = wanted.message_id
            GROUP BY emoji ORDER BY min(seq)
        ) AS stands
        """,
        [access.room_id for access, _ in wanted],
        [message_id for _, message_id in wanted],
        [access.account_id for access, _ in wanted],
        FIRST,
    )
    found: dict[UUID, list[Reaction]] = {}
    for row in rows:
        found.setdefault(row["message_id"], []).append(_reaction(row))
    return found


async def stands(tx: Tx, access: RoomAccess, message_id: UUID, emoji: str) -> Reaction | None:
    """As `standing`, of one emoji at one message."""
    row = await tx.conn.fetchrow(
        """
        SELECT $3::text AS emoji, count(*) AS count, min(seq) AS since,
            (array_agg(account_id ORDER BY seq))[1:$5] AS accounts,
            bool_or(account_id = $4) AS mine
        FROM reactions WHERE room_id = $1 AND message_id = $2 AND emoji = $3
        HAVING count(*) > 0
        """,
        access.room_id,
        message_id,
        emoji,
        access.account_id,
        FIRST,
    )
    return _reaction(row) if row else None


async def reactors(
    tx: Tx, access: RoomAccess, message_id: UUID, emoji: str | None, after: int, limit: int
) -> list[Row]:
    """Who reacted (with one emoji, if one is given), in order, after a seq."""
    rows = await tx.conn.fetch(
        """
        SELECT account_id, emoji, seq, reacted_at FROM reactions
        WHERE room_id = $1 AND message_id = $2 AND ($3::text IS NULL OR emoji = $3) AND seq > $4
        ORDER BY seq LIMIT $5
        """,
        access.room_id,
        message_id,
        emoji,
        after,
        limit,
    )
    return [Row(*row.values()) for row in rows]


def _reaction(row: Any) -> Reaction:
    return Reaction(
        emoji=row["emoji"],
        count=row["count"],
        accounts=row["accounts"],
        since=row["since"],
        mine=row["mine"],
    )
