"""Nodes with as much of them as presence needs, and sockets that hear it."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import cast
from uuid import UUID

import msgspec
from tests.support.clock import turns
from tests.support.world import Person, World

from tertulia.core.bus import LocalBus, LocalHub, Notice
from tertulia.core.gateway import Connection, Frame, Topics
from tertulia.features.presence.live import PresenceLive
from tertulia.features.sync import service as sync


class Ear:
    """A socket that hears presences."""

    def __init__(self) -> None:
        self.gone: str | None = None
        self.connected = False
        self.topics: set[str] = set()
        self.heard: list[tuple[UUID, str]] = []
        self.frames = 0

    @property
    def conn(self) -> Connection:
        return cast("Connection", self)

    @property
    def last(self) -> tuple[UUID, str] | None:
        return self.heard[-1] if self.heard else None

    def send(self, frame: Frame, volatile: bool = False) -> bool:
        assert volatile, "presence is the first to be dropped"
        name, body = msgspec.json.decode(frame[frame.index(b"42[") + 2 :])
        self.frames += 1
        for person in [body] if name == "presence" else body["people"]:
            self.heard.append((UUID(person["account_id"]), person["state"]))
        return True

    hold = send


class LossyBus(LocalBus):
    """Counts what it carries, and may carry nothing."""

    def __init__(self, hub: LocalHub) -> None:
        super().__init__(hub)
        self.published: list[Notice] = []
        self.cut = False

    def publish(self, notice: Notice) -> None:
        self.published.append(notice)
        if not self.cut:
            super().publish(notice)

    def receive(self, notice: Notice) -> None:
        if not self.cut:
            super().receive(notice)


class House:
    """One node."""

    def __init__(self, world: World, hub: LocalHub, name: str) -> None:
        self.world = world
        self.topics = Topics()
        self.bus = LossyBus(hub)
        self.live = PresenceLive(self.topics, world.db, world.clock, self.bus, name)
        self.bus.listen(self.live.hear)
        self._loops = [asyncio.create_task(each) for each in (self.live.watch(), self.live.tell())]

    async def connect(self, who: Person) -> Ear:
        ear = Ear()
        streams = await self.world.read(sync.heads, who)
        for stream in streams:
            self.topics.join(ear.conn, stream)
        self.live.enter(ear.conn, who.id, streams)
        await turns()  # its rooms are known: no question to the database
        return ear

    def disconnect(self, ear: Ear, who: Person) -> None:
        ear.gone = "closed"
        self.topics.leave_all(ear.conn)
        self.live.leave(ear.conn, who.id)

    def state(self, who: Person) -> str:
        people = self.live.present([who.id])
        return people[0].state if people else "offline"

    async def die(self) -> None:
        """As by kill -9: not a word more."""
        for loop in self._loops:
            loop.cancel()
        await self.bus.close()


@asynccontextmanager
async def open_house(
    world: World, hub: LocalHub | None = None, name: str = "me"
) -> AsyncGenerator[House]:
    house = House(world, hub or LocalHub(), name)
    await turns()
    yield house
    await house.die()


async def until(wanted: Callable[[], object]) -> None:
    """Until it is so: the database answers in between."""
    async with asyncio.timeout(5):
        while not wanted():
            await turns()
