"""The verbs of reading back."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec

from tertulia.core import cursors
from tertulia.core.actor import Actor
from tertulia.core.streams import account_stream, room_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts.schemas import Account
from tertulia.features.files import service as files
from tertulia.features.films import service as films
from tertulia.features.forwards import service as forwards
from tertulia.features.listens import service as listens
from tertulia.features.members import service as members
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import DeletedBody, Message
from tertulia.features.pins import service as pins
from tertulia.features.polls import service as polls
from tertulia.features.previews import service as previews
from tertulia.features.reactions import service as reactions
from tertulia.features.reminders import service as reminding
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can, RoomAccess
from tertulia.features.stars import service as stars
from tertulia.features.stars.schemas import StarPlace
from tertulia.features.threads import service as threads
from tertulia.features.timeline.events import RoomUnread
from tertulia.features.timeline.schemas import (
    HiddenList,
    Page,
    Pin,
    PinList,
    ReminderItem,
    ReminderList,
    Star,
    StarList,
    ThreadPage,
    TimelineMessage,
)


class Anchor(NamedTuple):
    """Where to read: at most one of the three, a seq."""

    before: int | None = None
    after: int | None = None
    around: int | None = None


async def page(tx: Tx, actor: Actor, room_id: UUID, anchor: Anchor, limit: int) -> Page:
    """History around an anchor, in `seq` order; the newest without one."""
    access = await rooms.require(tx, actor, room_id, Can.READ)
    found, found_oldest, found_newest = await _read(tx, access, anchor, limit)
    told = await beside(tx, [(access, message) for message in found if message])
    head, own_head = await rooms.heads_seen(tx, access)
    return Page(
        messages=told,
        people=await people_in(tx, told),
        found_oldest=found_oldest,
        found_newest=found_newest,
        head=head,
        own_head=own_head,
    )


async def thread_page(
    tx: Tx, actor: Actor, room_id: UUID, root_id: UUID, anchor: Anchor, limit: int
) -> ThreadPage:
    """What was replied to a message, around an anchor, in `seq` order; the newest without one. A
    message that nobody replied to has an empty page. Raises `NotFound`; `Invalid` for a reply."""
    access = await rooms.require(tx, actor, room_id, Can.READ)
    root = await threads.root(tx, access, root_id)
    found, found_oldest, found_newest = await _read(tx, access, anchor, limit, root_id)
    told = await beside(tx, [(access, message) for message in (root, *found) if message])
    head, own_head = await rooms.heads_seen(tx, access)
    return ThreadPage(
        root=told[0],
        me=await threads.standing(tx, access, root_id),
        messages=told[1:],
        people=await people_in(tx, told),
        found_oldest=found_oldest,
        found_newest=found_newest,
        head=head,
        own_head=own_head,
    )


async def message(tx: Tx, actor: Actor, room_id: UUID, message_id: UUID) -> TimelineMessage:
    """Raises NotFound."""
    access = await rooms.require(tx, actor, room_id, Can.READ)
    [found] = await beside(tx, [(access, await messages.get_message(tx, access, message_id))])
    return found


async def mark_unread(tx: Tx, actor: Actor, room_id: UUID, seq: int) -> None:
    """Put my read position back to before `seq`, at most to the head: the one way it moves back,
    and a fact of its own. It takes the room's lock, so that what is told as unread is exact."""
    access = await rooms.require(tx, actor, room_id, Can.READ)
    mine, head = account_stream(actor.account_id), tx.head(room_stream(room_id))
    await tx.lock(mine)
    read_seq = min(seq - 1, head)
    await members.move_back(tx, access, read_seq)
    moved = msgspec.structs.replace(access, read_seq=read_seq)
    unread, mentions = (await messages.unread(tx, [moved])).get(room_id, ([], []))
    fact = RoomUnread(
        room_id=room_id, read_seq=read_seq, head=head, unread=unread, mentions=mentions
    )
    tx.emit(mine, fact, actor)


async def beside(tx: Tx, found: Sequence[tuple[RoomAccess, Message]]) -> list[TimelineMessage]:
    """Put beside messages of any rooms what the features above `messages` know of them: one
    statement for each feature, whatever the number of messages and rooms."""
    if not found:
        return []
    wanted = [(access, message.id) for access, message in found]
    given = await reactions.beside(tx, wanted)
    starred = await stars.beside(tx, wanted)
    pinned = await pins.beside(tx, wanted)
    asked = await polls.beside(tx, found)
    carried = await forwards.beside(tx, wanted)
    replies = await threads.beside(tx, wanted)
    linked = await previews.beside(tx, wanted)
    played, heard = await listens.beside(tx, found)
    bringing = [(access, one.id) for access, one in found if messages.file_ids(one.body)]
    brought = await files.beside(tx, bringing)
    made = await films.films_of(tx, [file for held in brought.values() for file in held])
    return [
        TimelineMessage(
            **msgspec.structs.asdict(message),
            reactions=given.get(message.id, []),
            starred=message.id in starred,
            pinned=pinned.get(message.id),
            poll=asked[message.id].state if message.id in asked else None,
            my_votes=asked[message.id].mine if message.id in asked else [],
            files=brought.get(message.id, []),
            films=films.among(made, brought.get(message.id, [])),
            forwards=carried.get(message.id, 0),
            previews=linked.get(message.id, []),
            thread_summary=replies.get(message.id),
            listened=message.id in played,
            listens=heard.get(message.id),
        )
        for _, message in found
    ]


