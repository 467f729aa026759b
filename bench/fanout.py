"""Fan-out: one says something, everybody in the room hears it.

Ours is the whole product: signed-in people, a real room, a message in the log (its ack included)
or an ephemeron. Beside it our bare gateway, a bare loop, and the peers, with frames of the same
size. Rounds alternate; the best of each counts, for a shared machine only ever takes away.
"""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from bench import contestants, cores
from bench.contestants import SOCKET_IO, Contestant
from bench.crowd import Crowd, crowd
from bench.report import table
from bench.server import Person, Server, people, rooms, running

MEMBERS = (500, 5_000)
IN_FLIGHT = (1, 16)
ROUNDS = 3
SECONDS = 0.6
WARM = 1.0  # seconds for everybody to say it once: a person's first word is looked at for longer

SHARES = ("server busy", "load idle")
TYPING, LOGGED = "typing", "a logged message"


@dataclass
class Round:
    rate: float
    """Deliveries a second."""
    each_ms: float
    """From one message to the next."""
    idle: float
    """Of the load."""
    busy: float
    """Of the server."""
    cost_us: float
    """Processor time of the server for one delivery: holds when neighbours make noise."""


@dataclass
class Runner:
    """A contestant with its crowd, saying one kind of thing."""

    name: str
    pid: int
    load: Crowd
    say: str
    mark: str = "^"
    most: int = 1_000_000
    rounds_at_most: int = ROUNDS
    each: int = 0
    size: int = 0
    rounds: dict[int, list[Round]] = field(default_factory=dict[int, list[Round]])

    async def look(self, members: int, extra: int = 0) -> None:
        """Say it once: everybody must hear it once, and how large is it? Then get warm."""
        self.each = members + extra
        seen = await self.load.ask("once", say=self.say, mark=self.mark, each=self.each)
        if seen["marks"] != self.each:
            raise SystemExit(f"{self.name}: {seen['marks']} heard it, not {self.each}")
        self.size = seen["bytes"] // self.each
        warm: dict[str, Any] = {"say": self.say, "mark": self.mark, "each": self.each}
        await self.load.ask("run", in_flight=16, seconds=WARM, most=members, **warm)

    async def go(self, in_flight: int) -> None:
        done = self.rounds.setdefault(in_flight, [])
        if len(done) >= self.rounds_at_most:
            return
        before = cores.cpu_seconds(self.pid)
        job: dict[str, Any] = {"say": self.say, "mark": self.mark, "each": self.each}
        took = await self.load.ask(
            "run", in_flight=in_flight, seconds=SECONDS, most=self.most, **job
        )
        spent = cores.cpu_seconds(self.pid) - before
        rate = took["said"] * self.each / took["seconds"]
        busy = spent / took["seconds"]
        done.append(Round(rate, 1000 * self.each / rate, took["idle"], busy, 1e6 * busy / rate))


async def measure() -> None:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(running(pinned=True, boot_rate="10000"))
        peers = [
            await stack.enter_async_context(start())
            for start in (
                contestants.gateway,
                contestants.picows,
                contestants.node,
                contestants.python_socketio,
            )
        ]
        names = ["ours", *(one.name for one in peers)]
        loads = [await stack.enter_async_context(crowd(name)) for name in names]
        for members in MEMBERS:
            await _compare(server, peers, loads, members)
            await asyncio.gather(*(load.ask("cut") for load in loads))


async def _compare(
    server: Server, peers: Sequence[Contestant], loads: Sequence[Crowd], members: int
) -> None:
    persons = await people(server, members)
    [room] = await rooms(server, 1, persons)
    await _enter(server, loads[0], persons)
    for one, load in zip(peers, loads[1:], strict=True):
        greetings = [one.greeting] * members
        await load.ask("join", port=one.port, path=one.path, greetings=greetings, until=one.until)
    for kind, ours in ((TYPING, _typing), (LOGGED, _logged)):
        first = ours(server, loads[0], room)
        await first.look(members, extra=0 if kind is TYPING else 1)
        runners = [first] + [
            Runner(one.name, one.pid, load, one.say(first.size))
            for one, load in zip(peers, loads[1:], strict=True)
            if kind is TYPING or one.name != "python-socketio"
        ]
        for runner in runners[1:]:
            await runner.look(members)
        await _rounds(runners)
        _print(members, kind, runners)


async def _enter(server: Server, load: Crowd, persons: Sequence[Person]) -> None:
    greetings = [f'40{{"token":"{person.token}"}}' for person in persons]
    await load.ask(
        "join", port=server.port, path=SOCKET_IO, greetings=greetings, until='42["hello"'
    )


def _typing(server: Server, load: Crowd, room: UUID) -> Runner:
    """`g` occurs once in what members hear: the word itself, for ids are hexadecimal."""
    return Runner("ours, typing", server.pid, load, f'42["typing",{{"room_id":"{room}"}}]', "g")


def _logged(server: Server, load: Crowd, room: UUID) -> Runner:
    client_id = "01900000-0000-7000-8000-NUMBER"
    said = f'"room_id":"{room}","client_id":"{client_id}","text":"^{"m" * 79}"'
    return Runner("ours, logged", server.pid, load, f'421["message.send",{{{said}}}]')


async def _rounds(runners: Sequence[Runner]) -> None:
    for in_flight in IN_FLIGHT:
        for _ in range(ROUNDS):
            for runner in runners:
                await runner.go(in_flight)


def _best(runner: Runner, in_flight: int) -> Round:
    return max(runner.rounds[in_flight], key=lambda one: one.rate)


def _print(members: int, kind: str, runners: Sequence[Runner]) -> None:
    head = ("", "× Node", "of bare loop", "deliveries/s", "a message", "CPU each", *SHARES)
    for in_flight in IN_FLIGHT:
        best = {runner.name: _best(runner, in_flight) for runner in runners}
        node, bare = best["Node socket.io"].rate, best["bare picows loop"].rate
        rows = [
            (
                name,
                f"{one.rate / node:.2f}",
                f"{one.rate / bare:.0%}",
                f"{one.rate:,.0f}",
                f"{one.each_ms:.2f} ms",
                f"{one.cost_us:.2f} µs",
                f"{one.busy:.0%}",
                f"{one.idle:.0%}",
            )
            for name, one in best.items()
        ]
        title = f"{kind} to {members:,}, {in_flight} in flight, {runners[0].size} bytes a frame"
        table(title, head, rows)
