"""What people do with a room itself."""

from typing import NamedTuple
from uuid import UUID

from tertulia.core import cursors
from tertulia.core.actor import Actor
from tertulia.core.errors import NotFound
from tertulia.core.streams import room_stream
from tertulia.core.tx import Emitted, Tx
from tertulia.features.people import service as people
from tertulia.features.people.events import PersonBlocked, PersonUnblocked
from tertulia.features.rooms import state
from tertulia.features.rooms.events import RoomChanged, RoomCreated, RoomField
from tertulia.features.rooms.policy import Can
from tertulia.features.rooms.schemas import ChangeRoom, CreateRoom, Role, Room, RoomList
from tertulia.features.rooms.service.door import refusal, require
from tertulia.features.rooms.service.seating import require_known, require_may_add, seat
from tertulia.features.rooms.state import AuditEntry
from tertulia.features.rooms.store import rooms as rows
from tertulia.features.rooms.store import seats

PAGE = 50  # public rooms
_RIGHT: dict[RoomField, Can] = {
    "name": Can.CHANGE,
    "topic": Can.CHANGE,
    "visibility": Can.CHANGE_VISIBILITY,
    "archived": Can.ARCHIVE,
    "posting": Can.MODERATE,
    "thread_replies": Can.MODERATE,
    "slow_mode": Can.MODERATE,
    "avatar": Can.CHANGE,
    "message_ttl": Can.CHANGE_TTL,
    "room_mentions": Can.MODERATE,
    "previews": Can.CHANGE_TTL,  # who says how long words stay says where their links may go
}


class Created(NamedTuple):
    room_id: UUID
    is_new: bool


async def find_room(tx: Tx, room_id: UUID) -> Room | None:
    """A room without asking who wants to know: for those who decide that themselves (a public
    door, an invite)."""
    return await rows.find_room(tx, room_id)


async def get_room(tx: Tx, room_id: UUID) -> Room:
    """`find_room` for a room that is known to be. Raises `NotFound`."""
    room = await rows.find_room(tx, room_id)
    if room is None:
        raise NotFound
    return room


async def is_direct(tx: Tx, room_id: UUID) -> bool:
    room = await rows.find_room(tx, room_id)
    return room is not None and room.kind == "direct"


async def has_direct(tx: Tx, one: UUID, other: UUID) -> bool:
    """Is there a direct room of these two?"""
    return await rows.find_direct(tx, state.direct_key(one, other)) is not None


async def create(tx: Tx, actor: Actor, draft: CreateRoom) -> Created:
    """Make a room with its first members, or find the one direct room of a pair.

    Raises `Invalid` naming the field.
    """
    others = [one for one in dict.fromkeys(draft.members) if one != actor.account_id]
    room = state.draw(
        draft, room_id=tx.ids.uuid7(), creator=actor.account_id, others=others, now=tx.now
    )
    fields = {one: f"members[{draft.members.index(one)}]" for one in others}
    await require_known(tx, others, list(fields.values()))
    key = state.direct_key(actor.account_id, others[0]) if room.kind == "direct" else None
    if not await rows.insert(tx, room, key):
        existing = await rows.find_direct(tx, key or "")
        if existing is None:
            raise NotFound
        return Created(existing, is_new=False)
    if room.kind == "direct":
        await people.require_may_message(tx, actor.account_id, others[0], seats.sharing)
    else:
        await require_may_add(tx, actor.account_id, fields)
    await tx.open_stream(room_stream(room.id))
    tx.emit(room_stream(room.id), RoomCreated(room=room), actor)
    places: dict[UUID, Role] = dict.fromkeys(others, "member")
    first: Role = "member" if room.kind == "direct" else "owner"
    await seat(tx, room, {actor.account_id: first, **places}, actor)
    return Created(room.id, is_new=True)


async def bring_in(tx: Tx, room: Room, pair: tuple[UUID, UUID] | None = None) -> bool:
    """Make a room as it was elsewhere, without members and of no actor. False where this pair has a
    direct room already."""
    if not await rows.insert(tx, room, state.direct_key(*pair) if pair else None):
        return False
    await rows.update(tx, room)
    await tx.open_stream(room_stream(room.id))
    tx.emit(room_stream(room.id), RoomCreated(room=room), None)
    return True


async def change(tx: Tx, actor: Actor, room_id: UUID, wanted: ChangeRoom) -> Room:
    """Rename, retopic, open, close, archive, bring back: all that was asked for, or nothing."""
    access = await require(tx, actor, room_id, Can.READ)
    for field in state.asked(wanted):
        refused = refusal(access, _RIGHT[field])
        if refused is not None:
            raise refused
    after = await _apply(tx, actor, access.room, wanted)
    if after != access.room:
        detail = " ".join(state.asked(wanted))
        await record(tx, actor, room_id, AuditEntry(action="room.changed", detail=detail))
    return after


async def _apply(tx: Tx, actor: Actor, room: Room, wanted: ChangeRoom) -> Room:
    after, changed = state.changed(room, wanted, tx.now)
    if changed:
        await rows.update(tx, after)
        tx.emit(room_stream(room.id), RoomChanged(room=after, changed=changed), actor)
    return after


async def archive(tx: Tx, actor: Actor, room: Room) -> None:
    """Close a locked room that nobody is in any more."""
    await _apply(tx, actor, room, ChangeRoom(archived=True))


def like_pattern(query: str) -> str:
    """A LIKE pattern that finds `query` anywhere."""
    return state.like_pattern(query)


async def browse(tx: Tx, actor: Actor, query: str, cursor: str | None) -> RoomList:
    """Public rooms, newest first, whose name or topic holds `query`."""
    before = cursors.decode(cursor, UUID) if cursor else None
    pattern = state.like_pattern(query)
    found = await rows.browse(tx, actor.account_id, pattern, before, PAGE + 1)
    page = found[:PAGE]
    following = cursors.encode(page[-1].room.id) if len(found) > PAGE else None
    return RoomList(rooms=page, next=following)


async def on_block_changed(tx: Tx, emitted: Emitted) -> None:
    """Somebody was blocked, or no longer: their direct room falls silent, or speaks again."""
    fact, one = emitted.fact, emitted.stream.id
    if not isinstance(fact, PersonBlocked | PersonUnblocked):
        return
    room_id = await rows.find_direct(tx, state.direct_key(one, fact.account_id))
    if room_id is not None:
        await tx.lock(room_stream(room_id))
        await rows.set_apart(tx, room_id, one, fact.account_id)


async def record(tx: Tx, actor: Actor, room_id: UUID, entry: AuditEntry) -> None:
    """Write into the room's audit trail what somebody did, in the transaction that did it."""
    await rows.record(tx, room_id, actor.account_id, entry)


async def record_of(tx: Tx, account_id: UUID, room_id: UUID, entry: AuditEntry) -> None:
    """What happened by itself to something that `account_id` made."""
    await rows.record(tx, room_id, account_id, entry)
