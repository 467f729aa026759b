"""Who hears of whom: those who share a room, once each, and nobody else."""

import asyncio
from collections.abc import AsyncIterator
from typing import cast

import msgspec
import pytest
from tests.support.clock import turns
from tests.support.world import Person, World

from tertulia.core.errors import NotFound, Unavailable
from tertulia.core.gateway import Connection, Frame, Topics
from tertulia.features.members import service as members
from tertulia.features.presence import service
from tertulia.features.presence.live import EXPIRE_SECONDS, PresenceLive
from tertulia.features.presence.state import GRACE_SECONDS
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import ChangeRoom
from tertulia.features.sync import service as sync


class Ear:
    """A socket that hears presences."""

    def __init__(self) -> None:
        self.gone: str | None = None
        self.connected = False
        self.topics: set[str] = set()
        self.heard: list[tuple[str, str]] = []

    @property
    def conn(self) -> Connection:
        return cast("Connection", self)

    def send(self, frame: Frame, volatile: bool = False) -> bool:
        assert volatile, "presence is the first to be dropped"
        name, body = msgspec.json.decode(frame[frame.index(b"42[") + 2 :])
        assert name == "presence"
        self.heard.append((body["account_id"], body["state"]))
        return True


class House:
    def __init__(self, world: World) -> None:
        self.world = world
        self.topics = Topics()
        self.live = PresenceLive(self.topics, world.db, world.clock)

    async def connect(self, who: Person) -> Ear:
        ear = Ear()
        streams = await self.world.read(sync.heads, who)
        for stream in streams:
            self.topics.join(ear.conn, stream)
        self.live.enter(ear.conn, who.id, streams)
        return ear

    async def disconnect(self, ear: Ear, who: Person) -> None:
        self.topics.leave_all(ear.conn)
        await self.live.leave(ear.conn, who.id)


@pytest.fixture
async def house(world: World) -> AsyncIterator[House]:
    house = House(world)
    noticing = asyncio.create_task(house.live.run())
    await turns()
    yield house
    noticing.cancel()


async def test_people_of_a_room_hear_each_other_come(
    house: House, world: World, alice: Person, bob: Person
) -> None:
    for _ in range(2):  # two rooms shared: told once
        await world.channel(alice, bob)
    ear = await house.connect(alice)
    await house.connect(bob)
    assert ear.heard == [(str(alice.id), "online"), (str(bob.id), "online")]


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
        await house.live.set_state(his.conn, bob.id, away=away)
    assert ear.heard == [(str(bob.id), "away"), (str(bob.id), "online")]


async def test_who_goes_is_missed_after_a_moment(
    house: House, world: World, alice: Person, bob: Person
) -> None:
    await world.channel(alice, bob)
    ear, his = await house.connect(alice), await house.connect(bob)
    ear.heard.clear()
    await house.disconnect(his, bob)
    assert ear.heard == []
    await until_heard(house, ear, GRACE_SECONDS + EXPIRE_SECONDS)
    assert ear.heard == [(str(bob.id), "offline")]


async def until_heard(house: House, ear: Ear, seconds: float) -> None:
    """Let time pass, and the database answer."""
    await house.world.clock.advance(seconds)
    async with asyncio.timeout(5):
        while not ear.heard:
            await turns()


async def test_a_database_that_is_away_delays_the_news_and_loses_none(
    house: House, world: World, alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.channel(alice, bob)
    ear, his = await house.connect(alice), await house.connect(bob)
    ear.heard.clear()

    async def away(tx: object, account_id: object) -> list[str]:
        raise Unavailable

    with monkeypatch.context() as patched:
        patched.setattr(service, "audience", away)
        await house.live.set_state(his.conn, bob.id, away=True)
    assert ear.heard == []
    await until_heard(house, ear, EXPIRE_SECONDS)
    assert ear.heard == [(str(bob.id), "away")]


async def test_only_those_who_are_here_are_listed(house: House, alice: Person, bob: Person) -> None:
    await house.connect(alice)
    [person] = house.live.present([alice.id, bob.id])
    assert (person.account_id, person.state) == (alice.id, "online")


# Verbs


async def test_a_room_shows_its_people_to_its_members(
    world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    room = await world.channel(alice, bob)
    assert set(await world.read(service.visible_people, bob, room)) == {alice.id, bob.id}
    with pytest.raises(NotFound):  # C6
        await world.read(service.visible_people, mallory, room)


async def test_who_may_post_is_seen_typing(
    world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    room = await world.channel(alice, bob)
    assert await world.read(service.require_typing, bob, room) == f"room:{room}"
    with pytest.raises(NotFound):
        await world.read(service.require_typing, mallory, room)
    await world.write(members.leave, bob, room)
    with pytest.raises(NotFound):
        await world.read(service.require_typing, bob, room)
    await world.write(rooms.change, alice, room, ChangeRoom(archived=True))
    with pytest.raises(rooms.Archived):
        await world.read(service.require_typing, alice, room)
