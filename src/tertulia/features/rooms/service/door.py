"""The one door to rooms: who may do what, and who has to wait."""

from collections.abc import Collection, Sequence
from uuid import UUID

from tertulia.core import eventlog
from tertulia.core.actor import Actor
from tertulia.core.errors import AppError, Forbidden, NotFound
from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.people import service as people
from tertulia.features.rooms import policy
from tertulia.features.rooms.policy import Can
from tertulia.features.rooms.store import access as accesses
from tertulia.features.rooms.store import seats
from tertulia.features.rooms.store.access import RoomAccess


class Archived(AppError):
    code, status, title = "archived", 409, "The room is archived"


class TimedOut(AppError):
    """`retry_after` says when it ends."""

    code, status, title = "timed_out", 403, "You are timed out in this room"


class TooSoon(AppError):
    """`retry_after` says when the next message may come."""

    code, status, title = "slow_mode", 429, "This room is in slow mode"


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
    return await accesses.find_accesses(tx, wanted)


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
    await seats.mark_spoke(tx, who)


async def heads(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, int]:
    """The last seq of each room, by room id."""
    return await eventlog.heads(tx.conn, [access.room_id for access in accesses])


async def heads_seen(tx: Tx, access: RoomAccess) -> tuple[int, int]:
    """The last seq of a room, and of its reader's own stream."""
    found = await eventlog.heads(tx.conn, [access.room_id, access.account_id])
    return found[access.room_id], found[access.account_id]


async def head(tx: Tx, access: RoomAccess) -> int:
    return (await heads(tx, [access]))[access.room_id]
