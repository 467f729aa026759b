"""The verbs of catching up: snapshots, what changed since a cursor, one stream's events."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from tertulia.core import eventlog, history
from tertulia.core.actor import Actor
from tertulia.core.errors import AppError
from tertulia.core.eventlog import Envelope
from tertulia.core.history import Hydrators
from tertulia.core.streams import Stream, account_stream, room_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.drafts import service as drafts
from tertulia.features.hidden import service as hidden
from tertulia.features.messages import service as messages
from tertulia.features.people import service as people
from tertulia.features.preferences import service as preferences
from tertulia.features.presence import service as presence
from tertulia.features.receipts import service as receipts
from tertulia.features.reminders import service as reminders
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can, RoomAccess
from tertulia.features.scheduled import service as scheduled
from tertulia.features.sync import state, store
from tertulia.features.sync.schemas import (
    Changes,
    Event,
    EventPage,
    Own,
    RoomSnapshot,
    Snapshot,
    StreamChanges,
    Unread,
)
from tertulia.features.threads import service as threads

STREAMS_PER_PAGE = 100
EVENTS_PER_PAGE = 2_000  # of all rooms together
TOO_LONG = 500  # events of one stream; beyond it a snapshot is smaller and faster


async def snapshot(tx: Tx, actor: Actor) -> Snapshot:
    """Everything about my account, without histories."""
    accesses = await rooms.memberships(tx, actor.account_id)
    heads = await eventlog.heads(tx.conn, [actor.account_id])
    return Snapshot(
        account=await accounts.own_account(tx, actor),
        head=heads[actor.account_id],
        devices=await accounts.devices(tx, actor),
        drafts=await drafts.drafts(tx, actor),
        rooms=await _room_snapshots(tx, accesses),
        arrangement=await preferences.arrangement(tx, actor.account_id),
        circle=await people.circle(tx, actor.account_id),
        availability=await presence.availability(tx, actor.account_id),
        rung=await reminders.rung(tx, actor),
        failed=await scheduled.failed(tx, actor),
    )


async def room_snapshot(tx: Tx, actor: Actor, room_id: UUID) -> RoomSnapshot:
    """One room as it stands now, from my side."""
    access = await rooms.require(tx, actor, room_id, Can.READ)
    [found] = await _room_snapshots(tx, [access])
    return found


async def _room_snapshots(tx: Tx, accesses: Sequence[RoomAccess]) -> list[RoomSnapshot]:
    if not accesses:
        return []
    heads = await eventlog.heads(tx.conn, [access.room_id for access in accesses])
    counts = await rooms.member_counts(tx, accesses)
    small = [access for access in accesses if access.kind != "channel"]
    members = await rooms.members(tx, small) if small else {}
    last = await messages.last_messages(tx, accesses)
    own = await _own(tx, accesses)
    cursors = await receipts.of_rooms(tx, accesses)
    return [
        RoomSnapshot(
            id=access.room_id,
            room=access.room,
            head=heads[access.room_id],
            me=own[access.room_id],
            member_count=counts[access.room_id],
            members=members.get(access.room_id, []),
            last_message=last.get(access.room_id),
            receipts=cursors.get(access.room_id, []),
        )
        for access in accesses
    ]


async def _own(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, Own]:
    """My side of these rooms of mine, by room id."""
    unread = await messages.unread(tx, accesses)
    gone = await hidden.seqs(tx, accesses)
    news = await threads.own(tx, accesses)
    wanted = await preferences.of_rooms(tx, accesses)
    found: dict[UUID, Own] = {}
    for access in accesses:
        seqs, mentions = unread.get(access.room_id, ([], []))
        found[access.room_id] = Own(
            role=access.role,
            joined_at=access.joined_at,
            read_seq=access.read_seq,
            unread=seqs,
            mentions=mentions,
            hidden=gone.get(access.room_id, []),
            threads=news.get(access.room_id, []),
            preferences=wanted[access.room_id],
            timed_out_until=access.timed_out_until,
        )
    return found


async def unread(tx: Tx, actor: Actor) -> Unread:
    """What of all my rooms asks for my attention, as I want to be asked."""
    accesses = await rooms.memberships(tx, actor.account_id)
    arrangement = await preferences.arrangement(tx, actor.account_id)
    wanted = await preferences.of_rooms(tx, accesses)
    counted = await messages.unread(tx, accesses) if accesses else {}
    news = await threads.own(tx, accesses)
    found = Unread(rooms=0, badge=0, mentions=0, threads=0)
    for access in accesses:
        seqs, named = counted.get(access.room_id, ([], []))
        asked = preferences.attention(
            access, wanted[access.room_id], arrangement, tx.now,
            unread=len(seqs), mentions=len(named),
            threads=[len(one.mentions) for one in news.get(access.room_id, []) if one.unread],
        )  # fmt: skip
        found = Unread(
            rooms=found.rooms + (asked.badge > 0),
            badge=found.badge + asked.badge,
            mentions=found.mentions + asked.mentions,
            threads=found.threads + asked.threads,
        )
    return found


def is_start(since: str | None) -> bool:
    """Will this be answered with everything, whatever the database says?"""
    return not since or state.decode(since) is None


async def changes(tx: Tx, actor: Actor, since: str | None, hydrators: Hydrators) -> Changes:
    """What changed in all my streams since a cursor; a reset where that cannot be told."""
    horizon = await store.horizon(tx)
    cursor = state.decode(since) if since else None
    # A horizon ahead of us is of a database that was restored to an earlier day.
    if cursor is None or cursor.epoch != horizon.epoch or cursor.since > horizon.xmax:
        return await _reset(tx, actor, horizon)
    moved = await store.moved(
        tx, actor.account_id, cursor.since, cursor.after, STREAMS_PER_PAGE + 1
    )
    own = next((one for one in moved if one.stream.kind == "account"), None)
    if own and (_too_long(own) or await store.ties_changed(tx, actor.account_id, cursor.since)):
        return await _reset(tx, actor, horizon)
    page, more = moved[:STREAMS_PER_PAGE], len(moved) > STREAMS_PER_PAGE
    fresh = await store.joined_since(tx, actor.account_id, cursor.since)
    then = cursor.then if cursor.then is not None else horizon.xmin
    after = page[-1].stream.id if more else None
    following = (
        state.Cursor(horizon.epoch, cursor.since, then, after)
        if more
        else state.Cursor(horizon.epoch, then)
    )
    return Changes(
        cursor=state.encode(following),
        reset=False,
        more=more,
        snapshot=None,
        streams=await _stream_changes(tx, actor, page, fresh, hydrators),
        rooms=await rooms.room_ids(tx, actor.account_id),
        receipts=[] if more else await receipts.moved_since(tx, actor.account_id, cursor.since),
    )


async def _reset(tx: Tx, actor: Actor, horizon: store.Horizon) -> Changes:
    whole = await snapshot(tx, actor)
    return Changes(
        cursor=state.encode(state.Cursor(horizon.epoch, horizon.xmin)),
        reset=True,
        more=False,
        snapshot=whole,
        streams=[],
        rooms=[one.room.id for one in whole.rooms],
    )


def _too_long(moved: store.Moved) -> bool:
    return moved.head - moved.floor > TOO_LONG


async def _stream_changes(
    tx: Tx, actor: Actor, page: Sequence[store.Moved], fresh: set[UUID], hydrators: Hydrators
) -> list[StreamChanges]:
    """Of many streams in a handful of statements."""
    gaps = {one.stream.id: one.head - one.floor for one in page if one.stream.kind == "room"}
    whole = state.told_whole(gaps, fresh, TOO_LONG, EVENTS_PER_PAGE)
    found = await rooms.find_accesses(tx, [(actor.account_id, room_id) for room_id in whole])
    shots = await _room_snapshots(tx, [access for access in found if access])
    snapshots = {shot.id: shot for shot in shots}
    after = {one.stream: one.floor for one in page if one.stream.id not in snapshots}
    events = await history.read_all(tx, after, TOO_LONG, hydrators)
    return [
        StreamChanges(
            stream=one.stream.name,
            head=one.head,
            events=[_event(envelope) for envelope in events.get(one.stream, [])],
            snapshot=snapshots.get(one.stream.id),
        )
        for one in page
    ]


async def _events(
    tx: Tx, stream: Stream, after: int, limit: int, hydrators: Hydrators
) -> list[Event]:
    found = await history.read(tx, stream, after=after, limit=limit, hydrators=hydrators)
    return [_event(envelope) for envelope in found]


def _event(envelope: Envelope) -> Event:
    return Event(**msgspec.structs.asdict(envelope))


async def room_events(
    tx: Tx, actor: Actor, room_id: UUID, after: int, limit: int, hydrators: Hydrators
) -> EventPage:
    """Events of a room above `after`, to fill a hole."""
    await rooms.require(tx, actor, room_id, Can.READ)
    return await _event_page(tx, room_stream(room_id), after, limit, hydrators)


class Missing(NamedTuple):
    """What somebody lacks of a room."""

    account_id: UUID
    room_id: UUID
    after: int
    limit: int


async def missed(
    tx: Tx, asked: Sequence[Missing], hydrators: Hydrators
) -> dict[Missing, EventPage | AppError]:
    """`room_events` for many at once. After a cut everybody in a room lacks the same: it is read
    once, and each is looked at for what they may see."""
    accesses = await rooms.find_accesses(tx, [(one.account_id, one.room_id) for one in asked])
    pages: dict[tuple[UUID, int, int], EventPage] = {}
    answers: dict[Missing, EventPage | AppError] = {}
    for one, access in zip(asked, accesses, strict=True):
        refused = rooms.refusal(access, Can.READ)
        if refused is not None:
            answers[one] = refused
            continue
        page = pages.get(one[1:])
        if page is None:
            page = await _event_page(tx, room_stream(one.room_id), one.after, one.limit, hydrators)
            pages[one[1:]] = page
        answers[one] = page
    return answers


async def account_events(
    tx: Tx, actor: Actor, after: int, limit: int, hydrators: Hydrators
) -> EventPage:
    return await _event_page(tx, account_stream(actor.account_id), after, limit, hydrators)


async def _event_page(
    tx: Tx, stream: Stream, after: int, limit: int, hydrators: Hydrators
) -> EventPage:
    head = (await eventlog.heads(tx.conn, [stream.id]))[stream.id]
    too_long = head - after > TOO_LONG
    events = [] if too_long else await _events(tx, stream, after, limit, hydrators)
    return EventPage(events=events, head=head, too_long=too_long)


async def heads(tx: Tx, actor: Actor) -> dict[str, int]:
    """Heads of every stream I may hear, by name."""
    return (await store.heads(tx, [actor.account_id]))[actor.account_id]


async def find_head(tx: Tx, account_id: UUID, room_id: UUID) -> int | None:
    """The last seq of a room, None for an account that is not in it."""
    [access] = await rooms.find_accesses(tx, [(account_id, room_id)])
    return None if access is None else await rooms.head(tx, access)
