"""All SQL of messages. Functions that read content take a `RoomAccess`: no access, no content."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import structlog

from tertulia.core.tx import Tx
from tertulia.features.messages.schemas import (
    Body,
    Message,
    Quote,
    Revision,
)
from tertulia.features.rooms.service import RoomAccess

QUOTE_LENGTH = 200  # characters
UNREAD_LIMIT = 100  # newest unread seqs a member is told of

_body: msgspec.json.Decoder[Body] = msgspec.json.Decoder(Body)
log = structlog.get_logger(__name__)

# A message with the one it replies to, as that stands now.
_SELECT = """
    SELECT m.room_id, m.seq, m.id, m.author_id, m.client_id, m.sent_at, m.edited_at, m.body,
        m.mentions, m.mentions_room, q.id AS quote_id, q.seq AS quote_seq,
        q.author_id AS quote_author_id,
        CASE WHEN q.kind = 'text' THEN left(q.body ->> 'text', 200) END AS quote_text
    FROM messages m LEFT JOIN messages q ON q.room_id = m.room_id AND q.id = m.reply_to
"""


def _message(row: Any) -> Message | None:
    """None for a row that cannot be read (a bad disk, a bad hand): it is reported and left out, so
    that one broken message does not take its whole room away."""
    try:
        body = _body.decode(row["body"])
    except msgspec.DecodeError:
        log.exception("message_unreadable", room_id=str(row["room_id"]), seq=row["seq"])
        return None
    return Message(
        id=row["id"],
        room_id=row["room_id"],
        seq=row["seq"],
        client_id=row["client_id"],
        author_id=row["author_id"],
        sent_at=row["sent_at"],
        edited_at=row["edited_at"],
        body=body,
        reply_to=_quote(row) if row["quote_id"] is not None else None,
        mentions=row["mentions"],
        mentions_room=row["mentions_room"],
    )


def _quote(row: Any) -> Quote:
    return Quote(
        id=row["quote_id"],
        seq=row["quote_seq"],
        author_id=row["quote_author_id"],
        text=row["quote_text"],
    )


async def insert(tx: Tx, messages: Sequence[Message]) -> None:
    """Write new messages, in one statement. Their seqs were taken under the room's lock."""
    await tx.conn.execute(
        """
        INSERT INTO messages (room_id, seq, id, author_id, client_id, sent_at, kind, body,
            reply_to, mentions, mentions_room)
        SELECT room_id, seq, id, author_id, client_id, sent_at, kind, body, reply_to,
            -- unnest flattens arrays of arrays, so each message's mentions travel as one text
            mentions::uuid[], mentions_room
        FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::uuid[],
            $6::timestamptz[], $7::text[], $8::jsonb[], $9::uuid[], $10::text[], $11::boolean[])
            AS new (room_id, seq, id, author_id, client_id, sent_at, kind, body, reply_to,
                mentions, mentions_room)
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
        ["{" + ",".join(map(str, message.mentions)) + "}" for message in messages],
        [message.mentions_room for message in messages],
    )


def kind(body: Body) -> str:
    """The tag of a body, kept in a column of its own for counting and filtering."""
    return str(type(body).__struct_config__.tag)


async def find_said(
    tx: Tx, wanted: Sequence[tuple[UUID, UUID, UUID]]
) -> dict[tuple[UUID, UUID, UUID], Message]:
    """Messages already said, by (room, author, client_id): the author's own, so no access asked."""
    rows = await tx.conn.fetch(
        _SELECT
        + """
        WHERE (m.room_id, m.author_id, m.client_id) IN (
            SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]))
        """,
        [room_id for room_id, _, _ in wanted],
        [author_id for _, author_id, _ in wanted],
        [client_id for _, _, client_id in wanted],
    )
    keyed = [((row["room_id"], row["author_id"], row["client_id"]), _message(row)) for row in rows]
    return {key: message for key, message in keyed if message}


async def find_quotes(
    tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]
) -> dict[tuple[UUID, UUID], Quote]:
    """The messages replied to, by (room, message id); missing where there is none."""
    rows = await tx.conn.fetch(
        """
        SELECT room_id, id AS quote_id, seq AS quote_seq, author_id AS quote_author_id,
            CASE WHEN kind = 'text' THEN left(body ->> 'text', 200) END AS quote_text
        FROM messages
        WHERE (room_id, id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
            AND kind <> 'system'
        """,
        [access.room_id for access, _ in wanted],
        [message_id for _, message_id in wanted],
    )
    return {(row["room_id"], row["quote_id"]): _quote(row) for row in rows}


