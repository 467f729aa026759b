"""Ten thousand who say nothing: what each costs in memory, and what all of them cost at rest.

Memory is the server process's own; what the kernel keeps for a socket is the same for everybody.
Node is asked to collect its garbage before each look, ours is taken as it is.
"""

import asyncio
import os
import signal
from contextlib import AsyncExitStack

from bench import contestants, cores
from bench.contestants import SOCKET_IO, Contestant
from bench.crowd import Crowd, crowd
from bench.report import table
from bench.server import people, rooms, running

IDLE = 10_000
FIRST = 200  # pay for what is made once
ROOM = 500  # people of one room
REST = 30.0  # seconds; heartbeats come every 25
SETTLE = 3.0


async def measure() -> None:
    count = min(IDLE, cores.sockets_allowed() - FIRST)
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(running(pinned=True, boot_rate="10000"))
        node = await stack.enter_async_context(contestants.node("--expose-gc"))
        ours = Contestant("ours, signed in, each in a room", server.pid, server.port)
        persons = await people(server, FIRST + count)
        for at in range(0, len(persons), ROOM):
            await rooms(server, 1, persons[at : at + ROOM])
        tokens = [f'40{{"token":"{person.token}"}}' for person in persons]
        started = {one.name: await _memory(one) for one in (ours, node)}
        loads = [await stack.enter_async_context(crowd(one.name)) for one in (ours, node)]
        each: dict[str, float] = {}
        for one, load, greetings in (
            (ours, loads[0], tokens),
            (node, loads[1], [node.greeting] * len(tokens)),
        ):
            until = '42["hello"' if one is ours else one.until
            each[one.name] = await _fill(one, load, greetings, until)
        before = {one.name: cores.cpu_seconds(one.pid) for one in (ours, node)}
        await asyncio.sleep(REST)
        rows = [
            (
                one.name,
                f"{each[one.name]:,.0f} B",
                f"{each[one.name] / each[node.name]:.2f}",
                f"{(cores.cpu_seconds(one.pid) - before[one.name]) / REST:.2%}",
                f"{started[one.name] / 2**20:.0f} MiB",
            )
            for one in (ours, node)
        ]
    head = ("", "a connection", "× Node", "of a core at rest", "with nobody")
    table(f"{count:,} idle connections (ours at most 6,144 B)", head, rows)


async def _fill(one: Contestant, load: Crowd, greetings: list[str], until: str) -> float:
    """Bytes that one more connection adds."""
    place = {"port": one.port, "path": SOCKET_IO, "until": until}
    await load.ask("join", greetings=greetings[:FIRST], **place)
    before = await _memory(one)
    await load.ask("join", greetings=greetings[FIRST:], **place)
    return (await _memory(one) - before) / (len(greetings) - FIRST)


async def _memory(one: Contestant) -> int:
    if one.name.startswith("Node"):
        os.kill(one.pid, signal.SIGUSR2)
    await asyncio.sleep(SETTLE)
    return cores.private_bytes(one.pid)
