"""What is read without a `RoomAccess`: by who said it, and by the log."""

from collections.abc import Sequence
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.messages.schemas import Message
from tertulia.features.messages.store.rows import message_of, select

_SAID = select("$4")  # the place of the moment in each statement
_LOGGED = select("$3")

# What the log and retries see of a message whose row is gone, shaped as by `_select`.
_LEFT = """
    SELECT m.room_id, m.seq, m.id, m.author_id, m.client_id, m.sent_at, NULL::timestamptz,
        '{"kind": "expired"}'::jsonb, '{}'::uuid[], false, '{}'::uuid[], NULL::uuid, true,
        NULL::jsonb, m.expires_at, true, NULL::uuid, NULL::bigint, NULL::uuid, NULL::text
    FROM expired_messages m
"""


async def find_said(
    tx: Tx, wanted: Sequence[tuple[UUID, UUID, UUID]]
) -> dict[tuple[UUID, UUID, UUID], Message]:
    """Messages already said, by (room, author, client_id): the author's own, so no access asked."""
    rows = await tx.conn.fetch(
        f"""
        {_SAID} WHERE (m.room_id, m.author_id, m.client_id) IN (
            SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]))
        UNION ALL {_LEFT} WHERE (m.room_id, m.author_id, m.client_id) IN (
            SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]))
        """,
        [room_id for room_id, _, _ in wanted],
        [author_id for _, author_id, _ in wanted],
        [client_id for _, _, client_id in wanted],
        tx.now,
    )
    keyed = [
        ((row["room_id"], row["author_id"], row["client_id"]), message_of(row)) for row in rows
    ]
    return {key: message for key, message in keyed if message}


async def messages_by_id(tx: Tx, wanted: Sequence[tuple[UUID, UUID]]) -> list[Message]:
    """By room and id. For the event log only, which hands out a stream's events to those who may
    hear it."""
    rows = await tx.conn.fetch(
        f"""
        SELECT found.* FROM unnest($1::uuid[], $2::uuid[]) AS wanted (room_id, id)
        CROSS JOIN LATERAL (  -- a look-up each, whatever the planner believes of the table
            {_LOGGED} WHERE m.room_id = wanted.room_id AND m.id = wanted.id
            UNION ALL {_LEFT} WHERE m.room_id = wanted.room_id AND m.id = wanted.id OFFSET 0
        ) AS found
        """,
        [room_id for room_id, _ in wanted],
        [id_ for _, id_ in wanted],
        tx.now,
    )
    return [message for row in rows if (message := message_of(row))]
