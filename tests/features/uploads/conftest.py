"""A tus client by hand, on a running node."""

import asyncio
import base64
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
from tests.support.clock import HandClock
from tests.support.node import Running, running_node
from tests.support.world import Person

from tertulia.core.jobs import Run
from tertulia.core.storage import LocalIncoming, LocalStorage
from tertulia.core.tx import Tx
from tertulia.features.uploads.jobs import Sweep, jobs

PATH = "/api/v1/uploads"
CHUNK = "application/offset+octet-stream"


def metadata(**said: str) -> str:
    """Of Upload-Metadata."""
    return ",".join(
        f"{key} {base64.b64encode(value.encode()).decode()}".strip() for key, value in said.items()
    )


@dataclass
class Tus:
    """One person's program. `folder` is where bytes grow."""

    running: Running
    who: Person | None
    room: UUID | None
    folder: Path
    client: httpx.AsyncClient = field(repr=False)

    def headers(self, **more: str) -> dict[str, str]:
        said = {"Tus-Resumable": "1.0.0"}
        if self.who is not None:
            said["Authorization"] = f"Bearer {self.running.token(self.who)}"
        return said | {name.replace("_", "-"): value for name, value in more.items()}

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return await self.client.request(
            method, path, content=body, headers=self.headers(**headers)
        )

    async def create(
        self, length: int | None = None, body: bytes | None = None, **headers: str
    ) -> httpx.Response:
        said = {} if self.room is None else {"room_id": str(self.room)}
        headers.setdefault("Upload_Metadata", metadata(**said, filename="notes.txt"))
        if length is not None:
            headers["Upload_Length"] = str(length)
        if body is not None:
            headers["Content_Type"] = CHUNK
        return await self.ask("POST", PATH, body, **headers)

    async def begun(self, length: int | None = None, **headers: str) -> str:
        """The address of a new upload."""
        answer = await self.create(length, None, **headers)
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    async def patch(self, url: str, offset: int, body: Any, **headers: str) -> httpx.Response:
        headers = {"Content_Type": CHUNK, "Upload_Offset": str(offset), **headers}
        return await self.ask("PATCH", url, body, **headers)

    async def head(self, url: str) -> httpx.Response:
        return await self.ask("HEAD", url)

    async def delete(self, url: str) -> httpx.Response:
        return await self.ask("DELETE", url)

    def bytes_of(self, url: str) -> bytes | None:
        """What lies on the disk of an upload."""
        file = self.folder / url.rpartition("/")[2]
        return file.read_bytes() if file.exists() else None

    def left(self) -> list[str]:
        """Names of all that lies there."""
        return sorted(file.name for file in self.folder.iterdir()) if self.folder.exists() else []


@dataclass
class House:
    """`beside` opens one more node of the same database and disk."""

    running: Running
    folder: Path
    room: UUID
    beside: Callable[[], AbstractAsyncContextManager["House"]]
    _client: httpx.AsyncClient = field(repr=False)

    def tus(self, who: Person | None, room: UUID | None = None) -> Tus:
        return Tus(self.running, who, room or self.room, self.folder, self._client)

    async def sweep(self) -> None:
        """As the job does it from time to time."""
        [job] = jobs(LocalIncoming(self.folder, LocalStorage(self.folder.parent)))
        await job.run(cast("Run", SimpleNamespace(db=self.running.node.db)), Sweep())

    async def later(self, time: timedelta) -> None:
        """As if all uploads were older: turning a running node's clock so far wakes all its
        loops."""
        await self.sql(
            """
            UPDATE uploads SET created_at = created_at - $1::interval, touched_at = touched_at - $1,
                expires_at = expires_at - $1
            """,
            time,
        )

    async def sql(self, statement: str, *values: Any) -> Any:
        """What nobody asks for, past every verb; the first row's first value."""

        async def ask(tx: Tx) -> Any:
            return await tx.conn.fetchval(statement, *values)

        return await self.running.node.db.write(ask)


@asynccontextmanager
async def open_house(
    dsn: str, clock: HandClock, folder: Path, owner: Person, *, seed: int = 7, **settings: str
) -> AsyncGenerator[House]:
    given = {"storage_url": f"file://{folder}", "upload_reserve": "0B", "jobs": "off", **settings}

    @asynccontextmanager
    async def one(seed: int, room: UUID | None) -> AsyncGenerator[House]:
        async with (
            running_node(dsn, clock, seed=seed, **given) as running,
            httpx.AsyncClient(base_url=running.url, timeout=30) as client,
        ):
            here = room or await running.world.channel(owner)
            yield House(running, folder / "incoming", here, lambda: one(seed + 1, here), client)

    async with one(seed, None) as house:
        yield house


@pytest.fixture
async def house(dsn: str, clock: HandClock, tmp_path: Path, alice: Person) -> AsyncIterator[House]:
    """Alice's room on a running node."""
    async with open_house(dsn, clock, tmp_path, alice) as house:
        yield house


@pytest.fixture
def tus(house: House, alice: Person) -> Tus:
    return house.tus(alice)


class Dripping:
    """A request whose body comes in pieces as the test says, over a connection of its own."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def patch(
        cls, tus: Tus, url: str, offset: int, length: int, **headers: str
    ) -> "Dripping":
        place = urlsplit(tus.running.url)
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        said = tus.headers(
            Host="localhost", Content_Type=CHUNK, Upload_Offset=str(offset),
            Content_Length=str(length), **headers,
        )  # fmt: skip
        lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        writer.write(f"PATCH {url} HTTP/1.1\r\n{lines}\r\n".encode())
        return cls(reader, writer)

    async def send(self, body: bytes) -> None:
        self._writer.write(body)
        await self._writer.drain()

    async def status(self) -> int:
        """Of the answer."""
        line = await self._reader.readline()
        return int(line.split()[1])

    def cut(self) -> None:
        """As a cable does, but that the server hears of it."""
        self._writer.transport.abort()

    async def close(self) -> None:
        self._writer.close()
        await asyncio.gather(self._writer.wait_closed(), return_exceptions=True)


async def arrived(tus: Tus, url: str, size: int) -> None:
    """Until so many bytes lie on the disk."""
    async with asyncio.timeout(10):
        while len(tus.bytes_of(url) or b"") < size:
            await asyncio.sleep(0)


async def in_pieces(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    """A body without a length."""
    for piece in pieces:
        yield piece
