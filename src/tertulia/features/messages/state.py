"""What a text says: whom it mentions. Pure; the client's composer uses the same rule."""

import re
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec

from tertulia.features.messages.schemas import Body, DeletedBody, Message, SystemBody

# A name after @, not inside a word or an address, and whole: no part of a longer word. The trailing
# dot of a sentence is not the name's.
_MENTION = re.compile(r"(?<![\w@.])@([A-Za-z0-9](?:[A-Za-z0-9._-]{0,30}[A-Za-z0-9])?)(?![^\W_])")
# Code is quoted, not addressed: fenced blocks and `spans` mention nobody.
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
ROOM_WORDS = frozenset({"room", "all", "everyone", "channel"})
MENTION_LIMIT = 50  # names of one message that are looked at


class Mentioned(NamedTuple):
    names: frozenset[str]
    room: bool


NOBODY = Mentioned(frozenset(), room=False)


def mentioned(text: str) -> Mentioned:
    """The names (case folded) a text addresses, and whether it addresses the room."""
    if "@" not in text:
        return NOBODY
    found = [match.casefold() for match in _MENTION.findall(_CODE.sub(" ", text))[:MENTION_LIMIT]]
    return Mentioned(frozenset(found) - ROOM_WORDS, not ROOM_WORDS.isdisjoint(found))


def tombstone(message: Message, by: UUID) -> Message:
    """What remains of a message deleted for everyone."""
    return msgspec.structs.replace(
        message,
        body=DeletedBody(by=by),
        edited_at=None,
        reply_to=None,
        mentions=[],
        mentions_room=False,
        here=[],
        forwarded=None,
    )


def expiry(now: datetime, ttl: int | None) -> datetime | None:
    """When a message said now is gone, in a room where messages live `ttl` seconds."""
    return None if ttl is None else now + timedelta(seconds=ttl)


def people_in(message: Message) -> set[UUID]:
    """Every account a message names."""
    named = {message.author_id, *message.mentions}
    if message.reply_to:
        named.add(message.reply_to.author_id)
    if message.forwarded:
        named |= {hop.author_id for hop in message.forwarded.hops}
    return named | _people_in_body(message.body)


def _people_in_body(body: Body) -> set[UUID]:
    if isinstance(body, DeletedBody):
        return {body.by}
    if isinstance(body, SystemBody) and body.account_id:
        return {body.account_id}
    return set()
