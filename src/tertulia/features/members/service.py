"""Coming and going: joining, leaving, adding, removing, bans, roles, and how far one has read."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from tertulia.core import cursors
from tertulia.core.actor import Actor
from tertulia.core.errors import AppError, Conflict, FieldError, Forbidden, Invalid, NotFound
from tertulia.core.streams import account_stream, room_stream
from tertulia.core.tx import Emitted, Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.members import policy, store
from tertulia.features.members.schemas import (
    Ban,
    BanList,
    Banned,
    MemberCounts,
    MemberList,
    TimeOut,
)
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.events import (
    MemberChanged,
    MemberRoleChanged,
    MemberTimedOut,
    RoomRead,
    RoomsRead,
)
from tertulia.features.rooms.schemas import GROUP_LIMIT, Member, Role, Room
from tertulia.features.rooms.service import Archived, AuditEntry, Can, RoomAccess

PAGE = 100  # members
POSITIONS = 500  # rooms one `rooms.read` tells of
LONGEST_TIME_OUT = timedelta(days=28)
BANS = 100  # of a page


class BannedHere(AppError):
    code, status, title = "banned", 403, "You are banned from this room"


class LastOwner(AppError):
    code, status, title = "last_owner", 409, "Hand over ownership first"


class RoomFull(Conflict):
    title = f"A group has at most {GROUP_LIMIT} members"


async def join(tx: Tx, actor: Actor, room_id: UUID) -> UUID:
    """Walk into a public channel; who is in already stays in. A room that is not public answers
    `NotFound`, also to those banned from it. Raises `BannedHere`, `Archived`."""
    await tx.lock(room_stream(room_id))
    room = await rooms.find_room(tx, room_id)
    [access] = await rooms.find_accesses(tx, [(actor.account_id, room_id)])
    if access is None:
        if room is None or room.visibility != "public":
            raise NotFound
        await _enter(tx, actor, room, "member")
    return room_id


async def admit(tx: Tx, actor: Actor, room_id: UUID, role: Role) -> None:
    """Let somebody in whom an invite brought; the room is locked and they are not in it. Raises
    `BannedHere`, `Archived`, `RoomFull`."""
    await _enter(tx, actor, await rooms.get_room(tx, room_id), role)


async def _enter(tx: Tx, actor: Actor, room: Room, role: Role) -> None:
    standing = (await store.standings(tx, room.id, [actor.account_id])).get(actor.account_id)
    if standing is not None and standing.status == "banned":
        raise BannedHere
    if room.archived_at is not None:
        raise Archived
    await _require_space(tx, room, 1)
    await rooms.seat(tx, room, {actor.account_id: role}, actor)


async def _require_space(tx: Tx, room: Room, newcomers: int) -> None:
    if room.kind == "group" and await count(tx, room) + newcomers > GROUP_LIMIT:
        raise RoomFull


async def count(tx: Tx, room: Room) -> int:
    return await store.count(tx, room)


async def leave(tx: Tx, actor: Actor, room_id: UUID) -> None:
    """Go. The last owner hands over first (`LastOwner`); the last of all closes the room."""
    access = await rooms.require(tx, actor, room_id, Can.LEAVE)
    others = await store.others(tx, access, actor.account_id)
    if access.role == "owner" and others.members and not others.owners:
        raise LastOwner
    await rooms.unseat(tx, access.room, actor.account_id, "left", actor)
    if not others.members:
        await rooms.archive(tx, actor, access.room)


async def add(tx: Tx, actor: Actor, room_id: UUID, account_ids: Sequence[UUID]) -> list[Member]:
    """Bring people in; answers those who were not in already. Raises `Invalid` naming everybody
    who cannot be added, and adds nobody then; or `RoomFull`."""
    access = await rooms.require(tx, actor, room_id, Can.ADD)
    wanted = list(dict.fromkeys(account_ids))
    fields = [f"account_ids[{account_ids.index(one)}]" for one in wanted]
    await rooms.require_known(tx, wanted, fields)
    standings = await store.standings(tx, room_id, wanted)
    status = {account_id: standing.status for account_id, standing in standings.items()}
    banned = [f for one, f in zip(wanted, fields, strict=True) if status.get(one) == "banned"]
    if banned:
        message = "Lift the ban first."
        raise Invalid(message, errors=tuple(FieldError(f, "banned", message) for f in banned))
    newcomers = [one for one in wanted if status.get(one) != "joined"]
    if not newcomers:
        return []
    asked = {one: fields[wanted.index(one)] for one in newcomers}
    await rooms.require_may_add(tx, actor.account_id, asked)
    await _require_space(tx, access.room, len(newcomers))
    return await rooms.seat(tx, access.room, dict.fromkeys(newcomers, "member"), actor)


async def remove(tx: Tx, actor: Actor, room_id: UUID, account_id: UUID, reason: str = "") -> None:
    """Take somebody out; without a ban they may come back where the door is open."""
    access = await rooms.require(tx, actor, room_id, Can.REMOVE)
    await _require_may_remove(tx, access, account_id)
    await rooms.unseat(tx, access.room, account_id, "removed", actor)
    entry = AuditEntry(action="member.removed", account_id=account_id, reason=reason)
    await rooms.record(tx, actor, room_id, entry)


async def _require_may_remove(tx: Tx, access: RoomAccess, account_id: UUID) -> None:
    """Raises `Invalid` for oneself, `NotFound` for who is not in, `Forbidden` by rank."""
    if account_id == access.account_id:
        raise Invalid("That is you: leave the room instead.")
    target = await _get_standing(tx, access, account_id)
    if not policy.may_remove(access.role, target.role):
        raise Forbidden


async def _get_standing(tx: Tx, access: RoomAccess, account_id: UUID) -> store.Standing:
    standing = (await store.standings(tx, access.room_id, [account_id])).get(account_id)
    if standing is None or standing.status != "joined":
        raise NotFound
    return standing


async def ban(tx: Tx, actor: Actor, room_id: UUID, wanted: Ban) -> None:
    """Keep somebody out, whether they are in or not. Banning again says anew why."""
    access = await rooms.require(tx, actor, room_id, Can.BAN)
    await rooms.require_known(tx, [wanted.account_id], ["account_id"])
    standings = await store.standings(tx, room_id, [wanted.account_id])
    if any(standing.status == "joined" for standing in standings.values()):
        await _require_may_remove(tx, access, wanted.account_id)
        await rooms.unseat(tx, access.room, wanted.account_id, "banned", actor, note=wanted.reason)
    else:
        await store.ban_absent(tx, access, wanted.account_id, wanted.reason)
    entry = AuditEntry(action="member.banned", account_id=wanted.account_id, reason=wanted.reason)
    await rooms.record(tx, actor, room_id, entry)


async def time_out(
    tx: Tx, actor: Actor, room_id: UUID, account_id: UUID, wanted: TimeOut
) -> Member:
    """Let a member only read for a while, or (`until` null) let them speak again. It holds through
    leaving and coming back. Raises `Invalid` for a time that is over or too far."""
    access = await rooms.require(tx, actor, room_id, Can.MODERATE)
    await _require_may_remove(tx, access, account_id)
    if wanted.until is not None and not tx.now < wanted.until <= tx.now + LONGEST_TIME_OUT:
        message = f"A time-out ends within {LONGEST_TIME_OUT.days} days."
        raise Invalid(message, errors=(FieldError("until", "range", message),))
    await store.time_out(tx, access, account_id, wanted.until)
    tx.emit(room_stream(room_id), MemberTimedOut(account_id=account_id, until=wanted.until), actor)
    entry = AuditEntry(
        action="member.timed_out" if wanted.until else "member.time_out_lifted",
        account_id=account_id,
        reason=wanted.reason,
        detail=wanted.until.isoformat() if wanted.until else "",
    )
    await rooms.record(tx, actor, room_id, entry)
    return (await rooms.get_members(tx, access.room, [account_id]))[account_id]


async def unban(tx: Tx, actor: Actor, room_id: UUID, account_id: UUID) -> None:
    """Lift a ban; it brings nobody back. Raises `NotFound` where there is none."""
    access = await rooms.require(tx, actor, room_id, Can.BAN)
    if not await store.unban(tx, access, account_id):
        raise NotFound
    await rooms.record(
        tx, actor, room_id, AuditEntry(action="member.unbanned", account_id=account_id)
    )


async def bans(tx: Tx, actor: Actor, room_id: UUID, cursor: str | None = None) -> BanList:
    """Who may not come back, the newest ban first."""
    access = await rooms.require(tx, actor, room_id, Can.SEE_BANS)
    before = cursors.decode(cursor, store.BanPlace) if cursor else None
    found = await store.bans(tx, access, before, BANS + 1)
    rows = found[:BANS]
    people = await accounts.get_accounts(tx, [row.account_id for row in rows])
    last = store.BanPlace(rows[-1].banned_at, rows[-1].account_id) if len(found) > BANS else None
    return BanList(
        bans=[
            Banned(
                account=people[row.account_id],
                reason=row.reason,
                banned_at=row.banned_at,
                banned_by=row.banned_by,
            )
            for row in rows
        ],
        next=cursors.encode(last) if last else None,
    )


async def change_role(tx: Tx, actor: Actor, room_id: UUID, account_id: UUID, role: Role) -> Member:
    """Give a member another role. Ownership is handed over by making another owner first, then
    stepping down. Raises `NotFound`, `Forbidden`, `LastOwner`."""
    access = await rooms.require(tx, actor, room_id, Can.CHANGE_ROLE)
    target = await _get_standing(tx, access, account_id)
    own = account_id == actor.account_id
    if not policy.may_change_role(access.role, target.role, role, own=own):
        raise Forbidden
    if role != target.role:
        others = await store.others(tx, access, account_id)
        if target.role == "owner" and not others.owners:
            raise LastOwner
        await store.set_role(tx, access, account_id, role)
        tx.emit(room_stream(room_id), MemberRoleChanged(account_id=account_id, role=role), actor)
        entry = AuditEntry(action="member.role_changed", account_id=account_id, detail=role)
        await rooms.record(tx, actor, room_id, entry)
    return (await rooms.get_members(tx, access.room, [account_id]))[account_id]


async def page(
    tx: Tx,
    actor: Actor,
    room_id: UUID,
    cursor: str | None,
    *,
    query: str = "",
    role: Role | None = None,
    ids: Sequence[UUID] | None = None,
) -> MemberList:
    """Members whose names hold `query`, of a role, or of these alone: owners first, then by
    name. A first page says how many match."""
    access = await rooms.require(tx, actor, room_id, Can.READ)
    after = cursors.decode(cursor, store.Place) if cursor else store.FIRST
    wanted = store.Wanted(query.strip() or None, role, ids)
    places = await store.page(tx, access, wanted, after, PAGE + 1)
    shown = places[:PAGE]
    following = cursors.encode(shown[-1]) if len(places) > PAGE else None
    found = await rooms.get_members(tx, access.room, [place.account_id for place in shown])
    counts = None if cursor else MemberCounts(**await store.counts(tx, access, wanted))
    return MemberList(
        members=[found[place.account_id] for place in shown], next=following, counts=counts
    )


class Reading(NamedTuple):
    """Somebody has read a room up to here."""

    actor: Actor
    room_id: UUID
    seq: int


async def mark_read(tx: Tx, actor: Actor, room_id: UUID, seq: int) -> None:
    """Move my read position forward, at most to the head."""
    [refused] = await read_together(tx, [Reading(actor, room_id, seq)])
    if refused is not None:
        raise refused


async def read_together(tx: Tx, asked: Sequence[Reading]) -> list[AppError | None]:
    """`mark_read` for many at once; for each its refusal. Theirs alone: it locks the streams of
    their accounts, never a room's, so that a full room reads without waiting."""
    places = [(one.actor.account_id, one.room_id) for one in asked]
    accesses = await rooms.find_accesses(tx, places)
    refused = [rooms.refusal(access, Can.READ) for access in accesses]
    allowed = [
        access for access, no in zip(accesses, refused, strict=True) if access and no is None
    ]
    heads = await rooms.heads(tx, allowed) if allowed else {}
    behind: dict[tuple[UUID, UUID], Reading] = {}
    for place, one, access, no in zip(places, asked, accesses, refused, strict=True):
        if access is None or no is not None:
            continue
        seq = min(one.seq, heads[one.room_id])
        known = behind[place].seq if place in behind else access.read_seq
        if seq > known:
            behind[place] = one._replace(seq=seq)
    if behind:
        await tx.lock(*(account_stream(account_id) for account_id, _ in behind))
        moved = await store.move_read(
            tx, [(room_id, account_id, one.seq) for (account_id, room_id), one in behind.items()]
        )
        for (account_id, room_id), one in behind.items():
            if (room_id, account_id) in moved:
                fact = RoomRead(room_id=room_id, read_seq=one.seq)
                tx.emit(account_stream(account_id), fact, one.actor)
    return refused


