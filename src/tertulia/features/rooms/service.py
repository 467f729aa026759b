"""The door to rooms, and what people do with rooms and with who is in them."""

from collections.abc import Collection, Sequence
from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.errors import AppError, Forbidden, NotFound
from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.rooms import policy, store
from tertulia.features.rooms.policy import Can
from tertulia.features.rooms.schemas import Member
from tertulia.features.rooms.store import RoomAccess


class Archived(AppError):
    code, status, title = "archived", 409, "The room is archived"


async def require(tx: Tx, actor: Actor, room_id: UUID, can: Can) -> RoomAccess:
    """The one door. A writing transaction takes the room's lock before it looks, so that what is
    allowed here is still allowed at commit.

    Raises `NotFound` for everybody who is not a member, whether the room exists or not (C6),
    `Forbidden`, or `Archived`.
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
    return None if _may(access, can, archived=access.archived) else Archived()


def _may(access: RoomAccess, can: Can, *, archived: bool) -> bool:
    return policy.may(
        can,
        kind=access.kind,
        visibility=access.visibility,
        role=access.role,
        archived=archived,
    )


async def memberships(tx: Tx, account_id: UUID) -> list[RoomAccess]:
    """Every room the account is in."""
    return await store.memberships(tx, account_id)


async def room_ids(tx: Tx, account_id: UUID) -> list[UUID]:
    return await store.room_ids(tx, account_id)


async def members(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, list[Member]]:
    """Everybody in these rooms, by room id, oldest first: for direct rooms and groups, which are
    small by rule."""
    return await store.members(tx, accesses)


async def member_counts(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, int]:
    return await store.member_counts(tx, accesses)


async def member_ids(tx: Tx, access: RoomAccess) -> list[UUID]:
    return await store.member_ids(tx, access)


async def heads(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, int]:
    """The last seq of each room, by room id."""
    return await store.heads(tx, accesses)


async def head(tx: Tx, access: RoomAccess) -> int:
    return (await store.heads(tx, [access]))[access.room_id]


async def is_direct(tx: Tx, room_id: UUID) -> bool:
    return await store.find_kind(tx, room_id) == "direct"


async def find_members_named(
    tx: Tx, wanted: Collection[tuple[UUID, str]]
) -> dict[tuple[UUID, str], UUID]:
    """Account ids by (room id, username as given, any case); no member, no entry. The caller has
    access to these rooms."""
    return await store.find_members_named(tx, wanted)
