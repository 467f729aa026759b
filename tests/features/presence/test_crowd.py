"""Who is here where thousands are: a number, and those one asks about by name."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.features.presence.house import Ear, House, open_house
from tests.support import queries
from tests.support.crowds import crowd
from tests.support.world import Person, World

from tertulia.core.commands import Command
from tertulia.core.errors import NotFound
from tertulia.features.people import service as people
from tertulia.features.presence import realtime
from tertulia.features.presence.live import COUNTED_SECONDS
from tertulia.features.presence.schemas import ListPresence, PresenceList

PEOPLE = 2_000
HERE = 600


@pytest.fixture
async def house(world: World) -> AsyncIterator[House]:
    async with open_house(world) as house:
        yield house


@pytest.fixture
async def room(world: World, house: House, alice: Person, bob: Person) -> UUID:
    """Of thousands, of whom hundreds and Alice are here."""
    room = await world.channel(alice, bob)
    everybody = await crowd(world, room, PEOPLE)
    await house.connect(alice)
    for one in everybody[:HERE]:
        house.live.enter(Ear().conn, one, [f"room:{room}"])
    return room


async def ask(house: House, who: Person, room: UUID, ids: list[UUID] | None = None) -> PresenceList:
    world = house.world
    limiter: Any = None
    found: list[Command] = realtime.commands(world.db, world.bus, limiter, house.live)
    [command] = [one for one in found if one.name == "presence.list"]
    told = await command.run(who.actor, ListPresence(room_id=room, account_ids=ids))
    assert isinstance(told, PresenceList)
    return told


async def test_a_crowd_is_a_number_and_those_asked_about(
    house: House, alice: Person, bob: Person, room: UUID
) -> None:
    told = await ask(house, bob, room)
    assert (told.people, told.here) == ([], HERE + 1)
    assert len(msgspec.json.encode(told)) < 100
    told = await ask(house, bob, room, [alice.id, bob.id])
    assert [(one.account_id, one.state) for one in told.people] == [(alice.id, "online")]


async def test_nobody_outside_is_asked_about_through_it(
    house: House, bob: Person, mallory: Person, room: UUID
) -> None:
    await house.connect(mallory)
    assert (await ask(house, bob, room, [mallory.id])).people == []
    with pytest.raises(NotFound):
        await ask(house, mallory, room)


async def test_two_in_a_block_are_not_here_for_each_other(
    house: House, alice: Person, bob: Person, room: UUID
) -> None:
    await house.world.write(people.block, bob, alice.id)
    assert (await ask(house, bob, room, [alice.id])).people == []


async def test_a_crowd_is_counted_now_and_then_however_many_ask(
    house: House, bob: Person, room: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = queries.count(monkeypatch)

    def counted() -> int:
        return sum(one.startswith("SELECT account_id FROM members") for one in asked)

    await asyncio.gather(*(ask(house, bob, room) for _ in range(20)))
    assert counted() == 1
    await house.connect(bob)
    assert (await ask(house, bob, room)).here == HERE + 1
    await house.world.clock.advance(COUNTED_SECONDS)
    assert (await ask(house, bob, room)).here == HERE + 2
    assert counted() == 2


async def test_a_small_room_tells_everybody_or_those_asked_about(
    house: House, world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    small = await world.channel(alice, bob, mallory)
    for one in (alice, bob):
        await house.connect(one)
    told = await ask(house, alice, small)
    assert ({one.account_id for one in told.people}, told.here) == ({alice.id, bob.id}, 2)
    told = await ask(house, alice, small, [bob.id, mallory.id])
    assert ([one.account_id for one in told.people], told.here) == ([bob.id], 2)
