"""All SQL of messages. Functions that read content take a `RoomAccess`: no access, no content."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import structlog

from tertulia.core.tx import Tx
from tertulia.features.messages.schemas import (
    Body,
    ExpiredBody,
    Forwarded,
    Message,
    Quote,
    Revision,
)
from tertulia.features.rooms.service import RoomAccess

UNREAD_LIMIT = 100  # newest unread seqs a member is told of


class Root(NamedTuple):
    """As much of a message as says whether a thread may hang from it."""

    kind: str
    thread: UUID | None


_body: msgspec.json.Decoder[Body] = msgspec.json.Decoder(Body)
_forwarded = msgspec.json.Decoder(Forwarded)
log = structlog.get_logger(__name__)

_HIDDEN = """EXISTS (SELECT FROM hidden_messages h
    WHERE h.account_id = {me} AND h.room_id = {of}.room_id AND h.seq = {of}.seq)"""
_FIELDS = """m.room_id, m.seq, m.id, m.author_id, m.client_id, m.sent_at, m.edited_at, m.body,
    m.mentions, m.mentions_room, m.here, m.thread, m.in_room, m.forwarded, m.expires_at"""


def _select(now: str, me: str = "NULL::uuid") -> str:
    """A message with the one it replies to, as that stands `now` for `me` (SQL expressions): what
    is deleted, expired or hidden has no text."""
    hidden = _HIDDEN.format(me=me, of="q")
    return f"""
    SELECT {_FIELDS}, coalesce(m.expires_at <= {now}, false) AS expired, q.id AS quote_id,
        q.seq AS quote_seq, q.author_id AS quote_author_id,
        CASE WHEN q.kind IN ('text', 'voice', 'poll') AND coalesce(q.expires_at > {now}, true)
            AND NOT {hidden} THEN left(q.body ->> 'text', 200) END AS quote_text
    FROM messages m LEFT JOIN messages q ON q.room_id = m.room_id AND q.id = m.reply_to
    """


def _seen(now: str, me: str) -> str:
    """Is `m` there for `me`: its time is not up, and they did not delete it for themselves."""
    return f"coalesce(m.expires_at > {now}, true) AND NOT {_HIDDEN.format(me=me, of='m')}"


# Each with the places its statement has for the moment and for who asks.
_SAID = _select("$4")
_LOGGED = _select("$3")
_OF_ROOM, _SEEN_IN_ROOM = _select("$5", "$6"), _seen("$5", "$6")
_LAST, _SEEN_LAST = _select("$3", "room.me"), _seen("$3", "room.me")
_WANTED, _SEEN_WANTED = _select("$4", "wanted.me"), _seen("$4", "wanted.me")
_SEEN_UNREAD = _seen("$5", "mine.account_id")

# What the log and retries see of a message whose row is gone, shaped as by `_select`.
_LEFT = """
    SELECT m.room_id, m.seq, m.id, m.author_id, m.client_id, m.sent_at, NULL::timestamptz,
        '{"kind": "expired"}'::jsonb, '{}'::uuid[], false, '{}'::uuid[], NULL::uuid, true,
        NULL::jsonb, m.expires_at, true, NULL::uuid, NULL::bigint, NULL::uuid, NULL::text
    FROM expired_messages m
