"""A socket's first minute (W2)."""

from typing import Any, cast
from uuid import UUID

import msgspec
from tests.support.stage import Socket
from tests.support.world import Person, World

from tertulia.core.fanout import Fanout
from tertulia.core.gateway import Connection, Topics
from tertulia.core.gathering import Gathering
from tertulia.core.history import History
from tertulia.features.sync import service as sync
from tertulia.features.sync.live import arrivals
from tertulia.features.sync.realtime import welcome
from tertulia.features.sync.schemas import Hello
from tertulia.main import wiring


class Guest(Socket):
    """A socket that keeps what it is told."""

    id = "connection-1"

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, Any]] = []

    def emit(self, name: str, data: Any) -> bool:
        self.told.append((name, data))
        return True

    def send(self, frame: Any, volatile: bool = False) -> bool:
        name, event = msgspec.json.decode(frame[frame.index(b"42[") + 2 :])
        self.told.append((name, event))
        return True


async def test_hello_comes_first_and_every_later_event_after_it(
    world: World, alice: Person, bob: Person
) -> None:
    room: UUID = await world.channel(alice, bob)
    history = History(world.db, wiring.HYDRATORS)
    fanout = Fanout(Topics(), world.bus, history, world.clock, before={}, after={})
    guest = Guest()
    heads = await world.read(sync.heads, bob)
    await welcome(
        cast("Connection", guest),
        bob.actor,
        {},
        stand=Gathering(world.db, lambda tx, asked: arrivals(tx, asked, wiring.HYDRATORS)).ask,
        fanout=fanout,
        clock=world.clock,
        build="1.2.3",
        heartbeat=25.0,
    )
    message = await world.say(alice, room, "hello bob")
    await fanout.close()
    (first, hello), (second, event) = guest.told
    assert (first, second) == ("hello", "message.sent")
    assert hello == Hello(
        connection_id="connection-1",
        account_id=bob.id,
        device_id=bob.actor.device_id,
        server_time=world.clock.now(),
        heartbeat_ms=25_000,
        build="1.2.3",
        heads=heads,
        replayed=[],
    )
    assert event["seq"] == hello.heads[f"room:{room}"] + 1 == message.seq
