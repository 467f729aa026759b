"""Bad weather between a client and a server: a TCP proxy that delays, slices, loses, holds, cuts.

The words are Toxiproxy's (https://github.com/Shopify/toxiproxy): latency, slicer, limit, reset,
half-close. It knows nothing of what it carries.
"""

import asyncio
import random
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

CHUNK = 65_536
QUEUE = 64  # chunks on their way; a sender that is faster waits, as by a full TCP window
LINGER_RESET = struct.pack("ii", 1, 0)  # close(2) sends RST and forgets what was not sent

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Weather:
    """Of one direction; may change at any time. Seconds and bytes."""

    latency: float = 0.0
    jitter: float = 0.0  # up to so much more or less, in order all the same
    slices: int = 0  # so many bytes in each write; 0: as they come
    limit: int | None = None  # of one connection: reset after so many bytes, wherever that falls
    loss: float = 0.0  # part of the chunks that never arrive, while the connection lives: a lie
    held: bool = False  # nothing arrives, nobody is told; goes on when it ends


@dataclass(eq=False)
class _Way:
    """Bytes of one connection in one direction."""

    weather: Weather
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    queue: "asyncio.Queue[tuple[float, bytes]]" = field(
        default_factory=lambda: asyncio.Queue(QUEUE)
    )
    passed: int = 0


class Proxy:
    """Listens on `host:port` (0: a free one) and connects to `target`, an address or the path of
    a Unix socket. `there` is the weather towards it, `back` the weather to the client."""

    def __init__(
        self,
        target: tuple[str, int] | Path,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        seed: int = 1,
    ) -> None:
        self.there = Weather()
        self.back = Weather()
        self.host = host
        self.port = port
        self.opened = 0
        self._target = target
        self._dice = random.Random(seed)
        self._server: asyncio.Server | None = None
        self._pairs: dict[asyncio.Task[None], tuple[_Way, _Way]] = {}
        self._waiting: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Condition()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        tasks = [*self._pairs, *self._waiting]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def open(self) -> int:
        return len(self._pairs)

    # Harm

    def reset(self) -> int:
        """RST on every connection, to both ends, in the middle of whatever it was; how many."""
        pairs = list(self._pairs.values())
        for there, back in pairs:
            _reset(there.writer)
            _reset(back.writer)
        return len(pairs)

    def half_close(self) -> None:
        """Say FIN to the target on every connection, as if the client had nothing more to say."""
        for there, _ in self._pairs.values():
            there.queue.put_nowait((0.0, b""))

    async def hold(self, *, there: bool = True, back: bool = True) -> None:
        """Nothing moves any more in these directions, and nobody is told."""
        self.there.held, self.back.held = there, back
        async with self._changed:
            self._changed.notify_all()

    async def release(self) -> None:
        await self.hold(there=False, back=False)

    # Carrying

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._waiting.add(task)
        self.opened += 1
        try:
            # Cancelled by our own end: asyncio would log whatever this task is cancelled by.
            with suppress(OSError, asyncio.CancelledError):
                await self._carry(task, (reader, writer))
        finally:
            self._waiting.discard(task)
            writer.close()

    async def _carry(self, task: "asyncio.Task[None]", client: Streams) -> None:
        target = await self._connect()
        there = _Way(self.there, client[0], target[1])
        back = _Way(self.back, target[0], client[1])
        self._pairs[task] = (there, back)
        try:
            async with asyncio.TaskGroup() as group:
                for way in (there, back):
                    group.create_task(self._read(way))
                    group.create_task(self._write(way))
        except* (OSError, _Over):
            _reset(client[1])
            _reset(target[1])
        finally:
            del self._pairs[task]
            target[1].close()

    async def _connect(self) -> Streams:
        if isinstance(self._target, Path):
            return await asyncio.open_unix_connection(self._target)
        return await asyncio.open_connection(*self._target)

    async def _read(self, way: _Way) -> None:
        loop, last = asyncio.get_running_loop(), 0.0
        while data := await way.reader.read(CHUNK):
            delay = way.weather.latency + self._dice.uniform(-1, 1) * way.weather.jitter
            last = max(last, loop.time() + delay)
            if self._dice.random() >= way.weather.loss:
                await way.queue.put((last, data))
        await way.queue.put((last, b""))

    async def _write(self, way: _Way) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due, data = await way.queue.get()
            if due > loop.time():
                await asyncio.sleep(due - loop.time())
            async with self._changed:
                await self._changed.wait_for(lambda: not way.weather.held)
            if not data:
                way.writer.write_eof()
                return
            await self._pass_on(way, data)

    async def _pass_on(self, way: _Way, data: bytes) -> None:
        limit = way.weather.limit
        if limit is not None and way.passed + len(data) > limit:
            way.writer.write(data[: limit - way.passed])
            await way.writer.drain()
            raise _Over
        way.passed += len(data)
        size = way.weather.slices or len(data)
        for at in range(0, len(data), size):
            way.writer.write(data[at : at + size])
            await way.writer.drain()


class _Over(Exception):
    """A connection has carried what it may."""


def _reset(writer: asyncio.StreamWriter) -> None:
    sock: socket.socket | None = writer.get_extra_info("socket")
    with suppress(OSError):
        if sock is not None and sock.family != socket.AF_UNIX:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_RESET)
    writer.transport.abort()
