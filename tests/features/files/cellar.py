"""A world with a storage, and a worker who keeps it in order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.support.attachments import look_at, send_files, upload
from tests.support.jobs import worker
from tests.support.world import Person, World

from tertulia.core import jobs as queue
from tertulia.core.storage import LocalIncoming, LocalStorage, StorageAway
from tertulia.features.files import service as files
from tertulia.features.files.jobs.keeping import LOOK, SWEEP, Look, Sweep, jobs
from tertulia.features.files.schemas import File


class Fragile(LocalStorage):
    """A storage that is away when it is told to be."""

    away = False

    async def remove(self, keys: Sequence[str]) -> None:
        if self.away:
            raise StorageAway(retry_after=1.0)
        await super().remove(keys)


@dataclass
class Cellar:
    """A world with a storage, and its worker."""

    world: World
    storage: Fragile
    incoming: LocalIncoming
    seeds: list[int] = field(default_factory=lambda: list(range(100, 200)))

    async def there(self, who: Person, room: UUID, key: str, content: bytes = b"bytes") -> File:
        """A file of its own blob, not sent."""
        file = await upload(self.world, who, room, f"{key}.bin", len(content))
        await self.storage.write(f"blobs/{key}", content)
        await look_at(self.world, file, "video/mp4", key=f"blobs/{key}")
        return file

    async def work(self) -> None:
        """Whatever is due now."""
        process = worker(self.world, *jobs(self.storage, self.incoming), seed=self.seeds.pop())
        await process.run_due()
        await process.close()

    async def pass_time(self, seconds: float) -> None:
        await self.world.clock.advance(seconds)
        await self.work()

    async def sweep(self) -> None:
        """The turns of the periodic jobs."""
        await self.world.db.write(lambda tx: queue.enqueue(tx, SWEEP, Sweep()))
        await self.world.db.write(lambda tx: queue.enqueue(tx, LOOK, Look()))
        await self.work()

    async def keys(self, prefix: str = "blobs/") -> list[str]:
        return sorted([stored.key async for stored in self.storage.list(prefix)])

    async def ask(self, statement: str, *values: Any) -> list[Any]:
        async with self.world.db.read() as tx:
            return [row[0] for row in await tx.conn.fetch(statement, *values)]


async def carry(world: World, who: Person, file: File, room: UUID) -> File:
    """The same bytes in another room, sent there."""
    seed = world.ids.uuid7()
    copies = await world.write(files.carry, who, [file], room, seed)
    copy = await world.read(files.get_file, who, room, copies[file.id])
    await send_files(world, who, room, copy)
    return copy


@pytest.fixture
def cellar(world: World, tmp_path: Path) -> Cellar:
    storage = Fragile(tmp_path / "files")
    return Cellar(world, storage, LocalIncoming(tmp_path / "files" / "incoming", storage))


@pytest.fixture
async def room(world: World, alice: Person, bob: Person) -> UUID:
    return await world.channel(alice, bob)
