"""Files that lie in the storage of a running node."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
from tests.support.attachments import look_at, send_files, upload
from tests.support.buckets import bucket, buckets
from tests.support.clock import HandClock
from tests.support.node import Running, running_node
from tests.support.world import Person

from tertulia.core.storage import LocalStorage
from tertulia.features.files.schemas import File
from tertulia.features.messages.schemas import Message

__all__ = ["bucket", "buckets"]

FILM = bytes(range(256)) * 20


@dataclass
class Shelf:
    """A node with a storage. `there` puts a file into a room, looked at and not sent."""

    running: Running
    storage: LocalStorage

    async def there(
        self, who: Person, room: UUID, name: str, content: bytes, media_type: str
    ) -> File:
        file = await upload(self.running.world, who, room, name, len(content))
        key = f"blobs/{file.id.hex}"
        await self.storage.write(key, content)
        await look_at(self.running.world, file, media_type, key=key)
        return file

    async def sent(
        self,
        who: Person,
        room: UUID,
        name: str = "holiday.mp4",
        content: bytes = FILM,
        media_type: str = "video/mp4",
    ) -> tuple[File, Message]:
        file = await self.there(who, room, name, content, media_type)
        return file, await send_files(self.running.world, who, room, file)

    async def get(
        self, who: Person | None, path: str, method: str = "GET", **headers: str
    ) -> httpx.Response:
        """By session, or without one."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        if who is not None:
            said["Authorization"] = f"Bearer {self.running.token(who)}"
        async with httpx.AsyncClient(base_url=self.running.url) as client:
            return await client.request(method, path, headers=said)

    async def link(self, who: Person, file: File, name: str = "original") -> str:
        """The path of a signed link."""
        path = f"/api/v1/rooms/{file.room_id}/files/{file.id}/link"
        answer = await self.running.request(who, "POST", path, {"name": name})
        assert answer.status_code == 200, answer.text
        return urlsplit(str(answer.json()["url"])).path


def content(file: File, name: str = "original") -> str:
    return f"/api/v1/rooms/{file.room_id}/files/{file.id}/content/{name}"


@asynccontextmanager
async def open_shelf(
    dsn: str, clock: HandClock, folder: Path, **settings: str
) -> AsyncGenerator[Shelf]:
    url = f"file://{folder}"
    given = {"jobs": "off", "storage_url": url, **settings}
    async with running_node(dsn, clock, seed=1, **given) as running:
        yield Shelf(running, LocalStorage(folder))


@pytest.fixture
async def shelf(dsn: str, clock: HandClock, tmp_path: Path) -> AsyncIterator[Shelf]:
    async with open_shelf(dsn, clock, tmp_path / "files") as shelf:
        yield shelf


@pytest.fixture
async def ana(shelf: Shelf) -> Person:
    return await shelf.running.world.person("ana")


@pytest.fixture
async def ben(ana: Person, shelf: Shelf) -> Person:
    del ana
    return await shelf.running.world.person("ben")


@pytest.fixture
async def eve(ben: Person, shelf: Shelf) -> Person:
    del ben
    return await shelf.running.world.person("eve")


@pytest.fixture
async def room(shelf: Shelf, ana: Person, ben: Person) -> UUID:
    return await shelf.running.world.group(ana, ben)
