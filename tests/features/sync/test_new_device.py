"""What a new device costs the database does not grow with the rooms of its person."""

import pytest
from tests.support import queries
from tests.support.crowds import crowd
from tests.support.world import Person, World

STATEMENTS = 25  # of a snapshot, its transaction's own left out


async def test_a_snapshot_asks_the_same_of_one_room_and_of_many(
    world: World, alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = queries.count(monkeypatch)

    async def cost() -> int:
        asked.clear()
        await world.snapshot(alice)
        return len(asked)

    for make in (world.channel, world.group, world.direct):
        await world.say(bob, await make(alice, bob), "one of each")
    few = await cost()
    for _ in range(20):
        await world.say(bob, await world.channel(alice, bob), "one more")
        await world.say(bob, await world.group(alice, bob), "and one more")
    assert await cost() == few <= STATEMENTS


async def test_a_crowd_adds_a_number_to_a_snapshot(
    world: World, alice: Person, bob: Person
) -> None:
    room = await world.channel(alice, bob)
    before = (await world.snapshot(alice)).rooms[0]
    people = await crowd(world, room, 2_000)
    after = (await world.snapshot(alice)).rooms[0]
    assert (before.member_count, after.member_count) == (2, 2 + len(people))
    assert (after.members, after.receipts) == ([], [])
