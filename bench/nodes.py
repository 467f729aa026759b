"""Two nodes joined by Redis, beside one alone: what crossing over adds, and how much goes through.

People talk at the first node and listen at the first or at the second.
Redis and PostgreSQL live on the load's core, both nodes on the servers'.
"""

import asyncio
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import UUID

from bench import cores
from bench.clients import Socket
from bench.report import table
from bench.server import Person, Server, people, rooms, running
from tertulia.core import postgres
from tertulia.core.clock import SystemClock
from tertulia.core.ids import SystemIds

ROOMS = 50
LISTENERS = 4  # of each room
RATE = 200  # messages a second, for the latency
SECONDS = 5
MOST = 4_000  # messages, for the throughput
AT_ONCE = 64
PATIENCE = 20.0  # seconds for what is still under way


async def measure() -> None:
    if shutil.which("redis-server") is None:
        print("\nTwo nodes: left out, there is no redis-server on the PATH", flush=True)
        return
    rows: list[tuple[str, ...]] = []
    async with running(pinned=True, boot_rate="10000") as alone:
        rows.append(await _row("one node, in the process", alone, alone))
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(_redis())
        first = await stack.enter_async_context(
            running(pinned=True, boot_rate="10000", redis_url=url)
        )
        dsn = await stack.enter_async_context(postgres.visiting(first.folder / "postgres"))
        second = await stack.enter_async_context(
            running(pinned=True, boot_rate="10000", redis_url=url, database_url=dsn)
        )
        rows.append(await _row("two nodes, heard where it was said", first, first))
        rows.append(await _row("two nodes, heard at the other", first, second))
    head = ("", "send → seen p50", "p99", "messages/s")
    title = f"Two nodes over Redis: {ROOMS} rooms of {LISTENERS} listeners, {RATE} messages/s"
    table(title, head, rows)


@asynccontextmanager
async def _redis() -> AsyncGenerator[str]:
    """Its own, by a Unix socket, nothing saved."""
    folder = Path(tempfile.mkdtemp(prefix="tertulia-bench-"))
    path = folder / "redis.sock"
    command = ("redis-server", "--port", "0", "--unixsocket", str(path), "--save", "")
    process = await asyncio.create_subprocess_exec(
        *cores.on(cores.LOAD, *command), stdout=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 10
        while not path.exists():
            if process.returncode is not None or time.monotonic() > until:
                raise SystemExit("redis-server did not start")
            await asyncio.sleep(0.02)
        yield f"unix://{path}"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        shutil.rmtree(folder, ignore_errors=True)


class _Room:
    """One who talks, and listeners who tell when they hear it."""

    def __init__(self, room: UUID, heard: "_Heard") -> None:
        self.room = room
        self.talker = Socket()
        self.listeners = [Socket(heard.hear) for _ in range(LISTENERS)]

    async def enter(self, here: Server, there: Server, persons: list[Person]) -> None:
        await self.talker.connect(here.port, persons[0])
        for one, person in zip(self.listeners, persons[1:], strict=True):
            await one.connect(there.port, person)


class _Heard:
    def __init__(self) -> None:
        self.sent: dict[bytes, float] = {}
        self.waits: list[float] = []
        self.last = 0.0
        self._due = 0
        self._done = asyncio.Event()

    def expect(self, deliveries: int) -> None:
        self.waits.clear()
        self._due = deliveries
        self._done.clear()

    def hear(self, frame: bytes) -> None:
        at = frame.find(b'"client_id":"') + 13
        began = self.sent.get(frame[at : at + 36])
        if began is None:
            return
        self.last = time.perf_counter()
        self.waits.append(self.last - began)
        if len(self.waits) == self._due:
            self._done.set()

    async def all(self) -> None:
        try:
            await asyncio.wait_for(self._done.wait(), PATIENCE)
        except TimeoutError:
            raise SystemExit(f"nodes: {len(self.waits)} of {self._due} arrived") from None


async def _row(name: str, here: Server, there: Server) -> tuple[str, ...]:
    heard = _Heard()
    made: list[_Room] = []
    for _ in range(ROOMS):
        persons = await people(here, 1 + LISTENERS)
        [room] = await rooms(here, 1, persons)
        one = _Room(room, heard)
        await one.enter(here, there, persons)
        made.append(one)
    await asyncio.sleep(0.5)
    await _steadily(made, heard)
    waits = sorted(heard.waits)
    rate = await _at_full_speed(made, heard)
    for one in made:
        for each in (one.talker, *one.listeners):
            each.close()
    p50, p99 = waits[len(waits) // 2], waits[len(waits) * 99 // 100]
    return (name, f"{1000 * p50:.2f} ms", f"{1000 * p99:.2f} ms", f"{rate:,.0f}")


async def _steadily(made: list[_Room], heard: _Heard) -> None:
    heard.expect(RATE * SECONDS * LISTENERS)
    began = time.perf_counter()
    for n in range(RATE * SECONDS):
        if (wait := began + n / RATE - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        _say(made[n % ROOMS], heard)
    await heard.all()


async def _at_full_speed(made: list[_Room], heard: _Heard) -> float:
    """Messages a second until the last listener has the last one, AT_ONCE of them under way."""
    heard.expect(MOST * LISTENERS)
    began = time.perf_counter()
    left = iter(range(MOST))

    async def talk(at: int) -> None:
        for _ in left:
            await _say(made[at % ROOMS], heard)

    await asyncio.gather(*(talk(at) for at in range(AT_ONCE)))
    await heard.all()
    return MOST / (heard.last - began)


def _say(one: _Room, heard: _Heard) -> asyncio.Future[bytes]:
    client_id = SystemIds(SystemClock()).uuid7()
    heard.sent[str(client_id).encode()] = time.perf_counter()
    return one.talker.send(one.room, client_id, "hello")
