"""Where the fuzz plays: people, rooms, two nodes, and the wires between them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from unittest import mock

from tests.faults.fuzz import Fuzz
from tests.faults.fuzz_plan import CLIENTS
from tests.faults.fuzz_wire import Client, Hub
from tests.support.clock import HandClock, SeededIds
from tests.support.world import SECRET, open_world

from tertulia.core import config
from tertulia.core.failpoints import Failpoints
from tertulia.core.followers import Followers
from tertulia.core.jobs import Jobs
from tertulia.core.sessions import Sessions
from tertulia.core.telemetry import Build, Telemetry
from tertulia.main.ground import Parts
from tertulia.main.node import open_node

PEOPLE = ("ana", "ben", "cleo", "dan")


async def _rest(_: object) -> None:
    await asyncio.Event().wait()


@asynccontextmanager
async def open_fuzz(dsn: str, seed: int) -> AsyncGenerator[Fuzz]:
    """Four people in three rooms, two nodes, nobody connected."""
    clock, hub = HandClock(), Hub()
    traps: set[str] = set()

    def bite(name: str) -> None:
        if name in traps:
            raise ConnectionError(f"the database went away: {name}")

    failpoints = Failpoints(
        {name: partial(bite, name) for name in ("before_commit", "after_commit")}
    )
    async with AsyncExitStack() as stack:
        # Followers and jobs have faults of their own: these traps would bite them at random, and
        # they would spring what is meant for somebody else.
        for labour in (Followers, Jobs):
            stack.enter_context(mock.patch.object(labour, "run", _rest))
        world = await stack.enter_async_context(open_world(dsn, clock, seed=seed))
        people = [await world.person(name) for name in PEOPLE]
        made = [await world.channel(people[0], *people[1:]) for _ in range(2)]
        made.append(await world.group(people[1], people[2]))
        settings = config.load({"TERTULIA_SECRET_KEY": SECRET}, make_secret=False)
        nodes = [
            await stack.enter_async_context(
                open_node(
                    settings,
                    dsn,
                    Parts(
                        clock=clock,
                        ids=SeededIds(clock, seed=1000 * seed + number),
                        telemetry=Telemetry(Build("0")),
                        version="0",
                        hub=hub,
                        failpoints=failpoints,
                        password_memory_kib=8,
                    ),
                )
            )
            for number in (1, 2)
        ]
        pipes = hub.tap()
        fuzz = Fuzz(world, nodes, pipes, [])
        fuzz.people, fuzz.rooms, fuzz.traps = people, made, traps
        sessions = Sessions([SECRET], clock)
        fuzz.clients += [
            Client(f"{people[n % 4].username}-{n}", people[n % 4], world, sessions, fuzz.ledger)
            for n in range(CLIENTS)
        ]
        try:
            yield fuzz
        finally:
            for client in fuzz.clients:
                await client.cut()
