"""What becomes of a message: pure."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from tertulia.features.messages.schemas import (
    Body,
    DeletedBody,
    FilesBody,
    Message,
    SystemBody,
    VoiceBody,
)


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


def file_ids(body: Body) -> list[UUID]:
    """The files that a message brings along, in their order."""
    if isinstance(body, FilesBody):
        return [file.id for file in body.files]
    if isinstance(body, VoiceBody) and body.file_id:
        return [body.file_id]
    return []


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
