"""The storm: ten thousand clients of one room are cut at the same moment and all come back at once,
while somebody says something that all of them must have.

Measured until the last one is current. The rates are the server's own (W7): who is told to wait,
waits. Somebody who stayed connected goes on talking in another room; how long does that take?
Beside it Node, whose clients only have to be connected again: it has nothing to catch up from.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from bench import contestants, cores
from bench.clients import Socket
from bench.crowd import Crowd, crowd
from bench.report import Line, show
from bench.server import Person, Server, people, rooms, running
from tertulia.core.clock import SystemClock
from tertulia.core.ids import SystemIds

LOAD = "bench.returning"
CLIENTS = 10_000
AT_ONCE = 64  # when they first come
PAUSE = 0.05  # between two messages of the one who stayed
SAID_AFTER = 0.3  # seconds after the cut


async def measure() -> None:
    count = min(CLIENTS, cores.sockets_allowed() // 2)
    async with running(pinned=True, boot_rate="10000") as server, crowd("ours", LOAD) as load:
        ours = await _ours(server, load, count)
    async with contestants.node() as node, crowd(node.name, LOAD) as load:
        greetings = [node.greeting] * count
        place = {"port": node.port, "hello": node.until, "room": ""}
        before = await load.ask(
            "prepare", greetings=greetings, catch_ups=greetings, at_once=AT_ONCE, **place
        )
        _reset_peak(node.pid)
        peer = await load.ask("storm", head=0, awaited=False)
        peer_peak = _peak(node.pid)
    show(
        f"A storm of {count:,}",
        [
            *ours,
            Line(
                "Node: all connected again",
                f"{peer['current']:.1f} s",
                f"nothing caught up; {_told(peer)}; peak {peer_peak}; first connected at "
                f"{count / before['current']:,.0f}/s",
            ),
        ],
    )


async def _ours(server: Server, load: Crowd, count: int) -> list[Line]:
    persons = await people(server, count)
    [stayed] = await people(server, 1)
    [lobby] = await rooms(server, 1, [*persons, stayed])
    [aside] = await rooms(server, 1, [stayed])
    talker = Socket()
    await talker.connect(server.port, stayed)
    head = await _head(server, lobby)
    came = await load.ask(
        "prepare",
        greetings=[_greeting(person, f"room:{lobby}", head) for person in persons],
        catch_ups=[_catch_up(person, lobby, head) for person in persons],
        port=server.port,
        hello='42["hello"',
        room=f"room:{lobby}",
        at_once=AT_ONCE,
    )
    _reset_peak(server.pid)
    async with _talking(talker, aside) as waits:
        await asyncio.sleep(1)
        calm = len(waits)
        storm = asyncio.create_task(load.ask("storm", head=head, awaited=True))
        await asyncio.sleep(SAID_AFTER)
        await talker.send(lobby, SystemIds(SystemClock()).uuid7(), "^")
        ended = await storm
    during = sorted(waits[calm:])
    p99 = during[len(during) * 99 // 100]
    return [
        Line(
            "all current again",
            f"{ended['current']:.1f} s",
            f"target 10 s; {_told(ended)}; peak {_peak(server.pid)}",
        ),
        Line(
            "who stayed: send → answer meanwhile, p99",
            f"{1000 * p99:.0f} ms",
            f"p50 {1000 * during[len(during) // 2]:.1f} ms, before the storm "
            f"{1000 * sorted(waits[:calm])[calm // 2]:.1f} ms",
        ),
        Line("first connections", f"{count / came['current']:,.0f}/s", f"{AT_ONCE} at a time"),
    ]


def _greeting(person: Person, stream: str, head: int) -> str:
    """Whoever resumes tells where it is, and gets what it missed behind `hello` (W13)."""
    return f'40{{"token":"{person.token}","resume":true,"heads":{{"{stream}":{head}}}}}'


def _catch_up(person: Person, room: UUID, head: int) -> str:
    return (
        f"GET /api/v1/rooms/{room}/events?after={head} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {person.token}\r\nConnection: close\r\n\r\n"
    )


async def _head(server: Server, room: UUID) -> int:
    async with server.database() as conn:
        return await conn.fetchval("SELECT head FROM streams WHERE id = $1", room)


@asynccontextmanager
async def _talking(talker: Socket, room: UUID) -> AsyncGenerator[list[float]]:
    """Seconds from each send to its answer, until the block ends."""
    ids, waits = SystemIds(SystemClock()), list[float]()

    async def talk() -> None:
        while True:
            began = time.perf_counter()
            await talker.send(room, ids.uuid7(), "still here")
            waits.append(time.perf_counter() - began)
            await asyncio.sleep(PAUSE)

    talking = asyncio.create_task(talk())
    try:
        yield waits
    finally:
        talking.cancel()


def _told(answer: dict[str, Any]) -> str:
    counts: dict[str, int] = answer["counts"]
    errors = sum(n for what, n in counts.items() if what.startswith("error"))
    others = [f"{n:,} {what}" for what, n in counts.items() if not what.startswith("error")]
    why = [f"{n} {what.removeprefix('error: ')}" for what, n in counts.items() if "error" in what]
    return ", ".join([f"{errors} errors" + (f" ({'; '.join(why)})" if why else ""), *others])


def _reset_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def _peak(pid: int) -> str:
    status = Path(f"/proc/{pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return f"{int(line.split()[1]) / 1024:.0f} MiB"
