"""Those who take their time: slow heads, slow bodies, sockets that never say who they are, and more
connections than the process has descriptors (faults 30 and 31)."""

import asyncio
import resource
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.faults.flood import Wire, dial, masked, open_socket, resident
from tests.faults.test_flood import Server, server
from tests.faults.waiting import until

pytestmark = pytest.mark.faults

MANY = 2_000
FILES = 128  # descriptors, where there are too few
CLOSED_SECONDS = 10.0
PER_SOCKET_KB = 24.0  # of the server's own memory, while it waits for one of them
WELL_SECONDS = 0.25  # a round trip of somebody honest, on a machine of two shared cores

HEAD = b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nX-Slow: "
BODY = (
    b"POST /socket.io/?EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA HTTP/1.1\r\nHost: a\r\n"
    b"Content-Type: text/plain\r\nContent-Length: 60000\r\n\r\n"
)


async def crowd(port: int, count: int) -> list[Wire]:
    made: list[Wire] = []
    for _ in range(count // 100):
        made += await asyncio.gather(*(dial(port) for _ in range(100)))
    return made


async def drip(wires: Sequence[Wire], seconds: float) -> float:
    """A byte a second from each until all are closed; how long that took."""
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        living = [wire for wire in wires if not wire.ended]
        if not living:
            break
        for wire in living:
            wire.transport.write(b"x")
        await asyncio.sleep(0.5)
    return time.perf_counter() - began


async def held_by(this: Server, wires: Sequence[Wire]) -> None:
    """Until the server holds every one of these that it has not closed yet."""
    async with asyncio.timeout(CLOSED_SECONDS):
        while (await this.state())["http"] < sum(not wire.ended for wire in wires):
            await asyncio.sleep(0)


async def talk(this: Server, until: asyncio.Event) -> list[float]:
    """Round trips of an honest client, in seconds."""
    wire = await open_socket(this.port)
    took: list[float] = []
    number = 0
    while not until.is_set():
        number += 1
        began = time.perf_counter()
        wire.transport.write(masked(b'42%d["hello"]' % number))
        assert await wire.until(b"43%d[" % number)
        took.append(time.perf_counter() - began)
        wire.heard = b""
        # It pings twice a second here; whoever does not answer is gone.
        wire.transport.write(masked(b"3"))
        await asyncio.sleep(0.05)
    wire.transport.abort()
    return sorted(took)


@pytest.mark.parametrize("begin", [b"", HEAD, BODY], ids=["nothing", "head", "body"])
async def test_slow_ones_are_closed_and_nobody_notices(begin: bytes) -> None:
    async with server(patience="8") as this:
        over = asyncio.Event()
        talking = asyncio.create_task(talk(this, over))
        before = resident(this.process.pid)
        wires = await crowd(this.port, MANY)
        began = time.perf_counter()
        for wire in wires:
            wire.transport.write(begin)
        await held_by(this, wires)
        held = resident(this.process.pid) - before
        if begin:
            await drip(wires, 3 * CLOSED_SECONDS)
        else:
            await asyncio.gather(*(wire.end() for wire in wires))
        took = time.perf_counter() - began
        over.set()
        waits = await talking
        print(
            f"{MANY:,} closed after {took:.1f} s, {held * 1024 / MANY:.1f} kB each; "
            f"p99 of others {waits[len(waits) * 99 // 100] * 1000:.0f} ms"
        )
        assert all(wire.ended for wire in wires)
        assert took < CLOSED_SECONDS + 4  # the crowd itself took its time to come
        assert held * 1024 / MANY < PER_SOCKET_KB
        assert waits[len(waits) * 99 // 100] < WELL_SECONDS
        assert (await this.calm())["http"] == 0


async def test_sockets_that_never_connect_are_closed() -> None:
    async with server(patience="8") as this:
        wires = await crowd(this.port, 500)
        for wire in wires:
            wire.transport.write(
                HEAD.removesuffix(b"X-Slow: ")
                + (
                    b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
                )
            )
        await asyncio.gather(*(wire.until(b'0{"sid"') for wire in wires))
        began = time.perf_counter()
        await asyncio.gather(*(wire.end() for wire in wires))
        assert time.perf_counter() - began < CLOSED_SECONDS + 2
        assert b"connect_timeout" in wires[0].heard
        assert (await this.calm())["sessions"] == 0


async def test_more_connections_than_descriptors() -> None:
    """The accept loop must neither spin nor die, and heals by itself (fault 31)."""
    async with server(patience="30") as this:
        pid = this.process.pid
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (FILES, FILES))
        wires = await crowd(this.port, 500)
        await until(lambda: len(list(Path(f"/proc/{pid}/fd").iterdir())) >= FILES - 2)
        began = cpu_seconds(pid)
        await asyncio.sleep(3)  # not a wait: what is measured is work by time
        spent = cpu_seconds(pid) - began
        for wire in wires:
            wire.transport.abort()
        # Healed: somebody new is served.
        deadline = time.perf_counter() + 10
        served = False
        while not served and time.perf_counter() < deadline:
            try:
                wire = await asyncio.wait_for(open_socket(this.port), 2)
            except (OSError, AssertionError):
                await asyncio.sleep(0.2)
            else:
                served = True
                wire.transport.abort()
        print(f"{spent:.2f} s of CPU in 3 s without descriptors")
        assert served
        assert spent < 1.0
        state = await this.calm()
        assert (state["sessions"], state["http"]) == (0, 0)


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
