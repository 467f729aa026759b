"""Rows as messages."""

from typing import Any

import msgspec
import structlog

from tertulia.features.messages.schemas import Body, ExpiredBody, Forwarded, Message, Quote

_body: msgspec.json.Decoder[Body] = msgspec.json.Decoder(Body)
_forwarded = msgspec.json.Decoder(Forwarded)
log = structlog.get_logger(__name__)

_HIDDEN = """EXISTS (SELECT FROM hidden_messages h
    WHERE h.account_id = {me} AND h.room_id = {of}.room_id AND h.seq = {of}.seq)"""
# What is quoted of a readable message: its words, or what it brings along without any.
_LINE = """left(CASE
    WHEN {of}.body ->> 'text' <> '' THEN {of}.body ->> 'text'
    WHEN {of}.kind = 'files' THEN '📎 ' || jsonb_array_length({of}.body -> 'files')
    WHEN {of}.kind = 'voice' THEN '🎤 ' || ({of}.body ->> 'duration_ms')::int / 60000 || ':'
        || lpad((({of}.body ->> 'duration_ms')::int / 1000 % 60)::text, 2, '0')
    ELSE '' END, 200)"""
_FIELDS = """m.room_id, m.seq, m.id, m.author_id, m.client_id, m.sent_at, m.edited_at, m.body,
    m.mentions, m.mentions_room, m.here, m.thread, m.in_room, m.forwarded, m.expires_at"""


def line(of: str) -> str:
    """What a quote of the message `of` (SQL) reads, where it may be read."""
    return _LINE.format(of=of)


def select(now: str, me: str = "NULL::uuid") -> str:
    """A message with the one it replies to, as that stands `now` for `me` (SQL expressions): what
    is deleted, expired or hidden has no text."""
    hidden = _HIDDEN.format(me=me, of="q")
    return f"""
    SELECT {_FIELDS}, coalesce(m.expires_at <= {now}, false) AS expired, q.id AS quote_id,
        q.seq AS quote_seq, q.author_id AS quote_author_id,
        CASE WHEN q.kind IN ('text', 'files', 'voice', 'poll')
            AND coalesce(q.expires_at > {now}, true) AND NOT {hidden}
            THEN {line("q")} END AS quote_text
    FROM messages m LEFT JOIN messages q ON q.room_id = m.room_id AND q.id = m.reply_to
    """


def seen(now: str, me: str) -> str:
    """Is `m` there for `me`: its time is not up, and they did not delete it for themselves."""
    return f"coalesce(m.expires_at > {now}, true) AND NOT {_HIDDEN.format(me=me, of='m')}"


def message_of(row: Any) -> Message | None:
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
        reply_to=quote_of(row) if row["quote_id"] is not None else None,
        mentions=row["mentions"],
        mentions_room=row["mentions_room"],
        here=row["here"],
        thread=row["thread"],
        in_room=row["in_room"],
        forwarded=_forwarded.decode(row["forwarded"]) if row["forwarded"] else None,
        expires_at=row["expires_at"],
    )


def quote_of(row: Any) -> Quote:
    return Quote(
        id=row["quote_id"],
        seq=row["quote_seq"],
        author_id=row["quote_author_id"],
        text=row["quote_text"],
    )


def kind(body: Body) -> str:
    """The tag of a body, kept in a column of its own for counting and filtering."""
    return str(type(body).__struct_config__.tag)
