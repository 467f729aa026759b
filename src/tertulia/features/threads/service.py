"""The verbs of threads: what follows a reply, reading, following."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from tertulia.core import cursors
from tertulia.core.actor import Actor
from tertulia.core.errors import Conflict, Invalid, NotFound
from tertulia.core.streams import account_stream
from tertulia.core.tx import Emitted, Tx
from tertulia.features.expiry.events import MessagesExpired
from tertulia.features.messages import service as messages
from tertulia.features.messages.events import MessageDeleted, MessageEdited, MessageSent
from tertulia.features.messages.schemas import ExpiredBody, Message, SystemBody
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import ReadPosition
from tertulia.features.rooms.service import Can, RoomAccess
from tertulia.features.threads import policy, state, store
from tertulia.features.threads.events import ThreadChanged, ThreadMarked, ThreadsRead
from tertulia.features.threads.schemas import OwnThread, ThreadState, ThreadSummary
from tertulia.features.threads.store import Followed, Mark

DECISIONS = 500  # threads of one room that somebody may decide about: all ride in the snapshot
PAGE = 20  # threads of the inbox
POSITIONS = 500  # rooms one `threads.read` tells of


class TooManyDecisions(Conflict):
    title = f"One can decide about {DECISIONS} threads of a room"


async def root(tx: Tx, access: RoomAccess, root_id: UUID) -> Message:
    """The message that a thread answers. Raises `NotFound`, or `Invalid` where none can hang."""
    found = await messages.get_message(tx, access, root_id)
    if found.thread is not None or isinstance(found.body, SystemBody):
        raise Invalid("A thread answers a message of the room, no reply and no note.")
    return found


async def read(tx: Tx, actor: Actor, room_id: UUID, root_id: UUID, seq: int) -> None:
    """Move my position in a thread that I follow forward, at most to the room's head. Mine alone:
    it locks my account's stream, never the room's."""
    access = await _enter(tx, actor, room_id, root_id)
    seq = min(seq, await rooms.head(tx, access))
    await tx.lock(account_stream(actor.account_id))
    mark = await store.find_mark(tx, access, root_id)
    if seq > mark.read_seq and await _follows(tx, access, root_id, mark):
        await _mark(tx, access, root_id, Mark(seq, mark.following))


async def read_all(tx: Tx, actor: Actor) -> None:
    """Move my position in every thread that has news for me to its room's head, in one statement
    and, however many threads, in few facts."""
    mine = account_stream(actor.account_id)
    await tx.lock(mine)
    accesses = await rooms.memberships(tx, actor.account_id)
    heads = await rooms.heads(tx, accesses)
    # What is said between these two looks stays unread: the mark is of the first.
    touched = await store.read_all(tx, accesses, heads) if accesses else []
    moved = [ReadPosition(room_id=room_id, read_seq=heads[room_id]) for room_id in touched]
    for first in range(0, len(moved), POSITIONS):
        tx.emit(mine, ThreadsRead(positions=moved[first : first + POSITIONS]), actor)


async def follow(tx: Tx, actor: Actor, room_id: UUID, root_id: UUID, following: bool) -> None:
    """Decide about a thread. Following begins with what is said from now on; not following holds
    until I decide anew, whatever I write there and whoever names me. Raises `TooManyDecisions`."""
    access = await _enter(tx, actor, room_id, root_id)
    await tx.lock(account_stream(actor.account_id))
    mark = await store.find_mark(tx, access, root_id)
    if mark.following is following:
        return
    if mark.following is None and await store.decisions(tx, access) >= DECISIONS:
        raise TooManyDecisions
    head = await rooms.head(tx, access)
    await _mark(tx, access, root_id, Mark(max(head, mark.read_seq), following))


async def _enter(tx: Tx, actor: Actor, room_id: UUID, root_id: UUID) -> RoomAccess:
    """As `rooms.require`, without the room's lock: what follows is written in my account only."""
    [access] = await rooms.find_accesses(tx, [(actor.account_id, room_id)])
    refused = rooms.refusal(access, Can.READ)
    if access is None or refused is not None:
        raise refused or NotFound()
    await root(tx, access, root_id)
    return access


async def _mark(tx: Tx, access: RoomAccess, root_id: UUID, mark: Mark) -> None:
    await store.set_mark(tx, access, root_id, mark)
    marked = ThreadMarked(
        room_id=access.room_id,
        root_id=root_id,
        read_seq=mark.read_seq,
        following=mark.following,
    )
    tx.emit(account_stream(access.account_id), marked, access.account_id)


async def _follows(tx: Tx, access: RoomAccess, root_id: UUID, mark: Mark) -> bool:
    found = await store.find(tx, [(access.room_id, root_id)])
    thread = found.get((access.room_id, root_id))
    involved = thread is not None and access.account_id in thread.involved
    return policy.follows(mark.following, involved)


async def standing(tx: Tx, access: RoomAccess, root_id: UUID) -> ThreadState:
    """How somebody stands to a thread."""
    mark = await store.find_mark(tx, access, root_id)
    found = (await store.find(tx, [(access.room_id, root_id)])).get((access.room_id, root_id))
    floor = found.involved.get(access.account_id) if found else None
    return ThreadState(
        following=policy.follows(mark.following, floor is not None),
        read_seq=max(mark.read_seq, access.joined_seq, floor or 0),
    )


async def own(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, list[OwnThread]]:
    """One account's side of the threads of these rooms, by room: news and decisions."""
    return await store.own(tx, accesses) if accesses else {}


