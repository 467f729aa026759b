"""A flood of hostile bytes at a server over loopback, by a seed: who dies, who leaks, who errs?

Three streams: Socket.IO packets on an open socket, raw bytes behind an upgrade, HTTP from the first
byte on. Each case may be refused, ignored or closed; it may not be answered with a 5xx, and whoever
comes after it is served.
"""

import asyncio
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from tests.faults import flood_words as words
from tests.faults.flood_words import masked

from tertulia.core.gateway import ProtocolError
from tertulia.core.gateway.packets import Kind, decode

UPGRADE = words.REQUESTS[0]
WAIT = 20.0
BRIEFLY = 0.2
HARMLESS = 24  # packets said before the one that may end the socket
CLOSING = b'{"reason":"'  # of a close frame: nothing more will come
SERVER_ERROR = re.compile(rb"HTTP/1\.1 5\d\d ")
PLAIN = frozenset((Kind.EVENT, Kind.ACK))


@dataclass
class Tally:
    cases: int = 0
    outcomes: Counter[str] = field(default_factory=Counter[str])
    failures: list[str] = field(default_factory=list[str])
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return self.cases / max(self.seconds, 1e-9)


class Wire(asyncio.Protocol):
    """One connection: keeps the last bytes of what came, wakes who waits for words or the end."""

    def __init__(self) -> None:
        self.heard = b""
        self.ended = False
        self._wanted: bytes = b""
        self._news: asyncio.Future[None] | None = None
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self.heard = self.heard[-65_536:] + data
        if CLOSING in self.heard:
            self.ended = True
        if self.ended or (self._wanted and self._wanted in self.heard):
            self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self.ended = True
        self._wake()

    def _wake(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    async def until(self, wanted: bytes, seconds: float = WAIT) -> bool:
        """True when it was heard, False when the connection ended first. Raises TimeoutError."""
        self._wanted = wanted
        while wanted not in self.heard:
            if self.ended:
                return False
            self._news = asyncio.get_running_loop().create_future()
            await asyncio.wait_for(self._news, seconds)
        return True

    async def end(self, seconds: float = WAIT) -> None:
        while not self.ended:
            self._news = asyncio.get_running_loop().create_future()
            await asyncio.wait_for(self._news, seconds)


async def dial(port: int) -> Wire:
    loop = asyncio.get_running_loop()
    _, wire = await loop.create_connection(Wire, "127.0.0.1", port)
    return wire


async def open_socket(port: int) -> Wire:
    wire = await dial(port)
    wire.transport.write(UPGRADE)
    assert await wire.until(b'0{"sid"')
    wire.transport.write(masked(b"40"))
    assert await wire.until(b'40{"sid"')
    return wire


def is_plain(packet: bytes) -> bool:
    """An event or an ack that a correct client could send: it may not end a socket."""
    try:
        return decode(packet).kind in PLAIN and decode(packet).namespace == "/"
    except ProtocolError:
        return False


async def say_packets(port: int, chance: random.Random, tally: Tally) -> None:
    """Packets that pass, then one that may not; decoded here too, so that both must agree."""
    wire = await open_socket(port)
    try:
        told: list[bytes] = []
        last = b"0"
        while len(told) < HARMLESS:
            packet = words.packet(chance)
            if is_plain(packet):
                told.append(packet)
            else:
                last = packet
        tally.cases += HARMLESS + 1
        wire.transport.write(b"".join(masked(b"4" + packet) for packet in told))
        wire.transport.write(masked(b'42999888["alive"]'))
        if not await wire.until(b"43999888["):
            tally.failures.append(f"closed by harmless packets: {told!r}")
            return
        wire.transport.write(masked(b"4" + last) + masked(b'42999777["alive"]'))
        tally.outcomes[
            "packet survived" if await wire.until(b"43999777[") else "packet closed"
        ] += 1
    finally:
        wire.transport.abort()


async def say_bytes(port: int, chance: random.Random, tally: Tally) -> None:
    wire = await open_socket(port)
    try:
        for _ in range(chance.choice((1, 1, 4))):
            tally.cases += 1
            data = words.frames(chance)
            at = chance.randint(0, len(data))
            wire.transport.write(data[:at])
            if chance.random() < 0.1:
                await asyncio.sleep(0)  # arrives in two pieces
            wire.transport.write(data[at:])
        if chance.random() < 0.5:
            wire.transport.write_eof()
            await wire.end()
        # Else it is cut in the middle of whatever it was.
        tally.outcomes["bytes"] += 1
    finally:
        wire.transport.abort()


async def say_http(port: int, chance: random.Random, tally: Tally) -> None:
    wire = await dial(port)
    try:
        tally.cases += 1
        data = words.request(chance)
        wire.transport.write(data)
        if chance.random() < 0.7 and wire.transport.can_write_eof():
            wire.transport.write_eof()
            await wire.end()
        else:
            # Silence is an answer to half a request; what it costs is test_gateway_hostile's.
            with suppress(TimeoutError):
                await wire.until(b"HTTP/1.1 ", BRIEFLY)
        if SERVER_ERROR.search(wire.heard):
            tally.failures.append(f"{wire.heard[:200]!r} to {data!r}")
        tally.outcomes[wire.heard[9:12].decode("latin-1") or "silence"] += 1
    finally:
        wire.transport.abort()


STREAMS: tuple[Callable[..., Any], ...] = (say_packets, say_bytes, say_http)


async def flood(
    port: int, *, cases: int, seed: int, streams: tuple[Callable[..., Any], ...], width: int = 24
) -> Tally:
    """`width` clients at a time. Every failure names its seed: `seed` and the client's number."""
    tally = Tally()
    began = time.perf_counter()

    async def client(number: int) -> None:
        chance = random.Random(f"{seed}/{number}")
        while tally.cases < cases and len(tally.failures) < 10:
            stream = chance.choice(streams)
            try:
                await stream(port, chance, tally)
            except TimeoutError:
                tally.failures.append(f"{stream.__name__}: nothing for {WAIT:.0f} s ({number})")
            except OSError as error:
                tally.outcomes[type(error).__name__] += 1

    await asyncio.gather(*(client(number) for number in range(width)))
    tally.seconds = time.perf_counter() - began
    return tally


def resident(pid: int) -> float:
    """MB of private memory."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = [int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Private")]
    return sum(found) / 1024


def replies(line: str) -> dict[str, Any]:
    return json.loads(line)
