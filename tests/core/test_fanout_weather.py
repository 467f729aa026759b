"""Whatever the bus does to notices, every socket gets every event once, in order (E3)."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any, cast

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.clock import HandClock, turns
from tests.support.stage import OWN, Socket, Stage
from tests.support.world import Person, World, open_world

from tertulia.core.bus import LocalHub, Notice
from tertulia.core.failpoints import Failpoints
from tertulia.core.fanout import RETRY_SECONDS, SWEEP_SECONDS, Fanout
from tertulia.core.gateway import Connection, Frame, Topics
from tertulia.core.history import History
from tertulia.core.replay import Standing
from tertulia.features.sync import service as sync
from tertulia.main import wiring

ROOMS = ("room:a", "room:b")
STREAMS = (OWN, *ROOMS)
STEPS = st.sampled_from(
    ["commit", "commit", "commit", "deliver", "deliver", "double", "drop", "pass", "break", "mend",
     "attach", "leave", "return", "return"]
)  # fmt: skip


class Weather:
    """A bus between the log and the stage that loses, doubles, swaps and delays."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self.stage = stage
        self.dice = random.Random(seed)
        self.in_the_air: list[Notice] = []
        self.sockets: list[Socket] = []

    async def step(self, what: str) -> None:
        await getattr(self, f"_{what}")()

    async def _commit(self) -> None:
        type_ = self.dice.choice(["said", "said", "joined"])
        self.in_the_air.append(self.stage.log.commit(self.dice.choice(STREAMS), type_))

    async def _deliver(self) -> None:
        if self.in_the_air:
            self.stage.bus.publish(self.in_the_air.pop(self._any()))

    async def _double(self) -> None:
        if self.in_the_air:
            self.stage.bus.publish(self.in_the_air[self._any()])

    async def _drop(self) -> None:
        if self.in_the_air:
            self.in_the_air.pop(self._any())

    def _any(self) -> int:
        return self.dice.randrange(len(self.in_the_air))

    async def _pass(self) -> None:
        await self.stage.clock.advance(self.dice.choice([0.01, 0.05, 1.0, 3.0]))

    async def _break(self) -> None:
        self.stage.log.broken = True

    async def _mend(self) -> None:
        self.stage.log.broken = False

    async def _attach(self) -> None:
        self.sockets.append(await self.stage.attach())

    async def _return(self) -> None:
        """With any heads; notices come and things are said while it is looked what it missed."""
        known = {
            stream: self.dice.randint(0, self.stage.log.head(stream))
            for stream in STREAMS
            if self.dice.random() < 0.8
        }

        async def stand() -> Standing:
            standing = await self.stage.stand(known)
            for _ in range(self.dice.randrange(4)):
                await self.step(self.dice.choice(["commit", "deliver", "deliver", "drop"]))
            return standing

        self.sockets.append(await self.stage.resume(known, stand))

    async def _leave(self) -> None:
        if self.sockets:
            self.stage.leave(self.sockets.pop())

    async def clear_up(self) -> None:
        """The faults stop; some sweeps go by."""
        self.stage.log.broken = False
        for _ in range(4):
            await self.stage.clock.advance(SWEEP_SECONDS + 2 * RETRY_SECONDS)

    def check(self) -> None:
        for socket in self.sockets:
            for stream in STREAMS:
                seqs, head = socket.seqs(stream), self.stage.log.head(stream)
                known = socket.hello[stream]
                if stream in socket.replayed:
                    known = socket.known[stream]
                assert seqs == list(range(head + 1 - len(seqs), head + 1))
                assert len(seqs) >= head - known, "something between hello and the end is missing"


@given(st.lists(STEPS, max_size=60), st.integers(0, 2**32))
@settings(max_examples=150)
async def test_every_event_arrives_once_and_in_order(steps: list[str], seed: int) -> None:
    dice = random.Random(seed)
    stage = Stage(rooms=ROOMS)

    async def before(notice: Notice) -> None:
        await stage.clock.sleep(dice.choice([0, 0.02, 0.5]))
        if dice.random() < 0.3:
            raise ConnectionError(notice.topic)

    stage = Stage(rooms=ROOMS, before={"joined": before})
    async with stage:
        weather = Weather(stage, seed)
        for step in ("attach", *steps):
            await weather.step(step)
        await weather.clear_up()
        weather.check()
        for socket in tuple(weather.sockets):
            stage.leave(socket)
        await turns()
        assert stage.followed == set()


# On the real log


class Listening(Socket):
    """Keeps whole events."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Any] = []

    def send(self, frame: Frame, volatile: bool = False) -> bool:
        del volatile
        self.events.append(msgspec.json.decode(frame[frame.index(b"42[") + 2 :])[1])
        return True

    def hold(self, frame: Frame, volatile: bool = False) -> bool:
        return self.send(frame, volatile)


@pytest.fixture
async def dying(dsn: str, clock: HandClock, world: World) -> AsyncIterator[World]:
    """A second node that dies between every commit and its publishing."""

    def die() -> None:
        raise SystemError("kill -9")

    failpoints = Failpoints({"after_commit": die})
    async with open_world(dsn, clock, hub=LocalHub(), failpoints=failpoints, seed=2) as dying:
        yield dying


async def test_what_a_dying_node_committed_is_fetched_from_the_log(
    world: World, dying: World, alice: Person, bob: Person
) -> None:
    room = await world.channel(alice, bob)
    topics = Topics()
    fanout = Fanout(
        topics,
        world.bus,
        History(world.db, wiring.HYDRATORS),
        world.clock,
        before={},
        after={},
    )
    socket = Listening()
    stream = f"room:{room}"

    async def load() -> dict[str, int]:
        return await world.read(sync.heads, bob)

    hello = await fanout.attach(cast("Connection", socket), bob.stream, load)
    with pytest.raises(SystemError):
        await dying.say(alice, room, "said, and never published")
    await world.say(alice, room, "after it")
    await fanout.sweep()
    async with asyncio.timeout(10):
        while len(socket.events) < 2:
            await world.clock.advance(0.1)
    await fanout.close()
    assert [event["seq"] for event in socket.events] == [hello[stream] + 1, hello[stream] + 2]
    assert [event["data"]["message"]["body"]["text"] for event in socket.events] == [
        "said, and never published",
        "after it",
    ]
