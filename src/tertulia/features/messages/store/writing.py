"""What is said, changed and taken back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from tertulia.core.tx import Tx
from tertulia.features.messages.schemas import Message
from tertulia.features.messages.store.rows import kind


async def insert(tx: Tx, messages: Sequence[Message]) -> None:
    """Write new messages, in one statement. Their seqs were taken under the room's lock."""
    await tx.conn.execute(
        """
        INSERT INTO messages (room_id, seq, id, author_id, client_id, sent_at, kind, body,
            reply_to, mentions, mentions_room, here, thread, in_room, forwarded, expires_at,
            edited_at)
        SELECT room_id, seq, id, author_id, client_id, sent_at, kind, body, reply_to,
            -- unnest flattens arrays of arrays, so each message's mentions travel as one text
            mentions::uuid[], mentions_room, here::uuid[], thread, in_room, forwarded,
            expires_at, edited_at
        FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::uuid[],
            $6::timestamptz[], $7::text[], $8::jsonb[], $9::uuid[], $10::text[], $11::boolean[],
            $12::text[], $13::uuid[], $14::boolean[], $15::jsonb[], $16::timestamptz[],
            $17::timestamptz[])
            AS new (room_id, seq, id, author_id, client_id, sent_at, kind, body, reply_to,
                mentions, mentions_room, here, thread, in_room, forwarded, expires_at, edited_at)
        """,
        [message.room_id for message in messages],
        [message.seq for message in messages],
        [message.id for message in messages],
        [message.author_id for message in messages],
        [message.client_id for message in messages],
        [message.sent_at for message in messages],
        [kind(message.body) for message in messages],
        [msgspec.json.encode(message.body) for message in messages],
        [message.reply_to.id if message.reply_to else None for message in messages],
        [_ids(message.mentions) for message in messages],
        [message.mentions_room for message in messages],
        [_ids(message.here) for message in messages],
        [message.thread for message in messages],
        [message.in_room for message in messages],
        [m.forwarded and msgspec.json.encode(m.forwarded) for m in messages],
        [message.expires_at for message in messages],
        [message.edited_at for message in messages],
    )


def _ids(accounts: Sequence[UUID]) -> str:
    """An array of ids as PostgreSQL writes it."""
    return "{" + ",".join(map(str, accounts)) + "}" if accounts else "{}"


async def replace(tx: Tx, message: Message) -> None:
    """Write the new text or tombstone of a message."""
    await tx.conn.execute(
        """
        UPDATE messages SET kind = $3, body = $4, edited_at = $5, mentions = $6, mentions_room = $7,
            reply_to = $8, here = $9, forwarded = CASE WHEN $3 <> 'deleted' THEN forwarded END
        WHERE room_id = $1 AND id = $2
        """,
        message.room_id,
        message.id,
        kind(message.body),
        msgspec.json.encode(message.body),
        message.edited_at,
        message.mentions,
        message.mentions_room,
        message.reply_to.id if message.reply_to else None,
        message.here,
    )


async def keep_revision(tx: Tx, message: Message, text: str, replaced_at: datetime) -> None:
    await tx.conn.execute(
        """
        INSERT INTO message_revisions (room_id, message_id, number, text, replaced_at)
        SELECT $1, $2, count(*) + 1, $3, $4 FROM message_revisions
        WHERE room_id = $1 AND message_id = $2
        """,
        message.room_id,
        message.id,
        text,
        replaced_at,
    )


async def forget_revisions(tx: Tx, message: Message) -> None:
    await tx.conn.execute(
        "DELETE FROM message_revisions WHERE room_id = $1 AND message_id = $2",
        message.room_id,
        message.id,
    )
