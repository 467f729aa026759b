"""The verbs of messages: send, edit, delete, read back."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from tertulia.core.actor import Actor
from tertulia.core.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.accounts.schemas import Account
from tertulia.features.mentions import service as mentions
from tertulia.features.mentions.service import Called, Present
from tertulia.features.messages import state
from tertulia.features.messages.events import MessageDeleted, MessageEdited, MessageSent
from tertulia.features.messages.schemas import (
    Body,
    DeletedBody,
    EditMessage,
    ExpiredBody,
    Forwarded,
    Message,
    Quote,
    Revision,
    SendMessage,
    SystemBody,
    TextBody,
)
from tertulia.features.messages.store import logged, reading, writing
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import AuditEntry, Can, RoomAccess


class MessageDeletedAlready(Conflict):
    title = "The message was deleted"


class Copied(NamedTuple):
    """What a forwarded message brings along: the words as they stood, and where from."""

    body: Body
    forwarded: Forwarded


class Outgoing(NamedTuple):
    """Something to be said, by whom and where."""

    actor: Actor
    room_id: UUID
    draft: SendMessage
    copied: Copied | None = None
    body: Body | None = None  # where it is more than the draft's text, which names it then

    @property
    def key(self) -> tuple[UUID, UUID, UUID]:
        return (self.room_id, self.actor.account_id, self.draft.client_id)


class Sent(NamedTuple):
    message: Message
    is_new: bool


async def send(tx: Tx, actor: Actor, room_id: UUID, draft: SendMessage) -> Sent:
    """Say something in a room. Saying it twice with one client_id says it once."""
    (outcome,) = await send_all(tx, [Outgoing(actor, room_id, draft)])
    if isinstance(outcome, AppError):
        raise outcome
    return outcome


async def send_all(
    tx: Tx, outgoing: Sequence[Outgoing], present: Present = mentions.nobody
) -> list[Sent | AppError]:
    """Say many things by many people in many rooms, in a handful of statements.

    Every item gets its own outcome: one refusal refuses nobody else. The rooms are locked before
    anything is checked, so whoever was removed a moment ago is refused, and a retry that races
    its first attempt finds it.
    """
    await tx.lock(*{room_stream(item.room_id) for item in outgoing})
    ground = await _survey(tx, outgoing, present)
    outcomes = [_say(tx, item, ground) for item in outgoing]
    fresh = [sent.message for sent in outcomes if isinstance(sent, Sent) and sent.is_new]
    if fresh:
        await writing.insert(tx, fresh)
    if ground.spoke:
        await rooms.mark_spoke(tx, ground.spoke)
    return outcomes


class _Ground(NamedTuple):
    """All that a group of sends needs to know before it can be judged."""

    accesses: dict[tuple[UUID, UUID], RoomAccess]  # by (account, room)
    said: dict[tuple[UUID, UUID, UUID], Message]
    quotes: dict[tuple[UUID, UUID], Quote]
    roots: dict[tuple[UUID, UUID], reading.Root]
    called: dict[tuple[UUID, UUID, UUID], Called | AppError]
    authors: dict[UUID, Account]
    spoke: set[tuple[UUID, UUID]]  # (account, room) whose slow mode begins again


async def _survey(tx: Tx, outgoing: Sequence[Outgoing], present: Present) -> _Ground:
    wanted = list({(item.actor.account_id, item.room_id) for item in outgoing})
    found = await rooms.find_accesses(tx, wanted)
    accesses = {key: access for key, access in zip(wanted, found, strict=True) if access}
    allowed = [item for item in outgoing if (item.actor.account_id, item.room_id) in accesses]
    return _Ground(
        accesses=accesses,
        said=await logged.find_said(tx, [item.key for item in allowed]),
        quotes=await _survey_quotes(tx, allowed, accesses),
        roots=await _survey_roots(tx, allowed, accesses),
        called=await mentions.resolve(tx, _texts(allowed, accesses), present),
        authors=await accounts.get_accounts(tx, list({item.actor.account_id for item in allowed})),
        spoke=set(),
    )


async def _survey_quotes(
    tx: Tx, outgoing: Sequence[Outgoing], accesses: dict[tuple[UUID, UUID], RoomAccess]
) -> dict[tuple[UUID, UUID], Quote]:
    wanted = [
        (accesses[item.actor.account_id, item.room_id], item.draft.reply_to)
        for item in outgoing
        if item.draft.reply_to is not None
    ]
    return await reading.find_quotes(tx, wanted) if wanted else {}


async def _survey_roots(
    tx: Tx, outgoing: Sequence[Outgoing], accesses: dict[tuple[UUID, UUID], RoomAccess]
) -> dict[tuple[UUID, UUID], reading.Root]:
    wanted = [
        (accesses[item.actor.account_id, item.room_id], item.draft.thread)
        for item in outgoing
        if item.draft.thread is not None
    ]
    return await reading.find_roots(tx, wanted) if wanted else {}


def _texts(
    outgoing: Sequence[Outgoing], accesses: dict[tuple[UUID, UUID], RoomAccess]
) -> dict[tuple[UUID, UUID, UUID], tuple[RoomAccess, str]]:
    """What may call somebody: what is copied called those it was said to."""
    return {
        item.key: (accesses[item.actor.account_id, item.room_id], item.draft.text)
        for item in outgoing
        if not item.copied
    }


def _say(tx: Tx, item: Outgoing, ground: _Ground) -> Sent | AppError:
    access = ground.accesses.get((item.actor.account_id, item.room_id))
    if access is None:
        return NotFound()
    earlier = ground.said.get(item.key)
    if earlier is not None:  # also in a room that was archived since: it was said
        return Sent(earlier, is_new=False)
    inside = item.draft.thread is not None and not item.draft.also_in_room
    refusal = rooms.refusal(access, Can.REPLY if inside else Can.POST)
    if refusal is not None:
        return refusal
    mine = (item.actor.account_id, item.room_id)
    try:
        rooms.require_patience(tx, access, just_now=mine in ground.spoke)
        message = _compose(tx, item, access, ground)
    except AppError as error:
        return error
    if rooms.is_slow(access):
        ground.spoke.add(mine)
    ground.said[item.key] = message  # the same again may follow in this very group
    author = ground.authors[item.actor.account_id]
    tx.emit(room_stream(item.room_id), MessageSent(message=message, author=author), item.actor)
    return Sent(message, is_new=True)


def _compose(tx: Tx, item: Outgoing, access: RoomAccess, ground: _Ground) -> Message:
    draft = item.draft
    require_speakable(draft.text)
    quote = ground.quotes.get((item.room_id, draft.reply_to)) if draft.reply_to else None
    if draft.reply_to and quote is None:
        raise Invalid("The message replied to is not in this room.")
    _require_root(item, ground)
    called = ground.called.get(item.key, mentions.NOBODY)
    if isinstance(called, AppError):
        raise called
    return Message(
        id=tx.ids.uuid7(),
        room_id=item.room_id,
        seq=tx.next_seq(room_stream(item.room_id)),
        client_id=draft.client_id,
        author_id=item.actor.account_id,
        sent_at=tx.now,
        edited_at=None,
        body=item.copied.body if item.copied else item.body or TextBody(text=draft.text),
        reply_to=quote,
        mentions=called.people,
        mentions_room=called.room,
        here=called.here,
        thread=draft.thread,
        in_room=draft.thread is None or draft.also_in_room,
        forwarded=item.copied.forwarded if item.copied else None,
        expires_at=state.expiry(tx.now, access.room.message_ttl),
    )


def _require_root(item: Outgoing, ground: _Ground) -> None:
    """A thread hangs from a message of this room that is itself no reply, no note and not gone."""
    draft = item.draft
    if draft.thread is None:
        if draft.also_in_room:
            raise Invalid("Only a reply in a thread can be shown in the room, too.")
        return
    root = ground.roots.get((item.room_id, draft.thread))
    if root is None:
        raise Invalid("The message that the thread answers is not in this room.")
    if root.thread is not None or root.kind == "system":
        raise Invalid("A thread answers a message of the room, no reply and no note.")
    if root.kind == "deleted":
        raise MessageDeletedAlready


def require_speakable(text: str) -> None:
    """Raises Invalid for a text that shows nothing, or that PostgreSQL cannot hold (NUL)."""
    if "\0" in text:
        raise Invalid("The text holds a NUL character.")
    if not text.strip():
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
    if not isinstance(message.body, TextBody):
        raise Forbidden("Only words can be edited.")
    if message.forwarded is not None:
        raise Forbidden("These are the words of another: a forwarded message stays as it was.")
    require_speakable(change.text)
    if message.body.text == change.text:
        return message
    await writing.keep_revision(tx, message, message.body.text, tx.now)
    resolved = await mentions.resolve(tx, {message_id: (access, change.text)})
    called = resolved.get(message_id, mentions.NOBODY)
    if isinstance(called, AppError):
        raise called
    edited = msgspec.structs.replace(
        message,
        body=TextBody(text=change.text),
        edited_at=tx.now,
        mentions=called.people,
        mentions_room=called.room,
        here=message.here if called.addresses_here else [],
    )
    await writing.replace(tx, edited)
    tx.emit(room_stream(room_id), MessageEdited(message=edited), actor)
    return edited


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


async def revisions(tx: Tx, actor: Actor, room_id: UUID, message_id: UUID) -> list[Revision]:
    """What a message said before, oldest first."""
    access = await rooms.require(tx, actor, room_id, Can.READ)
    await get_message(tx, access, message_id)
    return await reading.revisions(tx, access, message_id)


async def get_message(tx: Tx, access: RoomAccess, message_id: UUID) -> Message:
    """Raises NotFound."""
    found = await reading.find_message(tx, access, message_id)
    if found is None:
        raise NotFound
    return found


async def find_messages(
    tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]
) -> dict[tuple[UUID, UUID], Message]:
    """Messages in any rooms, by (room, id); none for what is not there for those who ask."""
    return await reading.find_messages(tx, wanted)


async def hidden(tx: Tx, access: RoomAccess, before: int | None, limit: int) -> list[Message]:
    """What this member deleted for themselves, below the seq `before`, the newest first."""
    return await reading.hidden(tx, access, before, limit)


async def before(
    tx: Tx, access: RoomAccess, seq: int | None, limit: int, thread: UUID | None = None
) -> list[Message | None]:
    """The `limit` messages before `seq` (the newest for None), in order; None for an unreadable
    one. Of the room's talk, or of one thread."""
    return await reading.before(tx, access, thread, seq, limit)


async def after(
    tx: Tx, access: RoomAccess, seq: int, limit: int, thread: UUID | None = None
) -> list[Message | None]:
    """The `limit` messages after `seq`, as in `before`."""
    return await reading.after(tx, access, thread, seq, limit)


async def people_in(
    tx: Tx, messages: Iterable[Message], beside: Collection[UUID] = ()
) -> list[Account]:
    """Every account that these messages name, and these beside them."""
    named = set(beside).union(*(state.people_in(message) for message in messages))
    return list((await accounts.get_accounts(tx, list(named))).values())


async def last_messages(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, Message]:
    """The newest message of each room that has one."""
    return await reading.last_messages(tx, accesses)


async def unread(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, tuple[list[int], list[int]]]:
    """For each room its newest unread seqs (at most 100), and those of them that mention me."""
    return await reading.unread(tx, accesses)


async def logged_messages(tx: Tx, wanted: Sequence[tuple[UUID, UUID]]) -> list[Message]:
    """Messages, by room and id, as they stand now, for the event log, which hands a stream's events
    only to those who may hear the stream."""
    return await logged.messages_by_id(tx, wanted)
