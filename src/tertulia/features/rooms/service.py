"""The door to rooms, and what people do with a room itself. Who is in it: `features/members`."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from tertulia.core import cursors, eventlog
from tertulia.core.actor import Actor
from tertulia.core.errors import AppError, FieldError, Forbidden, Invalid, NotFound
from tertulia.core.streams import account_stream, room_stream
from tertulia.core.tx import Emitted, Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.accounts.schemas import People
from tertulia.features.people import service as people
from tertulia.features.people.events import PersonBlocked, PersonUnblocked
from tertulia.features.rooms import policy, state, store
from tertulia.features.rooms.events import (
    LeaveReason,
    MemberJoined,
    MemberLeft,
    RoomChanged,
    RoomCreated,
    RoomField,
    RoomJoined,
    RoomLeft,
)
from tertulia.features.rooms.policy import Can
from tertulia.features.rooms.schemas import (
    ChangeRoom,
    CreateRoom,
    Member,
    Role,
    Room,
    RoomList,
)
from tertulia.features.rooms.state import AuditEntry
from tertulia.features.rooms.store import RoomAccess

PAGE = 50  # public rooms


class Archived(AppError):
    code, status, title = "archived", 409, "The room is archived"


class TimedOut(AppError):
    """`retry_after` says when it ends."""

    code, status, title = "timed_out", 403, "You are timed out in this room"


class TooSoon(AppError):
    """`retry_after` says when the next message may come."""

    code, status, title = "slow_mode", 429, "This room is in slow mode"


class Created(NamedTuple):
    room_id: UUID
    is_new: bool


async def require(tx: Tx, actor: Actor, room_id: UUID, can: Can) -> RoomAccess:
    """The one door. A writing transaction takes the room's lock before it looks, so that what is
    allowed here is still allowed at commit.

    Raises `NotFound` for everybody who is not a member, whether the room exists or not (C6),
    `Forbidden`, `Archived`, or `TimedOut`.
    """
    if tx.writable:
        await tx.lock(room_stream(room_id))
    [access] = await find_accesses(tx, [(actor.account_id, room_id)])
    refused = refusal(access, can)
    if access is None or refused is not None:
        raise refused or NotFound()
    return access


async def find_accesses(tx: Tx, wanted: Sequence[tuple[UUID, UUID]]) -> list[RoomAccess | None]:
    """What each (account, room) has, None for no members, in the order asked. It takes no lock:
    who writes locks the rooms' streams before, and asks `refusal` after."""
    return await store.find_accesses(tx, wanted)


def refusal(access: RoomAccess | None, can: Can) -> AppError | None:
    """Why not; None when it may be done."""
    if access is None:
        return NotFound()
    if not _may(access, can, archived=False):
        return Forbidden()
    if not _may(access, can, archived=access.archived):
        return Archived()
    if access.silenced_for is not None and can in policy.SILENCED:
        return TimedOut(retry_after=access.silenced_for)
    return people.Unreachable() if access.apart and can in policy.SILENCED else None


def _may(access: RoomAccess, can: Can, *, archived: bool) -> bool:
    return policy.may(
        can,
        kind=access.kind,
        role=access.role,
        archived=archived,
        posting=access.room.posting,
        thread_replies=access.room.thread_replies,
    )


def is_slow(access: RoomAccess) -> bool:
    """Does slow mode hold for this member of the room?"""
    return access.room.slow_mode > 0 and policy.waits(access.role)


def require_patience(tx: Tx, access: RoomAccess, *, just_now: bool) -> None:
    """Raises `TooSoon` for who spoke a moment ago in a slow room; `just_now`: in this very
    transaction, which `mark_spoke` has not told yet."""
    if not is_slow(access):
        return
    spoke_at = tx.now if just_now else access.spoke_at
    if spoke_at is not None:
        left = access.room.slow_mode - (tx.now - spoke_at).total_seconds()
        if left > 0:
            raise TooSoon(retry_after=left)


