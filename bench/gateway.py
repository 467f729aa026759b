"""Fan-out of one frame to 500 sockets: our gateway beside a bare picows loop, in one run.

    python bench/gateway.py

The server is pinned to one core, the load client (raw sockets that only count bytes, so that it is
not the bottleneck: its idle share is printed) to another. Rounds alternate between the contestants;
the ratio of the best rounds is what counts, absolute numbers drift with the machine.
"""

import asyncio
import base64
import contextlib
import gc
import os
import resource
import select
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import Any

import picows
import uvicorn
import uvloop

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from tertulia.core.gateway import Connection, Gateway, GatewaySettings, Handshake, encode_event

MEMBERS = 500
FRAMES = 240
ROUNDS = 5
IDLE = 3000
PATH = "/socket.io/?EIO=4&transport=websocket"
TEXT = "m" * 200
FRAME = encode_event("message.sent", {"text": TEXT})
BARE_PAYLOAD = bytes(FRAME[4:])


# The load client: another process


def upgrade(port: int, path: str) -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", port))
    key = base64.b64encode(os.urandom(16)).decode()
    sock.sendall(
        f"GET {path} HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    seen = b""
    while b"\r\n\r\n" not in seen:
        seen += sock.recv(4096)
    return sock


def masked(text: bytes) -> bytes:
    return bytes((0x81, 0x80 | len(text))) + bytes(4) + text  # a mask of zeros changes nothing


def load(port: int, path: str, members: int) -> None:
    """Connect so many sockets; for each number on stdin read that many bytes, then say so."""
    socks = {sock.fileno(): sock for sock in (upgrade(port, path) for _ in range(members))}
    poll = select.epoll()
    for sock in socks.values():
        sock.sendall(masked(b"40"))
        sock.setblocking(False)
        poll.register(sock, select.EPOLLIN)
    buffer = bytearray(262_144)
    while ready := poll.poll(0.5):  # what is said on connecting is not counted
        for number, _ in ready:
            socks[number].recv_into(buffer)
    print("ready", flush=True)
    for line in sys.stdin:
        missing: int = int(line)
        idle, began = 0.0, time.perf_counter()
        while missing > 0:
            before = time.perf_counter()
            ready = poll.poll()
            idle += time.perf_counter() - before
            for number, _ in ready:
                missing -= socks[number].recv_into(buffer)
        print(idle / (time.perf_counter() - began), flush=True)


class Load:
    """The other process, seen from here."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def ask(self, size: int | None = None) -> str:
        assert self.process.stdin
        assert self.process.stdout
        if size is not None:
            self.process.stdin.write(b"%d\n" % size)
        return (await self.process.stdout.readline()).decode().strip()


@contextlib.asynccontextmanager
async def clients(port: int, path: str, members: int = MEMBERS) -> AsyncGenerator[Load]:
    command = ("taskset", "-c", "1", sys.executable, __file__, "load")
    process = await asyncio.create_subprocess_exec(
        *command, str(port), path, str(members), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        there = Load(process)
        await there.ask()
        yield there
    finally:
        process.kill()
        await process.wait()


# The contestants: each sends FRAMES frames to everybody, `at_once` in each turn of the loop


class Lobby:
    """An application of one topic."""

    gateway: Gateway

    def allow(self, handshake: Handshake) -> None: ...

    async def connect(self, conn: Connection, auth: Any) -> None:
        del auth
        self.gateway.topics.join(conn, "lobby")

    async def event(self, conn: Connection, name: str, args: list[Any]) -> object: ...

    async def disconnect(self, conn: Connection, reason: str) -> None: ...


async def ours(gateway: Gateway, at_once: int) -> None:
    for _ in range(FRAMES // at_once):
        for _ in range(at_once):
            assert gateway.topics.publish("lobby", FRAME) == MEMBERS
        await asyncio.sleep(0)


async def bare(members: set[picows.WSTransport], at_once: int) -> None:
    for _ in range(FRAMES // at_once):
        for _ in range(at_once):
            for member in members:
                member.send(picows.WSMsgType.TEXT, BARE_PAYLOAD)
        await asyncio.sleep(0)


class Member(picows.WSListener):
    def __init__(self, members: set[picows.WSTransport]) -> None:
        self.members = members

    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        self.members.add(transport)


async def measure(there: Load, send: Callable[[], Awaitable[None]]) -> tuple[float, float]:
    """Deliveries a second of processor time, and the idle share of the load client.

    Processor time, because on a shared machine the wall clock measures the neighbours.
    """
    asking = asyncio.create_task(there.ask(MEMBERS * FRAMES * len(FRAME)))
    await asyncio.sleep(0.05)
    began = time.process_time()
    await send()
    idle = float(await asking)
    return MEMBERS * FRAMES / (time.process_time() - began), idle


def port_of(server: Any) -> int:
    return server.sockets[0].getsockname()[1]


async def compare() -> None:
    lobby = Lobby()
    # The load client answers no pings.
    gateway = lobby.gateway = Gateway(lobby, GatewaySettings(ping_interval=3600))
    config = uvicorn.Config(
        gateway.asgi,
        port=0,
        lifespan="off",
        interface="asgi3",
        log_level="error",
        backlog=IDLE,
        **gateway.uvicorn_options,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    port = port_of(server.servers[0])
    async with clients(port, PATH) as to_us:
        before = memory()
        async with clients(port, PATH, IDLE):
            each = (memory() - before) / IDLE
            print(f"memory of an idle connection, {IDLE} of them: {each / 1000:.1f} kB")
        await fan_out(gateway, to_us)
    await gateway.close()
    await server.shutdown()


async def fan_out(gateway: Gateway, to_us: Load) -> None:
    members: set[picows.WSTransport] = set()
    peer = await picows.ws_create_server(lambda _: Member(members), "127.0.0.1", 0)  # pyright: ignore[reportUnknownMemberType]
    async with clients(port_of(peer), "/") as to_bare:
        gc.freeze()
        for at_once in (1, 16):
            rates: dict[str, list[tuple[float, float]]] = {"bare": [], "ours": []}
            for _ in range(ROUNDS):
                rates["bare"].append(await measure(to_bare, lambda n=at_once: bare(members, n)))
                rates["ours"].append(await measure(to_us, lambda n=at_once: ours(gateway, n)))
            report(at_once, rates)
    peer.close()


def memory() -> int:
    """Resident bytes of this process."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def report(at_once: int, rates: dict[str, list[tuple[float, float]]]) -> None:
    best = {who: max(rate for rate, _ in got) for who, got in rates.items()}
    idle = min(share for got in rates.values() for _, share in got)
    print(
        f"fan-out to {MEMBERS}, {at_once:2} frames a turn, {len(FRAME)} B: "
        f"{best['ours'] / best['bare']:.0%} of a bare picows loop "
        f"({best['ours'] / 1000:.0f} k against {best['bare'] / 1000:.0f} k a CPU second; "
        f"load client idle {idle:.0%} or more)"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["load"]:
        load(int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
    else:
        os.sched_setaffinity(0, {0})
        resource.setrlimit(resource.RLIMIT_NOFILE, (2 * IDLE, 2 * IDLE))
        uvloop.run(compare())