async def pinned(tx: Tx, actor: Actor, room_id: UUID) -> PinList:
    """What a room keeps in sight, without what I deleted for myself."""
    access = await rooms.require(tx, actor, room_id, Can.READ)
    ids = list(await pins.everything(tx, access))
    found = await gather(tx, actor, [(room_id, id_) for id_ in ids])
    listed = [found[room_id, id_] for id_ in ids if (room_id, id_) in found]
    return PinList(
        pins=[Pin(id=message.id, message=message) for message in listed],
        people=await people_in(tx, listed),
    )


async def hidden(tx: Tx, actor: Actor, room_id: UUID, before: int | None, limit: int) -> HiddenList:
    """What I deleted for myself, to bring it back; what is gone for everybody is left out."""
    access = await rooms.require(tx, actor, room_id, Can.READ)
    found = await messages.hidden(tx, access, before, limit + 1)
    shown = [one for one in found[:limit] if not isinstance(one.body, DeletedBody)]
    told = await beside(tx, [(access, message) for message in shown])
    return HiddenList(
        messages=told,
        people=await people_in(tx, told),
        next=found[limit - 1].seq if len(found) > limit else None,
    )


async def gather(
    tx: Tx, actor: Actor, wanted: Sequence[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], TimelineMessage]:
    """Messages of any rooms of mine, by (room, id); none for what is not there for me, the room
    included."""
    if not wanted:
        return {}
    room_ids = list({room_id for room_id, _ in wanted})
    found = await rooms.find_accesses(tx, [(actor.account_id, room_id) for room_id in room_ids])
    accesses = {one.room_id: one for one in found if one and not rooms.refusal(one, Can.READ)}
    there = await messages.find_messages(
        tx, [(accesses[room_id], id_) for room_id, id_ in wanted if room_id in accesses]
    )
    told = await beside(tx, [(accesses[one.room_id], one) for one in there.values()])
    return {(message.room_id, message.id): message for message in told}


async def starred(tx: Tx, actor: Actor, cursor: str | None, limit: int) -> StarList:
    """My stars, the newest first."""
    after = cursors.decode(cursor, StarPlace) if cursor else None
    places = await stars.page(tx, actor, after, limit + 1)
    shown = places[:limit]
    found = await gather(tx, actor, [(place.room_id, place.message_id) for place in shown])
    there = [place for place in shown if (place.room_id, place.message_id) in found]
    listed = [
        Star(
            id=place.message_id,
            message=found[place.room_id, place.message_id],
            starred_at=datetime.fromtimestamp(0, UTC) + timedelta(microseconds=place.starred_at),
        )
        for place in there
        if not isinstance(found[place.room_id, place.message_id].body, DeletedBody)
    ]
    return StarList(
        stars=listed,
        people=await people_in(tx, [star.message for star in listed]),
        next=cursors.encode(shown[-1]) if len(places) > limit else None,
    )


async def reminders(tx: Tx, actor: Actor) -> ReminderList:
    """My reminders, with the messages they are about."""
    mine = await reminding.reminders(tx, actor)
    about = {one.id: (one.room_id, one.message_id) for one in mine if one.room_id}
    found = await gather(tx, actor, [(r, m) for r, m in about.values() if r and m])
    there = {id_: found[r, m] for id_, (r, m) in about.items() if r and m and (r, m) in found}
    return ReminderList(
        reminders=[
            ReminderItem(id=one.id, reminder=one, message=there.get(one.id)) for one in mine
        ],
        people=await people_in(tx, list(there.values())),
    )


async def people_in(tx: Tx, found: Sequence[TimelineMessage]) -> list[Account]:
    """Every account that these messages name, in their words or beside them."""
    beside = {account_id for message in found for account_id in _named_beside(message)}
    return await messages.people_in(tx, found, beside)


def _named_beside(message: TimelineMessage) -> set[UUID]:
    named = {account_id for reaction in message.reactions for account_id in reaction.accounts}
    if message.thread_summary:
        named.update(message.thread_summary.participants)
    if message.poll:
        named.update(*message.poll.people)
    if message.listens:
        named.update(message.listens.people)
    if message.pinned:
        named.add(message.pinned.by)
    return named


async def _read(
    tx: Tx, access: RoomAccess, anchor: Anchor, limit: int, thread: UUID | None = None
) -> tuple[list[Message | None], bool, bool]:
    """Messages (None: unreadable), whether the oldest of the room is among them, and the newest.
    Of the room's talk, or of one thread."""
    if anchor.around is not None:
        half = limit // 2
        older = await messages.before(tx, access, anchor.around, half + 1, thread)
        newer = await messages.after(tx, access, anchor.around - 1, limit - half + 1, thread)
        oldest, newest = len(older) <= half, len(newer) <= limit - half
        return older[-half:] * (half > 0) + newer[: limit - half], oldest, newest
    if anchor.after is not None:
        newer = await messages.after(tx, access, anchor.after, limit + 1, thread)
        older = await messages.before(tx, access, anchor.after + 1, 1, thread)
        return newer[:limit], not older, len(newer) <= limit
    older = await messages.before(tx, access, anchor.before, limit + 1, thread)
    newest = anchor.before is None or not await messages.after(
        tx, access, anchor.before - 1, 1, thread
    )
    return older[-limit:], len(older) <= limit, newest
