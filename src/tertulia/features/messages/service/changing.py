"""What becomes of what was said, and what is written without being said."""

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from tertulia.core.actor import Actor
from tertulia.core.errors import AppError, Conflict, Forbidden, Invalid
from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.files import service as files
from tertulia.features.mentions import service as mentions
from tertulia.features.messages import state
from tertulia.features.messages.events import MessageDeleted, MessageEdited, MessageSent
from tertulia.features.messages.schemas import (
    DeletedBody,
    EditMessage,
    ExpiredBody,
    FilesBody,
    Message,
    SystemBody,
    TextBody,
)
from tertulia.features.messages.service.reading import get_message
from tertulia.features.messages.store import writing
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import AuditEntry, Can


class MessageDeletedAlready(Conflict):
    title = "The message was deleted"


def require_speakable(text: str, *, alone: bool = True) -> None:
    """Raises Invalid for a text that PostgreSQL cannot hold (NUL), or, where it stands `alone`,
    that shows nothing."""
    if "\0" in text:
        raise Invalid("The text holds a NUL character.")
    if alone and not text.strip():
        raise Invalid("The message is empty.")


async def edit(
    tx: Tx, actor: Actor, room_id: UUID, message_id: UUID, change: EditMessage
) -> Message:
    """Change the text of my message; what it said before stays readable."""
    access = await rooms.require(tx, actor, room_id, Can.EDIT)
    message = await get_message(tx, access, message_id)
    if message.author_id != actor.account_id:
        raise Forbidden("Only its author may edit a message.")
    if isinstance(message.body, SystemBody):
        raise Forbidden("Notes about the room stay.")
    if isinstance(message.body, DeletedBody | ExpiredBody):
        raise MessageDeletedAlready
    if not isinstance(message.body, TextBody | FilesBody):
        raise Forbidden("Only words can be edited.")
    if message.forwarded is not None:
        raise Forbidden("These are the words of another: a forwarded message stays as it was.")
    require_speakable(change.text, alone=isinstance(message.body, TextBody))
    if message.body.text == change.text:
        return message
    await writing.keep_revision(tx, message, message.body.text, tx.now)
    resolved = await mentions.resolve(tx, {message_id: (access, change.text)})
    called = resolved.get(message_id, mentions.NOBODY)
    if isinstance(called, AppError):
        raise called
    edited = replace(
        message,
        body=_reworded(message.body, change.text),
        edited_at=tx.now,
        mentions=called.people,
        mentions_room=called.room,
        here=message.here if called.addresses_here else [],
    )
    await writing.replace(tx, edited)
    tx.emit(room_stream(room_id), MessageEdited(message=edited), actor)
    return edited


def _reworded(body: TextBody | FilesBody, text: str) -> TextBody | FilesBody:
    return TextBody(text=text) if isinstance(body, TextBody) else replace(body, text=text)


async def delete(
    tx: Tx, actor: Actor, room_id: UUID, message_id: UUID, reason: str = ""
) -> Message:
    """Delete a message for everyone: mine, or anybody's for those who keep order, who may say why.
    Its place stays, its content and earlier texts are gone. Again, it changes nothing."""
    access = await rooms.require(tx, actor, room_id, Can.DELETE)
    message = await get_message(tx, access, message_id)
    if isinstance(message.body, DeletedBody):
        return message
    if isinstance(message.body, SystemBody):
        raise Forbidden("Notes about the room stay.")
    if message.author_id != actor.account_id:
        await rooms.require(tx, actor, room_id, Can.DELETE_ANY)
        entry = AuditEntry(
            action="message.removed",
            account_id=message.author_id,
            message_id=message_id,
            reason=reason,
        )
        await rooms.record(tx, actor, room_id, entry)
    deleted = state.tombstone(message, actor.account_id)
    await writing.forget_revisions(tx, message)
    await writing.replace(tx, deleted)
    if state.file_ids(message.body):
        await files.forget(tx, room_id, [message_id])
    tx.emit(room_stream(room_id), MessageDeleted(message=deleted), actor)
    return deleted


async def note(tx: Tx, actor_id: UUID, room_id: UUID, body: SystemBody) -> None:
    """Write a quiet note about the room into it. The room's stream is locked already."""
    stream = room_stream(room_id)
    await tx.lock(stream)
    message = Message(
        id=tx.ids.uuid7(),
        room_id=room_id,
        seq=tx.next_seq(stream),
        client_id=tx.ids.uuid7(),
        author_id=actor_id,
        sent_at=tx.now,
        edited_at=None,
        body=body,
        reply_to=None,
        mentions=[],
        mentions_room=False,
    )
    await writing.insert(tx, [message])
    authors = await accounts.get_accounts(tx, [actor_id])
    tx.emit(stream, MessageSent(message=message, author=authors[actor_id]), actor_id)


async def bring_in(tx: Tx, messages: Sequence[Message]) -> None:
    """Write messages as they were said elsewhere, at the end of one room's log. The room is locked,
    their seqs follow its head, and nobody has read them before."""
    await writing.insert(tx, messages)
    authors = await accounts.get_accounts(tx, {message.author_id for message in messages})
    for message in messages:
        sent = MessageSent(message=message, author=authors[message.author_id])
        tx.emit(room_stream(message.room_id), sent, message.author_id)