def may_call_all(access: RoomAccess, members: int) -> bool:
    """May they call a room of so many members? Asked of those whom `Can.MENTION_ROOM` allows it."""
    return policy.may_call_all(access.role, access.room.room_mentions, members)


async def mark_spoke(tx: Tx, who: Collection[tuple[UUID, UUID]]) -> None:
    """Slow mode begins anew for these (account, room): one statement, in slow rooms only."""
    await store.mark_spoke(tx, who)


async def memberships(tx: Tx, account_id: UUID) -> list[RoomAccess]:
    """Every room the account is in."""
    return await store.memberships(tx, account_id)


async def room_ids(tx: Tx, account_id: UUID) -> list[UUID]:
    return await store.room_ids(tx, account_id)


async def rooms_of(tx: Tx, account_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """The rooms each of these accounts is in, none for an account that is nowhere."""
    return await store.rooms_of(tx, account_ids)


async def members(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, list[Member]]:
    """Everybody in these rooms, by room id, oldest first: for direct rooms and groups, which are
    small by rule."""
    return await store.members(tx, accesses)


async def get_members(tx: Tx, room: Room, ids: Collection[UUID]) -> dict[UUID, Member]:
    """These people as members of a room, by account id."""
    return await store.get_members(tx, room, ids)


async def member_counts(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, int]:
    return await store.member_counts(tx, accesses)


async def member_ids(tx: Tx, access: RoomAccess) -> list[UUID]:
    return await store.member_ids(tx, access)


async def heads(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, int]:
    """The last seq of each room, by room id."""
    return await eventlog.heads(tx.conn, [access.room_id for access in accesses])


async def head(tx: Tx, access: RoomAccess) -> int:
    return (await heads(tx, [access]))[access.room_id]


async def record(tx: Tx, actor: Actor, room_id: UUID, entry: AuditEntry) -> None:
    """Write into the room's audit trail what somebody did, in the transaction that did it."""
    await store.record(tx, room_id, actor.account_id, entry)


async def moderator_ids(tx: Tx, room_id: UUID, limit: int) -> list[UUID]:
    """Who keeps order in a room, at most so many."""
    return await store.moderator_ids(tx, room_id, limit)


async def is_direct(tx: Tx, room_id: UUID) -> bool:
    room = await store.find_room(tx, room_id)
    return room is not None and room.kind == "direct"


async def find_members_named(
    tx: Tx, wanted: Collection[tuple[UUID, str]]
) -> dict[tuple[UUID, str], UUID]:
    """Account ids by (room id, username as given, any case); no member, no entry. The caller has
    access to these rooms."""
    return await store.find_members_named(tx, wanted)


async def find_room(tx: Tx, room_id: UUID) -> Room | None:
    """A room without asking who wants to know: for those who decide that themselves (a public
    door, an invite)."""
    return await store.find_room(tx, room_id)


async def get_room(tx: Tx, room_id: UUID) -> Room:
    """`find_room` for a room that is known to be. Raises `NotFound`."""
    room = await store.find_room(tx, room_id)
    if room is None:
        raise NotFound
    return room


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
    if not await store.insert(tx, room, key):
        existing = await store.find_direct(tx, key or "")
        if existing is None:
            raise NotFound
        return Created(existing, is_new=False)
    if room.kind == "direct":
        await people.require_may_message(tx, actor.account_id, others[0], store.sharing)
    else:
        await require_may_add(tx, actor.account_id, fields)
    await tx.open_stream(room_stream(room.id))
    tx.emit(room_stream(room.id), RoomCreated(room=room), actor)
    places: dict[UUID, Role] = dict.fromkeys(others, "member")
    first: Role = "member" if room.kind == "direct" else "owner"
    await seat(tx, room, {actor.account_id: first, **places}, actor)
    return Created(room.id, is_new=True)


async def require_may_add(tx: Tx, account_id: UUID, fields: Mapping[UUID, str]) -> None:
    """Raises `Invalid` naming the field of everybody who does not let the account add them."""
    await people.require_may_add(tx, account_id, fields, store.sharing)


async def find_people(tx: Tx, actor: Actor, query: str, cursor: str | None) -> People:
    """A page of the directory, by username: those who let the actor find them."""
    return await people.find_people(tx, actor, query, cursor, store.sharing)


async def reach(tx: Tx, account_id: UUID, ids: Collection[UUID]) -> dict[UUID, people.Reach]:
    """How an account stands to each of these, and whether they share a room."""
    return await people.reach(tx, account_id, ids, store.sharing)


async def share_room(tx: Tx, one: UUID, other: UUID) -> bool:
    return bool(await store.sharing(tx, one, [other]))


async def has_direct(tx: Tx, one: UUID, other: UUID) -> bool:
    """Is there a direct room of these two?"""
    return await store.find_direct(tx, state.direct_key(one, other)) is not None


async def on_block_changed(tx: Tx, emitted: Emitted) -> None:
    """Somebody was blocked, or no longer: their direct room falls silent, or speaks again."""
    fact, one = emitted.fact, emitted.stream.id
    if not isinstance(fact, PersonBlocked | PersonUnblocked):
        return
    room_id = await store.find_direct(tx, state.direct_key(one, fact.account_id))
    if room_id is not None:
        await tx.lock(room_stream(room_id))
        await store.set_apart(tx, room_id, one, fact.account_id)


async def bring_in(tx: Tx, room: Room, pair: tuple[UUID, UUID] | None = None) -> bool:
    """Make a room as it was elsewhere, without members and of no actor. False where this pair has a
    direct room already."""
    if not await store.insert(tx, room, state.direct_key(*pair) if pair else None):
        return False
    await store.update(tx, room)
    await tx.open_stream(room_stream(room.id))
    tx.emit(room_stream(room.id), RoomCreated(room=room), None)
    return True


async def require_known(tx: Tx, ids: Sequence[UUID], fields: Sequence[str]) -> None:
    """Raises `Invalid` naming the field of every account that does not exist or was closed."""
    found = await accounts.get_accounts(tx, ids)
    known = {account.id for account in found.values() if not account.deactivated}
    message = "There is no such account."
    errors = [
        FieldError(field, "unknown", message)
        for one, field in zip(ids, fields, strict=True)
        if one not in known
    ]
    if errors:
        raise Invalid(message, errors=tuple(errors))


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
        await store.update(tx, after)
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
    found = await store.browse(tx, actor.account_id, pattern, before, PAGE + 1)
    page = found[:PAGE]
    following = cursors.encode(page[-1].room.id) if len(found) > PAGE else None
    return RoomList(rooms=page, next=following)


async def seat(
    tx: Tx, room: Room, newcomers: Mapping[UUID, Role], by: Actor | None
) -> list[Member]:
    """Give people their places in a locked room. Whether they may have them was decided before; of
    nobody (`by` None) where they were in it elsewhere."""
    await tx.lock(*(account_stream(account_id) for account_id in newcomers))
    stream = room_stream(room.id)
    seated_by = by.account_id if by else room.created_by
    await store.seat(tx, room, newcomers, seated_by, tx.head(stream))
    found = await store.get_members(tx, room, newcomers)
    for account_id in newcomers:
        joined = MemberJoined(member=found[account_id], by=_other(by, account_id))
        tx.emit(stream, joined, by)
        tx.emit(account_stream(account_id), RoomJoined(room_id=room.id), by)
    return [found[account_id] for account_id in newcomers]


async def unseat(
    tx: Tx, room: Room, account_id: UUID, reason: LeaveReason, by: Actor, note: str = ""
) -> None:
    """Take a member's place in a locked room."""
    await tx.lock(account_stream(account_id))
    await store.unseat(tx, room, account_id, reason, by.account_id, note)
    left = MemberLeft(account_id=account_id, reason=reason, by=_other(by, account_id))
    tx.emit(room_stream(room.id), left, by)
    tx.emit(account_stream(account_id), RoomLeft(room_id=room.id, reason=reason), by)


def _other(by: Actor | None, account_id: UUID) -> UUID | None:
    return None if by is None or by.account_id == account_id else by.account_id
