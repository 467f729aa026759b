"""Whom texts call, told from the rooms they are said in."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import NamedTuple, TypeVar
from uuid import UUID

from tertulia.core.errors import AppError, Invalid
from tertulia.core.tx import Tx
from tertulia.features.groups import service as groups
from tertulia.features.mentions import policy, state
from tertulia.features.mentions.state import Mentioned
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can, RoomAccess

K = TypeVar("K", bound=Hashable)

# Those of these accounts who are online now: presence tells, which stands above.
Present = Callable[[Collection[UUID]], Collection[UUID]]


class TooManyCalled(Invalid):
    title = f"A message can call at most {policy.PEOPLE} people"


class Called(NamedTuple):
    """`people` by name or group, in the order of their ids; `here` those whom an `@here` found:
    nobody, whoever is around, where presence is not asked (`addresses_here` all the same)."""

    people: list[UUID]
    room: bool
    here: list[UUID]
    addresses_here: bool = False


NOBODY = Called([], room=False, here=[])


def nobody(people: Collection[UUID]) -> Collection[UUID]:
    """Where presence is not known, nobody is here."""
    del people
    return ()


async def resolve(
    tx: Tx, said: Mapping[K, tuple[RoomAccess, str]], present: Present = nobody
) -> dict[K, Called | AppError]:
    """Whom each text calls; only those that address somebody are looked into, together. `@room`
    and `@here` are words like others for those who may not use them."""
    asked = {
        key: (access, found)
        for key, (access, text) in said.items()
        if (found := state.mentioned(text)) != state.NOBODY
    }
    if not asked:
        return {}
    named = await _find_named(tx, list(asked.values()))
    loud = await _find_loud(tx, list(asked.values()))
    around = await _find_present(tx, list(asked.values()), loud, present)
    return {
        key: _called(access, found, named, (access.room_id, access.account_id) in loud, around)
        for key, (access, found) in asked.items()
    }


_Asked = Sequence[tuple[RoomAccess, Mentioned]]
_Named = Mapping[tuple[UUID, str], Collection[UUID]]


async def _find_named(tx: Tx, asked: _Asked) -> _Named:
    """Members by (room, name): a person's name first, else a group's."""
    wanted = {(access.room_id, name) for access, found in asked for name in found.names}
    if not wanted:
        return {}
    people = await rooms.find_members_named(tx, wanted)
    others = wanted - people.keys()
    in_groups = await groups.members_named(tx, others) if others else {}
    return {**in_groups, **{key: (account_id,) for key, account_id in people.items()}}


async def _find_loud(tx: Tx, asked: _Asked) -> set[tuple[UUID, UUID]]:
    """Who of those that call a whole room may, by (room, account)."""
    wanting = {
        (access.room_id, access.account_id): access
        for access, found in asked
        if (found.room or found.here) and rooms.refusal(access, Can.MENTION_ROOM) is None
    }
    if not wanting:
        return set()
    counts = await rooms.member_counts(tx, list(wanting.values()))
    return {
        key
        for key, access in wanting.items()
        if rooms.may_call_all(access, counts.get(access.room_id, 0))
    }


async def _find_present(
    tx: Tx, asked: _Asked, loud: set[tuple[UUID, UUID]], present: Present
) -> dict[UUID, Collection[UUID]]:
    """Members who are here, by room, where somebody calls them."""
    wanting = {
        access.room_id: access
        for access, found in asked
        if found.here and (access.room_id, access.account_id) in loud
    }
    return {
        room_id: present(await rooms.member_ids(tx, access)) for room_id, access in wanting.items()
    }


def _called(
    access: RoomAccess,
    found: Mentioned,
    named: _Named,
    loud: bool,
    around: Mapping[UUID, Collection[UUID]],
) -> Called | AppError:
    people = set[UUID]().union(*(named.get((access.room_id, name), ()) for name in found.names))
    if len(people) > policy.PEOPLE:
        return TooManyCalled()
    here = set(around.get(access.room_id, ())) if found.here and loud else set[UUID]()
    here.discard(access.account_id)
    crowded = len(here) > policy.HERE
    return Called(
        people=sorted(people),
        room=loud and (found.room or crowded),
        here=[] if crowded else sorted(here),
        addresses_here=found.here and loud,
    )