async def find_message(tx: Tx, access: RoomAccess, message_id: UUID) -> Message | None:
    row = await tx.conn.fetchrow(
        _SELECT + "WHERE m.room_id = $1 AND m.id = $2", access.room_id, message_id
    )
    return _message(row) if row else None


async def messages_by_id(tx: Tx, wanted: Sequence[tuple[UUID, UUID]]) -> list[Message]:
    """By room and id. For the event log only, which hands out a stream's events to those who may
    hear it."""
    rows = await tx.conn.fetch(
        f"""
        SELECT found.* FROM unnest($1::uuid[], $2::uuid[]) AS wanted (room_id, id)
        CROSS JOIN LATERAL (  -- a look-up each, whatever the planner believes of the table
            {_SELECT} WHERE m.room_id = wanted.room_id AND m.id = wanted.id OFFSET 0
        ) AS found
        """,
        [room_id for room_id, _ in wanted],
        [id_ for _, id_ in wanted],
    )
    return [message for row in rows if (message := _message(row))]


async def before(tx: Tx, access: RoomAccess, seq: int | None, limit: int) -> list[Message | None]:
    """The `limit` messages before `seq` (the newest for None), in order. An unreadable one is None:
    left out, it would make the page look like the last one."""
    rows = await tx.conn.fetch(
        _SELECT
        + """
        WHERE m.room_id = $1 AND ($2::bigint IS NULL OR m.seq < $2) ORDER BY m.seq DESC LIMIT $3
        """,
        access.room_id,
        seq,
        limit,
    )
    return [_message(row) for row in reversed(rows)]


async def after(tx: Tx, access: RoomAccess, seq: int, limit: int) -> list[Message | None]:
    """The `limit` messages after `seq`, in order, as in `before`."""
    rows = await tx.conn.fetch(
        _SELECT + "WHERE m.room_id = $1 AND m.seq > $2 ORDER BY m.seq LIMIT $3",
        access.room_id,
        seq,
        limit,
    )
    return [_message(row) for row in rows]


async def last_messages(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, Message]:
    """The newest message of each room that has one."""
    rows = await tx.conn.fetch(
        f"""
        SELECT last.* FROM unnest($1::uuid[]) AS room (id)
        CROSS JOIN LATERAL (
            {_SELECT} WHERE m.room_id = room.id ORDER BY m.seq DESC LIMIT 1
        ) AS last
        """,
        [access.room_id for access in accesses],
    )
    return {row["room_id"]: message for row in rows if (message := _message(row))}


async def unread(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, tuple[list[int], list[int]]]:
    """For each room its newest unread seqs, and those of them that mention the member."""
    rows = await tx.conn.fetch(
        """
        SELECT mine.room_id, array_agg(m.seq ORDER BY m.seq) AS unread,
            array_agg(m.seq ORDER BY m.seq)
                FILTER (WHERE m.mentions_room OR mine.account_id = ANY (m.mentions)) AS mentions
        FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS mine (room_id, account_id, read_seq)
        CROSS JOIN LATERAL (
            SELECT seq, mentions, mentions_room FROM messages
            WHERE room_id = mine.room_id AND seq > mine.read_seq AND author_id <> mine.account_id
                AND kind NOT IN ('system', 'deleted')
            ORDER BY seq DESC LIMIT $4
        ) AS m
        GROUP BY mine.room_id
        """,
        [access.room_id for access in accesses],
        [access.account_id for access in accesses],
        [access.read_seq for access in accesses],
        UNREAD_LIMIT,
    )
    return {row["room_id"]: (row["unread"], row["mentions"] or []) for row in rows}


async def replace(tx: Tx, message: Message) -> None:
    """Write the new text or tombstone of a message."""
    await tx.conn.execute(
        """
        UPDATE messages SET kind = $3, body = $4, edited_at = $5, mentions = $6, mentions_room = $7,
            reply_to = $8
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


async def revisions(tx: Tx, access: RoomAccess, message_id: UUID) -> list[Revision]:
    rows = await tx.conn.fetch(
        """
        SELECT text, replaced_at FROM message_revisions
        WHERE room_id = $1 AND message_id = $2 ORDER BY number
        """,
        access.room_id,
        message_id,
    )
    return [Revision(text=row["text"], replaced_at=row["replaced_at"]) for row in rows]


async def forget_revisions(tx: Tx, message: Message) -> None:
    await tx.conn.execute(
        "DELETE FROM message_revisions WHERE room_id = $1 AND message_id = $2",
        message.room_id,
        message.id,
    )