async def beside(tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]) -> dict[UUID, ThreadSummary]:
    """What stands under each of these messages of any rooms that was replied to."""
    return await store.beside(tx, wanted)


class Inbox(NamedTuple):
    threads: list[Followed]
    next: str | None


async def inbox(tx: Tx, accesses: Sequence[RoomAccess], cursor: str | None) -> Inbox:
    """The threads of these rooms that call one account: those with news first, then the latest."""
    after = cursors.decode(cursor, Followed) if cursor else None
    found = await store.followed(tx, accesses, after, PAGE + 1) if accesses else []
    shown = found[:PAGE]
    return Inbox(shown, cursors.encode(shown[-1]) if len(found) > PAGE else None)


async def latest(
    tx: Tx, actor: Actor, followed: Sequence[Followed], limit: int
) -> dict[tuple[UUID, UUID], list[UUID]]:
    """Ids of the last replies of these threads that the actor hears, by room and root, in order."""
    return await store.latest(tx, actor.account_id, followed, limit)


async def replies(
    tx: Tx, accesses: Sequence[RoomAccess], before: UUID | None, limit: int
) -> list[tuple[UUID, UUID]]:
    """What others said in the threads of these rooms that call one account: room and message ids,
    the newest first."""
    return await store.replies(tx, accesses, before, limit)


# What follows a fact about a message


async def on_sent(tx: Tx, emitted: Emitted) -> None:
    fact = emitted.fact
    if isinstance(fact, MessageSent) and fact.message.thread is not None:
        reply = fact.message
        thread = await _find_or_begin(tx, reply.room_id, fact.message.thread)
        if thread is not None:
            await _change(tx, emitted, reply, fact.message.thread, state.replied(thread, reply))


async def on_edited(tx: Tx, emitted: Emitted) -> None:
    """Whom an edit names, in a reply or in the root, follows from here on."""
    fact = emitted.fact
    if not isinstance(fact, MessageEdited) or not fact.message.mentions:
        return
    message = fact.message
    root_id = message.thread or message.id
    thread = (await store.find(tx, [(message.room_id, root_id)])).get((message.room_id, root_id))
    if thread is None or thread.involved.keys() >= set(message.mentions):
        return
    newcomers = [one for one in message.mentions if one not in thread.involved]
    await _change(tx, emitted, message, root_id, state.named_later(thread, newcomers, emitted.seq))


async def on_deleted(tx: Tx, emitted: Emitted) -> None:
    fact = emitted.fact
    if not isinstance(fact, MessageDeleted) or fact.message.thread is None:
        return
    room_id, root_id = fact.message.room_id, fact.message.thread
    await store.recount(tx, room_id, root_id)
    thread = (await store.find(tx, [(room_id, root_id)])).get((room_id, root_id))
    if thread is not None:
        _tell(tx, emitted, fact.message, root_id, thread)


async def on_expired(tx: Tx, emitted: Emitted) -> None:
    fact = emitted.fact
    if not isinstance(fact, MessagesExpired):
        return
    room_id = emitted.stream.id
    for root_id in await store.forget(tx, room_id, fact.message_ids):
        tx.emit(emitted.stream, over(root_id), None)
    found = await store.find(tx, [(room_id, root_id) for root_id in fact.threads])
    for _, root_id in found:
        await store.recount(tx, room_id, root_id)
    for (_, root_id), thread in (await store.find(tx, list(found))).items():
        told = ThreadChanged(
            root_id=root_id,
            thread=thread.summary,
            reply=None,
            involved=dict(thread.involved),
            ref=root_id,
        )
        tx.emit(emitted.stream, told, None)


def over(root_id: UUID) -> ThreadChanged:
    return ThreadChanged(root_id=root_id, thread=None, reply=None, involved={}, ref=root_id)


async def _find_or_begin(tx: Tx, room_id: UUID, root_id: UUID) -> state.Thread | None:
    found = await store.find(tx, [(room_id, root_id)])
    if found:
        return found[room_id, root_id]
    roots = await messages.logged_messages(tx, [(room_id, root_id)])
    return state.begun(roots[0]) if roots else None  # none: its row cannot be read


async def _change(
    tx: Tx, emitted: Emitted, message: Message, root_id: UUID, thread: state.Thread
) -> None:
    await store.save(tx, message.room_id, root_id, thread)
    _tell(tx, emitted, message, root_id, thread)


def _tell(tx: Tx, emitted: Emitted, message: Message, root_id: UUID, thread: state.Thread) -> None:
    tx.emit(emitted.stream, changed(message, root_id, thread), emitted.actor_id)


def changed(message: Message, root_id: UUID, thread: state.Thread) -> ThreadChanged:
    """What is told of a thread when something happened to one of its messages."""
    return ThreadChanged(
        root_id=root_id,
        thread=thread.summary,
        reply=state.find_reply(message),
        involved=dict(thread.involved),
        ref=message.id,
    )


async def logged(
    tx: Tx, wanted: Sequence[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], ThreadChanged]:
    """Facts of the log, by room and message, as the threads stand now."""
    found = await messages.logged_messages(tx, wanted)
    roots = {(one.room_id, one.thread or one.id) for one in found}
    threads = await store.find(tx, list(roots))
    facts: dict[tuple[UUID, UUID], ThreadChanged] = {}
    for one in found:
        root_id = one.thread or one.id
        thread = threads.get((one.room_id, root_id))
        # What is left of an expired message says neither what it was nor where.
        if thread is None or isinstance(one.body, ExpiredBody):
            facts[one.room_id, one.id] = over(root_id)
        else:
            facts[one.room_id, one.id] = changed(one, root_id, thread)
    return facts
