"""Who hears of whom on one node: those who share a room, once each, and nobody else."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.features.presence.house import Ear, House, open_house, until
from tests.support.clock import turns
from tests.support.world import Person, World

from tertulia.core.errors import Forbidden, NotFound, Unavailable
from tertulia.features.members import service as members
from tertulia.features.presence import service
from tertulia.features.presence.live import ALLOWED_SECONDS, LOOK_SECONDS, Typists
from tertulia.features.presence.state import GRACE_SECONDS
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import ChangeRoom
from tertulia.features.rooms.service import Can


@pytest.fixture
async def house(world: World) -> AsyncIterator[House]:
    async with open_house(world) as house:
        yield house


async def test_people_of_a_room_hear_each_other_come(
    house: House, world: World, alice: Person, bob: Person
) -> None:
    for _ in range(2):  # two rooms shared: told once
        await world.channel(alice, bob)
    ear = await house.connect(alice)
    await house.connect(bob)
    assert ear.heard == [(alice.id, "online"), (bob.id, "online")]


async def test_strangers_hear_nothing(
    house: House, world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    await world.channel(alice, bob)
    ear = await house.connect(mallory)
    ear.heard.clear()
    await house.connect(alice)
    assert ear.heard == []


async def test_away_and_back(house: House, world: World, alice: Person, bob: Person) -> None:
    await world.channel(alice, bob)
    ear, his = await house.connect(alice), await house.connect(bob)
    ear.heard.clear()
    for away in (True, True, False):
        house.live.set_state(his.conn, bob.id, away=away)
        await until(lambda away=away: ear.last == (bob.id, "away" if away else "online"))
    assert ear.heard == [(bob.id, "away"), (bob.id, "online")]


async def test_who_goes_is_missed_after_a_moment(
    house: House, world: World, alice: Person, bob: Person
) -> None:
    await world.channel(alice, bob)
    ear, his = await house.connect(alice), await house.connect(bob)
    ear.heard.clear()
    house.disconnect(his, bob)
    await turns()
    assert ear.heard == []
    await world.clock.advance(GRACE_SECONDS + LOOK_SECONDS)
    await until(lambda: ear.heard)
    assert ear.heard == [(bob.id, "offline")]


async def test_a_database_that_is_away_delays_the_news_and_loses_none(
    house: House, world: World, alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.channel(alice, bob)
    ear, his = await house.connect(alice), await house.connect(bob)
    ear.heard.clear()

    tries: list[object] = []

    async def away(tx: object, account_ids: object) -> dict[Any, Any]:
        tries.append(account_ids)
        raise Unavailable

    with monkeypatch.context() as patched:
        patched.setattr(service, "audiences", away)
        house.live.set_state(his.conn, bob.id, away=True)
        await until(lambda: tries)
        await turns()
    assert ear.heard == []
    await world.clock.advance(LOOK_SECONDS)
    await until(lambda: ear.heard)
    assert ear.heard == [(bob.id, "away")]


async def test_a_command_behind_the_sockets_end_brings_nobody_back(
    house: House, alice: Person
) -> None:
    ear = await house.connect(alice)
    house.disconnect(ear, alice)
    house.live.set_state(ear.conn, alice.id, away=False)
    await house.world.clock.advance(GRACE_SECONDS + LOOK_SECONDS)
    assert house.live.present([alice.id]) == []


async def test_only_those_who_are_here_are_listed(house: House, alice: Person, bob: Person) -> None:
    await house.connect(alice)
    [person] = house.live.present([alice.id, bob.id])
    assert (person.account_id, person.state) == (alice.id, "online")


async def test_connected_is_who_has_a_socket_now(house: House, alice: Person, bob: Person) -> None:
    ear = await house.connect(alice)
    assert house.live.connected(alice.id)
    assert not house.live.connected(bob.id)
    house.live.set_state(ear.conn, alice.id, away=True)
    assert house.live.connected(alice.id)
    house.disconnect(ear, alice)
    assert house.live.present([alice.id])
    assert not house.live.connected(alice.id)


# Verbs


async def test_a_room_shows_its_people_to_its_members(
    world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    room = await world.channel(alice, bob)
    found = await world.read(service.audience, bob, room, None)
    assert set(found.asked) == set(found.everybody or ()) == {alice.id, bob.id}
    with pytest.raises(NotFound):  # C6
        await world.read(service.audience, mallory, room, None)


async def test_who_may_post_is_seen_typing(
    world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    room = await world.channel(alice, bob)
    await world.read(service.require_typing, bob, room)
    with pytest.raises(NotFound):
        await world.read(service.require_typing, mallory, room)
    await world.write(members.leave, bob, room)
    with pytest.raises(NotFound):
        await world.read(service.require_typing, bob, room)
    await world.write(rooms.change, alice, room, ChangeRoom(archived=True))
    with pytest.raises(rooms.Archived):
        await world.read(service.require_typing, alice, room)


async def test_where_only_moderators_post_others_are_seen_typing_in_threads(
    world: World, alice: Person, bob: Person
) -> None:
    room = await world.channel(alice, bob)
    await world.write(rooms.change, alice, room, ChangeRoom(posting="moderators"))
    with pytest.raises(Forbidden):
        await world.read(service.require_typing, bob, room)
    await world.read(service.require_typing, bob, room, Can.REPLY)
    await world.write(rooms.change, alice, room, ChangeRoom(thread_replies=False))
    with pytest.raises(Forbidden):
        await world.read(service.require_typing, bob, room, Can.REPLY)
    await world.read(service.require_typing, alice, room, Can.REPLY)


async def test_who_may_type_is_known_for_a_moment(world: World, alice: Person) -> None:
    typists, ear = Typists(world.clock), Ear()
    ear.topics.add("room:a")
    assert not typists.may(ear.conn, alice.id, "room:a", Can.POST)
    typists.allow(alice.id, "room:a", Can.POST)
    assert typists.may(ear.conn, alice.id, "room:a", Can.POST)
    assert not typists.may(ear.conn, alice.id, "room:a", Can.REPLY)
    await world.clock.advance(ALLOWED_SECONDS)
    assert not typists.may(ear.conn, alice.id, "room:a", Can.POST)


async def test_who_was_sent_away_may_type_no_more(world: World, alice: Person) -> None:
    typists, ear = Typists(world.clock), Ear()
    ear.topics.add("room:a")
    typists.allow(alice.id, "room:a", Can.POST)
    ear.topics.discard("room:a")
    assert not typists.may(ear.conn, alice.id, "room:a", Can.POST)
