"""What a real clamd says of files, and what we make of its silences."""

import asyncio
import struct
import zipfile
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import pytest
from tests.support.clamav import EICAR, PATTERN, STREAM_LIMIT, Clamd, running_clamd

from tertulia.core.clamd import NOT_SCANNED, ScanBroken, Scanner, ScannerAway, Verdict

LARGE = 1 << 30
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def blocks(data: bytes, size: int = 65_536) -> AsyncIterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


async def scan(url: str, data: bytes, limit: int = LARGE, seconds: float = 20.0) -> Verdict:
    return await Scanner(url, limit, seconds=seconds).scan(blocks(data), len(data))


@asynccontextmanager
async def pretender(folder: Path, serve: Serve) -> AsyncGenerator[str]:
    """Something else on the socket."""
    server = await asyncio.start_unix_server(serve, folder / "s")
    try:
        yield f"unix://{folder}/s"
    finally:
        server.close()


@pytest.mark.parametrize("data", [b"", b"good evening", bytes(STREAM_LIMIT)])
async def test_what_is_clean_is_clean(clamd: Clamd, data: bytes) -> None:
    assert await scan(clamd.url, data) == Verdict("clean")


async def test_what_is_infected_is_named(clamd: Clamd) -> None:
    assert await scan(clamd.url, EICAR) == Verdict("infected", "Eicar-Test.UNOFFICIAL")
    hidden = BytesIO()
    with zipfile.ZipFile(hidden, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", bytes(50_000) + PATTERN + bytes(50_000))
    assert await scan(clamd.url, hidden.getvalue()) == Verdict(
        "infected", "Tertulia.Test.UNOFFICIAL"
    )


async def test_what_it_would_not_read_whole_is_not_called_clean(clamd: Clamd) -> None:
    """Over our limit it is not even asked; over its own it says so, in the middle of our words."""
    late = bytes(3 * STREAM_LIMIT) + PATTERN
    assert await scan(clamd.url, late, limit=STREAM_LIMIT) == NOT_SCANNED
    assert await scan(clamd.url, late) == NOT_SCANNED


async def test_the_trap_that_our_limit_is_for() -> None:
    """Without it: clamd takes the whole stream, looks at none of it, and says OK."""
    with running_clamd("StreamMaxLength 100M") as generous:
        late = bytes(3 * STREAM_LIMIT) + PATTERN
        assert await scan(generous.url, late) == Verdict("clean")
        assert await scan(generous.url, late, limit=STREAM_LIMIT) == NOT_SCANNED


async def test_a_limit_that_is_alerted_is_no_finding() -> None:
    with running_clamd("StreamMaxLength 100M\nAlertExceedsMax yes") as strict:
        assert await scan(strict.url, bytes(3 * STREAM_LIMIT)) == NOT_SCANNED


async def test_it_says_who_it_is(clamd: Clamd) -> None:
    assert (await Scanner(clamd.url, LARGE).version()).startswith("ClamAV ")


async def test_over_tcp_it_is_the_same() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        said = b""
        while size := struct.unpack(">I", await reader.readexactly(4))[0]:
            said += await reader.readexactly(size)
        writer.write(b"stream: Test FOUND\0" if said == PATTERN else b"stream: OK\0")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    assert await scan(url, PATTERN) == Verdict("infected", "Test")
    assert await scan(url, b"x" * 200_000) == Verdict("clean")
    server.close()


async def test_nobody_there_is_told_from_a_broken_look(tmp_path: Path) -> None:
    with pytest.raises(ScannerAway):
        await scan(f"unix://{tmp_path}/nobody", b"x")
    with pytest.raises(ScannerAway):
        await scan("tcp://127.0.0.1:1", b"x")

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\0")
        writer.close()

    async with pretender(tmp_path, hang_up) as url:
        with pytest.raises(ScanBroken):
            await scan(url, b"x" * 1_000_000)
        with pytest.raises(ScannerAway):
            await Scanner(url, LARGE).version()


@pytest.mark.parametrize("said", [b"stream: ERROR\0", b"OK\0", b"stream: OK", b"x" * 5_000])
async def test_what_is_no_answer_is_no_verdict(tmp_path: Path, said: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(bytes(4))
        writer.write(said)
        writer.close()

    async with pretender(tmp_path, serve) as url:
        with pytest.raises(ScanBroken):
            await scan(url, b"x")


async def test_one_that_never_answers_is_left(tmp_path: Path) -> None:
    asked = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await reader.read()
        writer.close()

    async with pretender(tmp_path, serve) as url:
        with pytest.raises(ScanBroken):
            await scan(url, b"x", seconds=0.2)
    assert asked.is_set()
