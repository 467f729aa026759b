"""Who is in a room, and how they come to sit there. Whether they may: `features/members`."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.errors import FieldError, Invalid
from tertulia.core.streams import account_stream, room_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.accounts.schemas import People
from tertulia.features.people import service as people
from tertulia.features.rooms.events import (
    LeaveReason,
    MemberJoined,
    MemberLeft,
    RoomJoined,
    RoomLeft,
)
from tertulia.features.rooms.schemas import Member, Role, Room
from tertulia.features.rooms.store import access as accesses
from tertulia.features.rooms.store import seats
from tertulia.features.rooms.store.access import RoomAccess


async def memberships(tx: Tx, account_id: UUID) -> list[RoomAccess]:
    """Every room the account is in."""
    return await accesses.memberships(tx, account_id)


async def room_ids(tx: Tx, account_id: UUID) -> list[UUID]:
    return await seats.room_ids(tx, account_id)


async def rooms_of(tx: Tx, account_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """The rooms each of these accounts is in, none for an account that is nowhere."""
    return await seats.rooms_of(tx, account_ids)


async def members(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, list[Member]]:
    """Everybody in these rooms, by room id, oldest first: for direct rooms and groups, which are
    small by rule."""
    return await seats.members(tx, accesses)


async def get_members(tx: Tx, room: Room, ids: Collection[UUID]) -> dict[UUID, Member]:
    """These people as members of a room, by account id."""
    return await seats.get_members(tx, room, ids)


async def member_counts(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, int]:
    return await seats.member_counts(tx, accesses)


async def member_ids(tx: Tx, access: RoomAccess) -> list[UUID]:
    return await seats.member_ids(tx, access)


async def moderator_ids(tx: Tx, room_id: UUID, limit: int) -> list[UUID]:
    """Who keeps order in a room, at most so many."""
    return await seats.moderator_ids(tx, room_id, limit)


async def find_members_named(
    tx: Tx, wanted: Collection[tuple[UUID, str]]
) -> dict[tuple[UUID, str], UUID]:
    """Account ids by (room id, username as given, any case); no member, no entry. The caller has
    access to these rooms."""
    return await seats.find_members_named(tx, wanted)


async def share_room(tx: Tx, one: UUID, other: UUID) -> bool:
    return bool(await seats.sharing(tx, one, [other]))


async def reach(tx: Tx, account_id: UUID, ids: Collection[UUID]) -> dict[UUID, people.Reach]:
    """How an account stands to each of these, and whether they share a room."""
    return await people.reach(tx, account_id, ids, seats.sharing)


async def find_people(tx: Tx, actor: Actor, query: str, cursor: str | None) -> People:
    """A page of the directory, by username: those who let the actor find them."""
    return await people.find_people(tx, actor, query, cursor, seats.sharing)


async def require_may_add(tx: Tx, account_id: UUID, fields: Mapping[UUID, str]) -> None:
    """Raises `Invalid` naming the field of everybody who does not let the account add them."""
    await people.require_may_add(tx, account_id, fields, seats.sharing)


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


async def seat(
    tx: Tx, room: Room, newcomers: Mapping[UUID, Role], by: Actor | None
) -> list[Member]:
    """Give people their places in a locked room. Whether they may have them was decided before; of
    nobody (`by` None) where they were in it elsewhere."""
    await tx.lock(*(account_stream(account_id) for account_id in newcomers))
    stream = room_stream(room.id)
    seated_by = by.account_id if by else room.created_by
    await seats.seat(tx, room, newcomers, seated_by, tx.head(stream))
    found = await seats.get_members(tx, room, newcomers)
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
    await seats.unseat(tx, room, account_id, reason, by.account_id, note)
    left = MemberLeft(account_id=account_id, reason=reason, by=_other(by, account_id))
    tx.emit(room_stream(room.id), left, by)
    tx.emit(account_stream(account_id), RoomLeft(room_id=room.id, reason=reason), by)


def _other(by: Actor | None, account_id: UUID) -> UUID | None:
    return None if by is None or by.account_id == account_id else by.account_id