async def mark_all_read(tx: Tx, actor: Actor) -> None:
    """Move my read position to the head of every room of mine, in one statement and, however many
    rooms, in few facts."""
    mine = account_stream(actor.account_id)
    await tx.lock(mine)
    moved = await store.move_all_read(tx, actor.account_id)
    for first in range(0, len(moved), POSITIONS):
        tx.emit(mine, RoomsRead(positions=moved[first : first + POSITIONS]), actor)


async def move_back(tx: Tx, access: RoomAccess, read_seq: int) -> None:
    """Put a member's read position where they want it, back or not; what others were told of it
    stays (`read_high`). Their account's stream is locked."""
    await store.move_back(tx, access, read_seq)


async def on_account_changed(tx: Tx, emitted: Emitted) -> None:
    """A profile changed: every room of that account hears it."""
    account_id = emitted.stream.id
    await _lock_rooms_of(tx, account_id)
    await tx.lock(emitted.stream)
    # Until the account was ours somebody could have seated it elsewhere with its old profile;
    # from here on nobody can.
    joined = await _lock_rooms_of(tx, account_id)
    account = (await accounts.get_accounts(tx, [account_id]))[account_id]
    for room_id in joined:
        tx.emit(room_stream(room_id), MemberChanged(account=account), None)


async def _lock_rooms_of(tx: Tx, account_id: UUID) -> list[UUID]:
    joined = await rooms.room_ids(tx, account_id)
    await tx.lock(*(room_stream(room_id) for room_id in joined))
    return joined
