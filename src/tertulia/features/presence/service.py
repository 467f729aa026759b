"""The verbs of presence: whom may I see, where may I be seen typing, when do I want to be left
alone."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from tertulia.core.actor import Actor
from tertulia.core.errors import FieldError, Invalid
from tertulia.core.streams import account_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.people import service as people
from tertulia.features.people.schemas import ContactState
from tertulia.features.presence import state, store
from tertulia.features.presence.events import AvailabilityChanged
from tertulia.features.presence.schemas import (
    Availability,
    PersonCard,
    PresenceState,
    SetAvailability,
)
from tertulia.features.presence.store import Manner
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can

SEEN_AT_ONCE = 1_000  # people of one statement


async def audiences(tx: Tx, account_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """By account the rooms it is in: whoever listens there may see how present it is."""
    return await rooms.rooms_of(tx, account_ids)


async def manners(tx: Tx, account_ids: Sequence[UUID]) -> Mapping[UUID, Manner]:
    """Of many who come at once."""
    return await store.manners(tx, account_ids)


class Audience(NamedTuple):
    """Of whom of a room somebody is told, and all who are in it: None where that is a crowd."""

    asked: list[UUID]
    everybody: list[UUID] | None


async def audience(
    tx: Tx, actor: Actor, room_id: UUID, account_ids: Sequence[UUID] | None
) -> Audience:
    """Members of a room of mine, but those I am in a block with; of these alone if they are named,
    and of nobody else in a crowd."""
    access = await rooms.require(tx, actor, room_id, Can.READ)
    if access.crowded and not account_ids:
        return Audience([], None)
    apart = await people.apart(tx, actor.account_id)
    if not access.crowded:
        everybody = [one for one in await rooms.member_ids(tx, access) if one not in apart]
        wanted = everybody if account_ids is None else account_ids
        return Audience([one for one in everybody if one in set(wanted)], everybody)
    named = [one for one in account_ids or () if one not in apart]
    found = await rooms.find_accesses(tx, [(one, room_id) for one in named])
    return Audience([one.account_id for one in found if one], None)


async def crowd(tx: Tx, actor: Actor, room_id: UUID) -> list[UUID]:
    """All members of a room of mine, however many."""
    return await rooms.member_ids(tx, await rooms.require(tx, actor, room_id, Can.READ))


async def require_typing(tx: Tx, actor: Actor, room_id: UUID, right: Can = Can.POST) -> None:
    """Only who may say it is seen typing it: `right` is POST, or REPLY in threads."""
    await rooms.require(tx, actor, room_id, right)


async def availability(tx: Tx, account_id: UUID) -> Availability:
    return await store.availability(tx, account_id)


async def set_availability(tx: Tx, actor: Actor, wanted: SetAvailability) -> Availability:
    """Say when I do not want to be disturbed. Raises Invalid for a time zone nobody knows."""
    if wanted.time_zone is not None and state.find_zone(wanted.time_zone) is None:
        message = "There is no such time zone."
        raise Invalid(message, errors=(FieldError("time_zone", "unknown", message),))
    mine = account_stream(actor.account_id)
    await tx.lock(mine)
    after = Availability(**msgspec.structs.asdict(wanted))
    if after != await availability(tx, actor.account_id):
        await store.set_availability(tx, actor.account_id, after)
        tx.emit(mine, AvailabilityChanged(availability=after), actor)
    return after


async def note_seen(tx: Tx, account_ids: Sequence[UUID]) -> None:
    """These left a moment ago."""
    await store.note_seen(tx, account_ids[:SEEN_AT_ONCE], tx.now)


async def card(tx: Tx, actor: Actor, account_id: UUID, present: PresenceState) -> PersonCard:
    """Somebody, as far as I may know them. `present` is how present they are. Raises NotFound."""
    account = await accounts.get_account(tx, actor, account_id)
    me = actor.account_id
    mine = await people.circle(tx, me)
    ties: dict[UUID, ContactState] = {one.account_id: one.state for one in mine.contacts}
    tie = ties.get(account_id)
    reached = await rooms.reach(tx, me, [account_id])
    them = reached[account_id]
    near = me == account_id or tie == "contact" or await rooms.share_room(tx, me, account_id)
    near = near and not them.standing.apart
    sees_last = near and people.may_see_last_seen(mine.privacy, them.standing)
    theirs = await availability(tx, account_id)
    direct = await rooms.has_direct(tx, me, account_id) and not them.standing.apart
    return PersonCard(
        account=account,
        state=present if near else "offline",
        last_seen_at=await store.last_seen(tx, account_id) if sees_last else None,
        time_zone=theirs.time_zone if near else None,
        contact=tie,
        blocked=any(one.account_id == account_id for one in mine.blocked),
        may_message=direct or people.may_message(them),
        may_add=people.may_add(them),
    )