"""


def _message(row: Any) -> Message | None:
    """None for a row that cannot be read (a bad disk, a bad hand): it is reported and left out, so
    that one broken message does not take its whole room away."""
    try:
        body = ExpiredBody() if row["expired"] else _body.decode(row["body"])
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
        here=row["here"],
        thread=row["thread"],
        in_room=row["in_room"],
        forwarded=_forwarded.decode(row["forwarded"]) if row["forwarded"] else None,
        expires_at=row["expires_at"],
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


def kind(body: Body) -> str:
    """The tag of a body, kept in a column of its own for counting and filtering."""
    return str(type(body).__struct_config__.tag)


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
    keyed = [((row["room_id"], row["author_id"], row["client_id"]), _message(row)) for row in rows]
    return {key: message for key, message in keyed if message}


async def find_quotes(
    tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]
) -> dict[tuple[UUID, UUID], Quote]:
    """The messages replied to, by (room, message id); missing where there is none."""
    rows = await tx.conn.fetch(
        """
        SELECT room_id, id AS quote_id, seq AS quote_seq, author_id AS quote_author_id,
            CASE WHEN kind IN ('text', 'voice', 'poll') THEN left(body ->> 'text', 200)
                END AS quote_text
        FROM messages
        WHERE (room_id, id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
            AND kind <> 'system' AND coalesce(expires_at > $3, true)
        """,
        [access.room_id for access, _ in wanted],
        [message_id for _, message_id in wanted],
        tx.now,
    )
    return {(row["room_id"], row["quote_id"]): _quote(row) for row in rows}


async def find_roots(
    tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]
) -> dict[tuple[UUID, UUID], Root]:
    """The messages that threads are to answer, by (room, message id); missing where there is
    none."""
    rows = await tx.conn.fetch(
        """
        SELECT room_id, id, kind, thread FROM messages
        WHERE (room_id, id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
        """,
        [access.room_id for access, _ in wanted],
        [message_id for _, message_id in wanted],
    )
    return {(row["room_id"], row["id"]): Root(row["kind"], row["thread"]) for row in rows}


async def find_message(tx: Tx, access: RoomAccess, message_id: UUID) -> Message | None:
    """None for one that is not there for them: expired, or deleted for themselves."""
    return (await find_messages(tx, [(access, message_id)])).get((access.room_id, message_id))


async def find_messages(
    tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]
) -> dict[tuple[UUID, UUID], Message]:
    """Messages of one member in any rooms of theirs, by (room, id); none for what is not there for
    them."""
    rows = await tx.conn.fetch(
        f"""
        SELECT found.* FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS wanted (room_id, id, me)
        CROSS JOIN LATERAL (
            {_WANTED} WHERE m.room_id = wanted.room_id AND m.id = wanted.id
                AND {_SEEN_WANTED} OFFSET 0
        ) AS found
        """,
        [access.room_id for access, _ in wanted],
        [message_id for _, message_id in wanted],
        [access.account_id for access, _ in wanted],
        tx.now,
    )
    found = [message for row in rows if (message := _message(row))]
    return {(message.room_id, message.id): message for message in found}


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
    return [message for row in rows if (message := _message(row))]


# Pages of the room's talk, or of one thread of it ($4), each with an index of its own.
_PAGE = f"{_OF_ROOM} WHERE m.room_id = $1 AND {_SEEN_IN_ROOM} AND "
_BEFORE = "($2::bigint IS NULL OR m.seq < $2) ORDER BY m.seq DESC LIMIT $3"
_AFTER = "m.seq > $2 ORDER BY m.seq LIMIT $3"
_TALK, _REPLIES = "m.in_room AND $4::uuid IS NULL AND ", "m.thread = $4 AND "
_TALK_BEFORE, _REPLIES_BEFORE = _PAGE + _TALK + _BEFORE, _PAGE + _REPLIES + _BEFORE
_TALK_AFTER, _REPLIES_AFTER = _PAGE + _TALK + _AFTER, _PAGE + _REPLIES + _AFTER


async def before(
    tx: Tx, access: RoomAccess, thread: UUID | None, seq: int | None, limit: int
) -> list[Message | None]:
    """The `limit` messages before `seq` (the newest for None), in order, of the room's talk or of
    one thread. An unreadable one is None: left out, it would make the page look like the last."""
    rows = await tx.conn.fetch(
        _TALK_BEFORE if thread is None else _REPLIES_BEFORE,
        access.room_id,
        seq,
        limit,
        thread,
        tx.now,
        access.account_id,
    )
    return [_message(row) for row in reversed(rows)]


async def after(
    tx: Tx, access: RoomAccess, thread: UUID | None, seq: int, limit: int
) -> list[Message | None]:
    """The `limit` messages after `seq`, in order, as in `before`."""
    rows = await tx.conn.fetch(
        _TALK_AFTER if thread is None else _REPLIES_AFTER,
        access.room_id,
        seq,
        limit,
        thread,
        tx.now,
        access.account_id,
    )
    return [_message(row) for row in rows]


async def last_messages(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, Message]:
    """The newest message of each room that has one."""
    rows = await tx.conn.fetch(
        f"""
        SELECT last.* FROM unnest($1::uuid[], $2::uuid[]) AS room (id, me)
        CROSS JOIN LATERAL (
            {_LAST} WHERE m.room_id = room.id AND m.in_room
                AND {_SEEN_LAST} ORDER BY m.seq DESC LIMIT 1
        ) AS last
        """,
        [access.room_id for access in accesses],
        [access.account_id for access in accesses],
        tx.now,
    )
    return {row["room_id"]: message for row in rows if (message := _message(row))}


async def unread(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, tuple[list[int], list[int]]]:
    """For each room its newest unread seqs, and those of them that mention the member."""
    rows = await tx.conn.fetch(
        f"""
        SELECT mine.room_id, array_agg(m.seq ORDER BY m.seq) AS unread,
            array_agg(m.seq ORDER BY m.seq)
                FILTER (WHERE m.mentions_room OR mine.account_id = ANY (m.mentions)
                    OR mine.account_id = ANY (m.here)) AS mentions
        FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS mine (room_id, account_id, read_seq)
        CROSS JOIN LATERAL (
            SELECT m.seq, m.mentions, m.mentions_room, m.here FROM messages m
            WHERE m.room_id = mine.room_id AND m.seq > mine.read_seq
                AND m.author_id <> ALL (mine.account_id || ARRAY(SELECT blocked_id FROM blocks
                    WHERE account_id = mine.account_id)) AND m.kind NOT IN ('system', 'deleted')
                AND m.in_room AND {_SEEN_UNREAD} ORDER BY m.seq DESC LIMIT $4
        ) AS m GROUP BY mine.room_id
        """,
        [access.room_id for access in accesses],
        [access.account_id for access in accesses],
        [access.read_seq for access in accesses],
        UNREAD_LIMIT,
        tx.now,
    )
    return {row["room_id"]: (row["unread"], row["mentions"] or []) for row in rows}


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
