"""Unmodified tus-js-client and Uppy upload through all that may happen on the way (protocol U)."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.clients.uploads import Name, content, sending
from tests.features.uploads.conftest import House, open_house
from tests.support.clock import HandClock
from tests.support.world import Person

MIB = 1 << 20
CLIENTS: tuple[Name, ...] = ("tus", "uppy")


@pytest.fixture
async def house(dsn: str, clock: HandClock, tmp_path: Path, alice: Person) -> Any:
    async with open_house(dsn, clock, tmp_path, alice) as house:
        yield house


def there(house: House, url: str) -> bytes:
    return (house.folder / url.rpartition("/")[2]).read_bytes()


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    "options",
    [{}, {"chunkSize": MIB}, {"uploadDataDuringCreation": True}, {"overridePatchMethod": True}],
    ids=["one-request", "chunks", "with-creation", "by-post"],
)
async def test_a_file_arrives(
    client: Name, options: dict[str, Any], house: House, alice: Person
) -> None:
    token = house.running.token(alice)
    size = 3 * MIB + 5
    async with sending(client, house.running.url, token, house.room, size, options=options) as one:
        done = await one.done()
    assert there(house, done["url"]) == content(size)
    assert done["file"]
    assert one.retries() == []


async def test_parts_side_by_side_become_one(house: House, alice: Person) -> None:
    token = house.running.token(alice)
    options = {"parallelUploads": 3}
    async with sending("tus", house.running.url, token, house.room, MIB, options=options) as one:
        done = await one.done()
    assert there(house, done["url"]) == content(MIB)


async def test_it_goes_on_after_a_pause(house: House, alice: Person) -> None:
    token = house.running.token(alice)
    size = 32 * MIB
    # In pieces: in one, all of it may be on its way before anybody can stop it.
    plan = {"pauseAt": 4 * MIB, "options": {"chunkSize": MIB}}
    async with sending("tus", house.running.url, token, house.room, size, **plan) as one:
        paused = await one.until("paused")
        done = await one.done()
    assert paused["paused"] < size
    assert there(house, done["url"]) == content(size)


async def test_another_process_goes_on_where_one_was_killed(house: House, alice: Person) -> None:
    """As a page that was reloaded, or another tab: all it knows is the address."""
    token = house.running.token(alice)
    size = 64 * MIB
    async with sending("tus", house.running.url, token, house.room, size) as one:
        await one.until("progress", 8 * MIB)
    [url] = [f"{house.running.url}/api/v1/uploads/{file.name}" for file in house.folder.iterdir()]
    async with sending("tus", house.running.url, token, house.room, size, url=url) as other:
        first = await other.until("progress", 1)
        done = await other.done()
    assert first["progress"] >= MIB, "it began anew"
    assert done["url"] == url
    assert there(house, url) == content(size)
    assert len(list(house.folder.iterdir())) == 1


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_cut_line_costs_only_what_was_on_it(
    client: Name, house: House, alice: Person
) -> None:
    token = house.running.token(alice)
    size = 64 * MIB
    async with (
        Cutting(house.running.url) as line,
        sending(client, line.url, token, house.room, size) as one,
    ):
        await one.until("progress", 8 * MIB)
        line.cut()
        done = await one.done()
    assert one.retries(), "it was not cut off"
    assert there(house, done["url"]) == content(size)
    assert len(list(house.folder.iterdir())) == 1


class Cutting:
    """A proxy of bytes that can be cut like a cable."""

    def __init__(self, base: str) -> None:
        _, _, address = base.rpartition("//")
        host, _, port = address.partition(":")
        self._target = host, int(port)
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.url = ""

    async def __aenter__(self) -> "Cutting":
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        self._server.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(*self._target)
        self._writers += [writer, there_writer]
        for pair in ((reader, there_writer), (there_reader, writer)):
            task = asyncio.create_task(pump(*pair))
            self._tasks.add(task)

    def cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while block := await reader.read(1 << 16):
            writer.write(block)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()
