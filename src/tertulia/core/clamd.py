"""Asking a ClamAV daemon about bytes: the INSTREAM command of clamd(8).

Three results, because there are three: a file that clamd did not read to its end is not clean. It
says so in none of the ways one would wish: what is over its MaxFileSize or MaxScanSize it calls OK
(AlertExceedsMax is off by default), what is over its StreamMaxLength ends the connection.
"""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

Result = Literal["clean", "infected", "not_scanned"]

CONNECT_SECONDS = 3.0
SECONDS = 180.0  # for one file; clamd's own MaxScanTime is 120
MAX_ANSWER = 4_096

_OVER_LIMIT = "INSTREAM size limit exceeded"
# Not a finding: what AlertExceedsMax makes of a limit.
_LIMITS = "Heuristics.Limits.Exceeded"


class Verdict(NamedTuple):
    """`signature` is the name of what was found; "" else."""

    result: Result
    signature: str = ""


NOT_SCANNED = Verdict("not_scanned")


class ScannerAway(Exception):
    """Nobody listens there, or what listens is no clamd."""


class ScanBroken(Exception):
    """It was there and gave up on this file: it died, said an error, or took too long."""


class Scanner:
    """`url` is `unix:///path` or `tcp://host:port`; `limit` in bytes is what clamd surely reads
    whole: the least of its StreamMaxLength, MaxFileSize and MaxScanSize."""

    def __init__(self, url: str, limit: int, *, seconds: float = SECONDS) -> None:
        self._url = urlsplit(url)
        self._limit = limit
        self._seconds = seconds

    async def scan(self, data: AsyncIterator[bytes], size: int) -> Verdict:
        """`size` bytes, in blocks. Raises ScannerAway, ScanBroken."""
        if size > self._limit:
            return NOT_SCANNED
        with await self._connected() as conn:
            try:
                async with asyncio.timeout(self._seconds):
                    return _verdict(await _instream(conn, data))
            except TimeoutError:
                raise ScanBroken("took too long") from None

    async def version(self) -> str:
        """As it calls itself: `ClamAV 1.4.6/27900/Fri Nov 20 …`. Raises ScannerAway."""
        with await self._connected() as conn:
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    await asyncio.get_running_loop().sock_sendall(conn, b"zVERSION\0")
                    said = await _answer(conn)
            except (TimeoutError, OSError, ScanBroken) as error:
                raise ScannerAway(str(error)) from None
        if not said.startswith("ClamAV "):
            raise ScannerAway("it is no clamd")
        return said

    async def _connected(self) -> socket.socket:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                family, place = await self._place()
                conn = socket.socket(family)
                try:
                    conn.setblocking(False)
                    await loop.sock_connect(conn, place)
                except BaseException:
                    conn.close()
                    raise
                return conn
        except (OSError, TimeoutError) as error:
            raise ScannerAway(str(error)) from None

    async def _place(self) -> tuple[socket.AddressFamily, tuple[str, int] | str]:
        if self._url.scheme == "unix":
            return socket.AF_UNIX, self._url.path
        found = await asyncio.get_running_loop().getaddrinfo(
            self._url.hostname, self._url.port, type=socket.SOCK_STREAM
        )
        family, _, _, _, address = found[0]
        return family, (str(address[0]), int(address[1]))


# A socket and not a stream: when clamd has had enough it answers and closes, and what it said must
# still be read after our next write has failed.
async def _instream(conn: socket.socket, data: AsyncIterator[bytes]) -> str:
    loop = asyncio.get_running_loop()
    try:
        await loop.sock_sendall(conn, b"zINSTREAM\0")
        async for block in data:
            if block:  # a piece of no length would be the end
                await loop.sock_sendall(conn, struct.pack(">I", len(block)) + block)
        await loop.sock_sendall(conn, bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        pass
    return await _answer(conn)


async def _answer(conn: socket.socket) -> str:
    said = b""
    try:
        while len(said) < MAX_ANSWER and not said.endswith(b"\0"):
            more = await asyncio.get_running_loop().sock_recv(conn, MAX_ANSWER)
            if not more:
                break
            said += more
    except OSError as error:
        raise ScanBroken(str(error)) from None
    if not said.endswith(b"\0"):
        raise ScanBroken("it hung up")
    return said[:-1].decode("utf-8", "replace")


def _verdict(said: str) -> Verdict:
    """`stream: OK`, `stream: NAME FOUND`, `… ERROR`."""
    if said == "stream: OK":
        return Verdict("clean")
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        name = said.removeprefix("stream: ").removesuffix(" FOUND")
        return NOT_SCANNED if name.startswith(_LIMITS) else Verdict("infected", name)
    if said.startswith(_OVER_LIMIT):
        return NOT_SCANNED
    raise ScanBroken(said[:200])
