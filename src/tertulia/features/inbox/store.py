"""SQL of what names me."""

from collections.abc import Sequence
from typing import Literal, NamedTuple
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.rooms.service import RoomAccess


class Found(NamedTuple):
    room_id: UUID
    id: UUID


# What $1 did not say, nor anybody they block, what they still see, and did not hear yet on this
# page (before $3; as of $4).
_FOR_ME = """
    m.author_id <> ALL ($1::uuid || ARRAY(SELECT blocked_id FROM blocks WHERE account_id = $1))
        AND m.kind NOT IN ('system', 'deleted')
        AND ($3::uuid IS NULL OR m.id < $3) AND coalesce(m.expires_at > $4, true)
        AND NOT EXISTS (SELECT FROM hidden_messages h
            WHERE h.account_id = $1 AND h.room_id = m.room_id AND h.seq = m.seq)
"""


_NAMING = f"""
    SELECT m.room_id, m.id FROM messages m
    WHERE (m.mentions <> '{{}}' OR m.here <> '{{}}') AND m.COLUMN @> ARRAY[$1::uuid]
        AND m.room_id = ANY($2::uuid[]) AND {_FOR_ME} ORDER BY m.id DESC LIMIT $5
"""
_BY_NAME = _NAMING.replace("COLUMN", "mentions")
_BY_BEING_HERE = _NAMING.replace("COLUMN", "here")


async def naming(
    tx: Tx,
    accesses: Sequence[RoomAccess],
    how: Literal["mentions", "here"],
    before: UUID | None,
    limit: int,
) -> list[Found]:
    """Messages that name one account, or whose `@here` found it, the newest first. Ids are made in
    the order of time."""
    rows = await tx.conn.fetch(
        _BY_NAME if how == "mentions" else _BY_BEING_HERE,
        accesses[0].account_id,
        [access.room_id for access in accesses],
        before,
        tx.now,
        limit,
    )
    return [Found(*row) for row in rows]


async def calling_rooms(
    tx: Tx, accesses: Sequence[RoomAccess], before: UUID | None, limit: int
) -> list[Found]:
    """Messages that call one of these rooms, said since I came, the newest first."""
    rows = await tx.conn.fetch(
        """
        SELECT found.room_id, found.id
        FROM unnest($2::uuid[], $6::bigint[]) AS mine (room_id, joined_seq)
        CROSS JOIN LATERAL (
            SELECT m.room_id, m.id FROM messages m
            WHERE m.room_id = mine.room_id AND m.mentions_room AND m.in_room
                AND m.seq > mine.joined_seq AND
        """
        + _FOR_ME
        + """
            ORDER BY m.seq DESC LIMIT $5
        ) AS found
        ORDER BY found.id DESC LIMIT $5
        """,
        accesses[0].account_id,
        [access.room_id for access in accesses],
        before,
        tx.now,
        limit,
        [access.joined_seq for access in accesses],
    )
    return [Found(*row) for row in rows]
