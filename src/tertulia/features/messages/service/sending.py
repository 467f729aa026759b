"""Saying something: one message or many, by many people, in many rooms."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace

from tertulia.core.actor import Actor
from tertulia.core.errors import AppError, Invalid, NotFound
from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.accounts.schemas import Account
from tertulia.features.files import service as files
from tertulia.features.files.schemas import File
from tertulia.features.films import service as films
from tertulia.features.films.schemas import Film
from tertulia.features.mentions import service as mentions
from tertulia.features.mentions.service import Called, Present
from tertulia.features.messages import state
from tertulia.features.messages.events import MessageSent
from tertulia.features.messages.schemas import (
    Attached,
    Body,
    FilesBody,
    Forwarded,
    Message,
    Quote,
    SendMessage,
    TextBody,
    VoiceBody,
)
from tertulia.features.messages.service.changing import MessageDeletedAlready, require_speakable
from tertulia.features.messages.store import logged, reading, writing
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can, RoomAccess


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
    if ground.attached:
        await files.attach(tx, ground.attached)
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
    unsent: dict[tuple[UUID, UUID], File]  # by room and id: those that may be sent
    made: dict[UUID, Film]  # of them, by file
    attached: list[File]  # to messages of this group


async def _survey(tx: Tx, outgoing: Sequence[Outgoing], present: Present) -> _Ground:
    wanted = list({(item.actor.account_id, item.room_id) for item in outgoing})
    found = await rooms.find_accesses(tx, wanted)
    accesses = {key: access for key, access in zip(wanted, found, strict=True) if access}
    allowed = [item for item in outgoing if (item.actor.account_id, item.room_id) in accesses]
    unsent = await files.lock_unsent(tx, [key for item in allowed for key in _files(item)])
    return _Ground(
        accesses=accesses,
        said=await logged.find_said(tx, [item.key for item in allowed]),
        quotes=await _survey_quotes(tx, allowed, accesses),
        roots=await _survey_roots(tx, allowed, accesses),
        called=await mentions.resolve(tx, _texts(allowed, accesses), present),
        authors=await accounts.get_accounts(tx, list({item.actor.account_id for item in allowed})),
        spoke=set(),
        unsent=unsent,
        made=await films.films_of(tx, unsent.values()),
        attached=[],
    )


def _files(item: Outgoing) -> list[tuple[UUID, UUID, UUID]]:
    """What it brings along, as (room, account, file)."""
    ids = state.file_ids(_body(item))
    return [(item.room_id, item.actor.account_id, file_id) for file_id in ids]


def _body(item: Outgoing) -> Body:
    draft = item.draft
    if item.copied or item.body:
        return item.copied.body if item.copied else item.body or TextBody(text=draft.text)
    if draft.voice:
        return VoiceBody(
            duration_ms=draft.voice.duration_ms,
            waveform=draft.voice.waveform,
            file_id=draft.voice.file_id,
            text=draft.text,
        )
    if draft.files:
        attached = [Attached(id=file.file_id, alt=file.alt) for file in draft.files]
        return FilesBody(text=draft.text, files=attached)
    return TextBody(text=draft.text)


def _recorded(item: Outgoing, ground: _Ground) -> Body:
    """What is said, and of a recording what is known by now. Raises Invalid for what was looked at
    and does not sound; what was not yet looked at may turn out not to."""
    body = _body(item)
    if not isinstance(body, VoiceBody) or body.file_id is None:
        return body
    file = ground.unsent.get((item.room_id, body.file_id))
    if file is None:
        return body
    if file.state == "ready" and not file.media_type.startswith(("audio/", "video/")):
        raise Invalid("The file is no recording.")
    return replace(body, mime_type=file.media_type, size=file.size)


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
        attached = _take_files(message, ground)
    except AppError as error:
        return error
    if rooms.is_slow(access):
        ground.spoke.add(mine)
    ground.said[item.key] = message  # the same again may follow in this very group
    author = ground.authors[item.actor.account_id]
    made = films.among(ground.made, attached)
    fact = MessageSent(message=message, author=author, files=attached, films=made)
    tx.emit(room_stream(item.room_id), fact, item.actor)
    return Sent(message, is_new=True)


def _take_files(message: Message, ground: _Ground) -> list[File]:
    """What the message brings along belongs to it from now on: all of it, or it is not said."""
    ids = state.file_ids(message.body)
    if not ids:
        return []
    taken = {id_: ground.unsent.get((message.room_id, id_)) for id_ in ids}
    if len(taken) < len(ids):
        raise Invalid("A file is attached twice.")
    refused = next(filter(None, map(files.refusal, taken.values())), None)
    if refused is not None:
        raise refused
    for id_ in ids:  # also against the next message of this very group
        del ground.unsent[message.room_id, id_]
    attached = [replace(file, message_id=message.id) for file in taken.values() if file]
    ground.attached.extend(attached)
    return attached


def _compose(tx: Tx, item: Outgoing, access: RoomAccess, ground: _Ground) -> Message:
    draft = item.draft
    if draft.files and draft.voice:
        raise Invalid("A voice message brings no other files.")
    body = _recorded(item, ground)
    require_speakable(draft.text, alone=not state.file_ids(body))
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
        body=body,
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
