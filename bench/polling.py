"""Long-polling: what opening costs when a client begins by polling and takes a WebSocket over, as
every client does by default; and messages to clients that can only poll."""

import asyncio
import time
from dataclasses import dataclass
from typing import cast

from bench import contestants
from bench.clients import Frames, Stopwatch
from bench.contestants import Contestant
from bench.report import table
from bench.wire import masked, upgrade_request

OPENS = 600
AT_ONCE = 32
LISTENERS = 50
SECONDS = 3.0
ROUNDS = 2
PATIENCE = 20.0
PATH = "/socket.io/?EIO=4&transport="
SAID = '42["say","' + "^".ljust(100, "m") + '"]'


class Http(asyncio.Protocol):
    """One kept-alive connection, one request at a time. Answers must have a Content-Length."""

    def __init__(self) -> None:
        self._buffer = b""
        self._answer: asyncio.Future[bytes] | None = None
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    async def ask(self, sid: str, body: str | None = None) -> bytes:
        """GET, or POST of a `body`, with the session's id; the body of the answer."""
        path = f"{PATH}polling" + (f"&sid={sid}" if sid else "")
        head = f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        if body is not None:
            head += f"Content-Type: text/plain;charset=UTF-8\r\nContent-Length: {len(body)}\r\n"
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write((head + "\r\n" + (body or "")).encode())
        # Not `wait_for`: on 3.11 it swallows a cancellation that meets an answer.
        async with asyncio.timeout(PATIENCE):
            return await self._answer

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        if not end or self._answer is None or self._answer.done():
            return
        size = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        if len(body) < size:
            return
        self._buffer = body[size:]
        if not head.startswith(b"HTTP/1.1 200"):
            self._answer.set_exception(ConnectionError(f"{head[:20]!r} {body[:200]!r}"))
        else:
            self._answer.set_result(body[:size])

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("closed"))


class Poller:
    """A client that polls, with a connection for hearing and one for saying."""

    def __init__(self) -> None:
        self._hearing = Http()
        self._saying = Http()
        self._websocket: Frames | None = None
        self.sid = ""

    async def open(self, port: int) -> None:
        loop = asyncio.get_running_loop()
        for http in (self._hearing, self._saying):
            await loop.create_connection(lambda one=http: one, "127.0.0.1", port)
        opened = (await self._hearing.ask("")).decode()
        self.sid = opened.partition('"sid":"')[2].partition('"')[0]
        await self._saying.ask(self.sid, "40")
        while b'40{"sid"' not in await self.hear():
            pass

    async def hear(self) -> bytes:
        """One poll; a ping in it is answered."""
        got = await self._hearing.ask(self.sid)
        if b"2" in got.split(b"\x1e"):
            await self.say("3")
        return got

    async def say(self, packet: str) -> None:
        await self._saying.ask(self.sid, packet)

    async def upgrade(self, port: int) -> None:
        """Take a WebSocket over (Engine.IO, "Upgrade"): probe, let the last poll end, switch."""
        probed = asyncio.Event()
        socket = self._websocket = Frames(
            lambda frame: probed.set() if frame == b"3probe" else None
        )
        loop = asyncio.get_running_loop()
        last = asyncio.create_task(self.hear())
        await loop.create_connection(lambda: socket, "127.0.0.1", port)
        socket.transport.write(upgrade_request(f"{PATH}websocket&sid={self.sid}"))
        await asyncio.wait_for(socket.upgraded.wait(), PATIENCE)
        socket.transport.write(masked(b"2probe"))
        await asyncio.wait_for(probed.wait(), PATIENCE)
        await last
        socket.transport.write(masked(b"5"))

    def close(self) -> None:
        self._hearing.transport.abort()
        self._saying.transport.abort()
        if self._websocket is not None:
            self._websocket.transport.abort()


@dataclass
class Rates:
    """All a second, the best round of each."""

    direct: float = 0
    upgraded: float = 0
    heard: float = 0
    idle: float = 1


async def measure() -> None:
    async with (
        contestants.gateway() as ours,
        contestants.node(transports='["polling","websocket"]') as node,
    ):
        rates = {one.name: Rates() for one in (ours, node)}
        for _ in range(ROUNDS):
            for one in (ours, node):
                await _round(one, rates[one.name])
    reference = rates[node.name]
    rows = [
        (
            name,
            f"{got.direct:,.0f}",
            f"{got.upgraded:,.0f}",
            f"{got.upgraded / reference.upgraded:.2f}",
            f"{got.heard:,.0f}",
            f"{got.heard / reference.heard:.2f}",
            f"{got.idle:.0%}",
        )
        for name, got in rates.items()
    ]
    head = ("", "by WebSocket", "by polling + upgrade", "× Node", "heard by polling", "× Node")
    table("Polling: opened a second, messages heard a second", (*head, "load idle"), rows)


async def _round(one: Contestant, rates: Rates) -> None:
    for upgraded in (False, True):
        with Stopwatch() as watch:
            await _many(one.port, upgraded=upgraded)
        rate = OPENS / watch.seconds
        rates.idle = min(rates.idle, watch.idle)
        if upgraded:
            rates.upgraded = max(rates.upgraded, rate)
        else:
            rates.direct = max(rates.direct, rate)
    with Stopwatch() as watch:
        heard = await _listen(one.port)
    rates.idle = min(rates.idle, watch.idle)
    rates.heard = max(rates.heard, heard)


async def _many(port: int, *, upgraded: bool) -> None:
    left = iter(range(OPENS))

    async def work() -> None:
        for _ in left:
            await (_by_polling(port) if upgraded else _by_websocket(port))

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))


async def _by_websocket(port: int) -> None:
    opened, connected = asyncio.Event(), asyncio.Event()

    def got(frame: bytes) -> None:
        if frame.startswith(b"0{"):
            opened.set()
        elif frame.startswith(b"40{"):
            connected.set()

    socket = Frames(got)
    await asyncio.get_running_loop().create_connection(lambda: socket, "127.0.0.1", port)
    socket.transport.write(upgrade_request(f"{PATH}websocket"))
    await asyncio.wait_for(opened.wait(), PATIENCE)
    socket.transport.write(masked(b"40"))
    await asyncio.wait_for(connected.wait(), PATIENCE)
    socket.transport.abort()


async def _by_polling(port: int) -> None:
    one = Poller()
    await one.open(port)
    await one.upgrade(port)
    one.close()


async def _listen(port: int) -> float:
    """Messages a second that all listeners together hear while one talks without a pause."""
    talker, listeners = Poller(), [Poller() for _ in range(LISTENERS)]
    for one in (talker, *listeners):
        await one.open(port)
    heard = 0

    async def listen(one: Poller) -> None:
        nonlocal heard
        while True:
            got = await one.hear()  # by itself: `heard +=` would add to what was before the wait
            heard += got.count(b"^")

    # The talker is in the room as well: somebody has to read what it hears.
    tasks = [asyncio.create_task(listen(one)) for one in (talker, *listeners)]
    began = time.perf_counter()
    while time.perf_counter() < began + SECONDS:
        await talker.say(SAID)
    rate = heard / (time.perf_counter() - began)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for one in (talker, *listeners):
        one.close()
    return rate
