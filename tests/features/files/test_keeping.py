"""Bytes that nobody holds are thrown away, no others, and what is lost is told."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from tests.support.attachments import look_at, send_files, upload
from tests.support.jobs import worker
from tests.support.world import Person, World

from tertulia.core import jobs as queue
from tertulia.core.jobs import Retry
from tertulia.core.storage import LocalIncoming, LocalStorage, StorageAway
from tertulia.core.tx import Tx
from tertulia.features.files import service as files
from tertulia.features.files.jobs.keeping import LOOK, SWEEP, Look, Sweep, jobs
from tertulia.features.files.schemas import FORGET_FILM, File, Release
from tertulia.features.files.service import keeping
from tertulia.features.files.store.keeping import BACKUP_LOCK
from tertulia.features.messages import service as messages

MINUTE, HOUR = 60, 3600


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


@pytest.fixture
def cellar(world: World, tmp_path: Path) -> Cellar:
    storage = Fragile(tmp_path / "files")
    return Cellar(world, storage, LocalIncoming(tmp_path / "files" / "incoming", storage))


@pytest.fixture
async def room(world: World, alice: Person, bob: Person) -> UUID:
    return await world.channel(alice, bob)


async def carry(world: World, who: Person, file: File, room: UUID) -> File:
    """The same bytes in another room, sent there."""
    seed = world.ids.uuid7()
    copies = await world.write(files.carry, who, [file], room, seed)
    copy = await world.read(files.get_file, who, room, copies[file.id])
    await send_files(world, who, room, copy)
    return copy


async def test_the_last_message_takes_the_bytes_with_it(
    cellar: Cellar, alice: Person, room: UUID
) -> None:
    world = cellar.world
    elsewhere = await world.channel(alice)
    file = await cellar.there(alice, room, "a")
    message = await send_files(world, alice, room, file)
    ready = await world.read(files.get_file, alice, room, file.id)
    copy = await carry(world, alice, ready, elsewhere)
    await world.write(messages.delete, alice, room, message.id)
    await cellar.work()
    await cellar.pass_time(2 * MINUTE)
    assert await cellar.keys() == ["blobs/a"]  # the copy holds them
    carried = await world.read(files.get_file, alice, elsewhere, copy.id)
    assert carried.message_id is not None
    await world.write(messages.delete, alice, elsewhere, carried.message_id)
    await cellar.work()
    assert await cellar.keys() == ["blobs/a"]  # doomed: whoever still reads them may finish
    await cellar.pass_time(2 * MINUTE)
    assert await cellar.keys() == []
    assert await cellar.ask("SELECT id FROM blobs") == []
    assert len(await cellar.ask("SELECT 1 FROM jobs WHERE kind = $1", FORGET_FILM)) == 1


async def test_what_i_will_not_send_i_can_discard(
    cellar: Cellar, alice: Person, bob: Person, room: UUID
) -> None:
    world = cellar.world
    sent, unsent = await cellar.there(alice, room, "sent"), await cellar.there(alice, room, "no")
    await send_files(world, alice, room, sent)
    for file in (sent, unsent):
        await world.write(files.discard, bob, room, file.id)
    assert len(await cellar.ask("SELECT id FROM files")) == 2
    for file in (sent, unsent):
        await world.write(files.discard, alice, room, file.id)
    assert await cellar.ask("SELECT id FROM files") == [sent.id]
    await cellar.work()
    await cellar.pass_time(2 * MINUTE)
    assert await cellar.keys() == ["blobs/sent"]


async def test_what_was_made_of_it_goes_with_it(cellar: Cellar, alice: Person, room: UUID) -> None:
    file = await cellar.there(alice, room, "a")
    await cellar.storage.write("renditions/a/thumb.webp", b"small")

    async def make(tx: Tx) -> None:
        statement = """
        INSERT INTO renditions (blob_id, name, key, size, media_type)
        SELECT blob_id, 'thumb.webp', 'renditions/a/thumb.webp', 5, 'image/webp' FROM files
        """
        await tx.conn.execute(statement)

    await cellar.world.db.write(make)
    message = await send_files(cellar.world, alice, room, file)
    await cellar.world.write(messages.delete, alice, room, message.id)
    await cellar.work()
    await cellar.pass_time(2 * MINUTE)
    assert await cellar.keys("renditions/") == []
    assert await cellar.ask("SELECT name FROM renditions") == []


async def blob_of(cellar: Cellar) -> UUID:
    [blob_id] = await cellar.ask("SELECT id FROM blobs WHERE doomed_at IS NOT NULL")
    return blob_id


async def test_race_the_same_bytes_come_again_while_the_old_ones_go(
    cellar: Cellar, alice: Person, room: UUID
) -> None:
    """The new upload is a new blob with a key of its own, and the old one's end does not touch
    it."""
    world = cellar.world
    message = await send_files(world, alice, room, await cellar.there(alice, room, "old"))
    await world.write(messages.delete, alice, room, message.id)
    await cellar.work()
    doomed = await blob_of(cellar)
    again = await cellar.there(alice, room, "new")

    async def same(tx: Tx) -> None:
        statement = """
        UPDATE blobs SET sha256 = (SELECT sha256 FROM blobs WHERE id = $1)
        WHERE key = 'blobs/new'
        """
        await tx.conn.execute(statement, doomed)

    await world.db.write(same)
    await send_files(world, alice, room, again)
    await cellar.pass_time(2 * MINUTE)
    assert await cellar.keys() == ["blobs/new"]
    assert (await world.read(files.get_file, alice, room, again.id)).state == "ready"


async def hold(cellar: Cellar, file: File, blob_id: UUID) -> None:
    """What `carry` does in a transaction that began before the blob was doomed."""

    async def insert(tx: Tx) -> None:
        statement = "UPDATE files SET blob_id = $2 WHERE id = $1"
        await tx.conn.execute(statement, file.id, blob_id)

    await cellar.world.db.write(insert)


async def test_race_somebody_carries_it_on_in_the_moment_it_is_doomed(
    cellar: Cellar, alice: Person, room: UUID
) -> None:
    world = cellar.world
    message = await send_files(world, alice, room, await cellar.there(alice, room, "a"))
    other = await cellar.there(alice, room, "b")
    await world.write(messages.delete, alice, room, message.id)
    await cellar.work()
    doomed = await blob_of(cellar)
    await hold(cellar, other, doomed)
    await cellar.pass_time(2 * MINUTE)
    assert "blobs/a" in await cellar.keys()
    assert await cellar.ask("SELECT id FROM blobs WHERE doomed_at IS NOT NULL") == []


async def test_race_carried_on_and_uploaded_again(
    cellar: Cellar, alice: Person, room: UUID
) -> None:
    """Both at once: the file that was carried on gets the bytes that came anew."""
    world = cellar.world
    message = await send_files(world, alice, room, await cellar.there(alice, room, "old"))
    other = await cellar.there(alice, room, "b")
    await world.write(messages.delete, alice, room, message.id)
    await cellar.work()
    doomed = await blob_of(cellar)
    await hold(cellar, other, doomed)
    fresh = await cellar.there(alice, room, "new")

    async def same(tx: Tx) -> None:
        statement = (
            "UPDATE blobs SET sha256 = (SELECT sha256 FROM blobs WHERE id = $1) WHERE key = $2"
        )
        await tx.conn.execute(statement, doomed, "blobs/new")

    await world.db.write(same)
    await cellar.pass_time(2 * MINUTE)
    assert "blobs/old" not in await cellar.keys()
    held = await cellar.ask(
        "SELECT b.key FROM files f JOIN blobs b ON b.id = f.blob_id WHERE f.id = ANY ($1)",
        [other.id, fresh.id],
    )
    assert held == ["blobs/new", "blobs/new"]


async def test_race_a_blob_is_given_to_a_file_while_it_is_looked_at(
    cellar: Cellar, alice: Person, room: UUID
) -> None:
    """Who gives a blob to a file holds its lock: the release waits, and then sees the file."""
    world = cellar.world
    message = await send_files(world, alice, room, await cellar.there(alice, room, "a"))
    other = await cellar.there(alice, room, "b")
    [blob_id] = await cellar.ask("SELECT id FROM blobs WHERE key = 'blobs/a'")
    await world.write(messages.delete, alice, room, message.id)
    locked, release = asyncio.Event(), asyncio.Event()

    async def settle(tx: Tx) -> None:
        await tx.conn.execute("SELECT id FROM blobs WHERE id = $1 FOR UPDATE", blob_id)
        locked.set()
        await release.wait()
        await tx.conn.execute("UPDATE files SET blob_id = $2 WHERE id = $1", other.id, blob_id)

    async def condemned() -> bool:
        return await world.db.write(lambda tx: keeping.condemn(tx, Release(blob_id)))

    settling = asyncio.create_task(world.db.write(settle))
    await locked.wait()
    condemning = asyncio.create_task(condemned())
    async with asyncio.timeout(5):
        while not await cellar.ask("SELECT 1 FROM pg_locks WHERE NOT granted"):
            await asyncio.sleep(0)
    release.set()
    await settling
    assert not await condemning


async def test_nothing_is_doomed_while_a_backup_is_taken(
    cellar: Cellar, alice: Person, room: UUID, dsn: str
) -> None:
    world = cellar.world
    message = await send_files(world, alice, room, await cellar.there(alice, room, "a"))
    await world.write(messages.delete, alice, room, message.id)
    backup: Any = await asyncpg.connect(dsn)
    try:
        await backup.execute("SELECT pg_advisory_lock($1)", BACKUP_LOCK)
        await cellar.work()
        await cellar.pass_time(2 * MINUTE)
        assert await cellar.ask("SELECT id FROM blobs WHERE doomed_at IS NOT NULL") == []
    finally:
        await backup.close()
    await cellar.pass_time(2 * MINUTE)
    await cellar.pass_time(2 * MINUTE)
    assert await cellar.keys() == []


async def test_a_storage_that_is_away_is_asked_again(
    cellar: Cellar, alice: Person, room: UUID
) -> None:
    world = cellar.world
    message = await send_files(world, alice, room, await cellar.there(alice, room, "a"))
    await world.write(messages.delete, alice, room, message.id)
    await cellar.work()
    cellar.storage.away = True
    await cellar.pass_time(2 * MINUTE)
    assert len(await cellar.ask("SELECT id FROM blobs")) == 1
    cellar.storage.away = False
    await cellar.pass_time(2 * MINUTE)
    assert (await cellar.keys(), await cellar.ask("SELECT id FROM blobs")) == ([], [])


async def test_a_worker_that_died_after_the_bytes_went_ends_it_the_next_time(
    cellar: Cellar, alice: Person, room: UUID
) -> None:
    world = cellar.world
    message = await send_files(world, alice, room, await cellar.there(alice, room, "a"))
    await world.write(messages.delete, alice, room, message.id)
    await cellar.work()
    await cellar.storage.remove(["blobs/a"])
    await cellar.pass_time(2 * MINUTE)
    assert await cellar.ask("SELECT id FROM blobs") == []


async def test_its_bytes_do_not_go_before_their_time(
    cellar: Cellar, alice: Person, room: UUID
) -> None:
    message = await send_files(cellar.world, alice, room, await cellar.there(alice, room, "a"))
    await cellar.world.write(messages.delete, alice, room, message.id)
    await cellar.work()
    wanted = Release(await blob_of(cellar))
    with pytest.raises(Retry):
        await cellar.world.db.write(lambda tx: keeping.throw_away(tx, wanted))


async def test_what_nobody_sends_goes_after_a_day(
    cellar: Cellar, alice: Person, room: UUID
) -> None:
    world = cellar.world
    await cellar.there(alice, room, "unsent")
    waiting = await upload(world, alice, room, "waiting.zip")
    sent = await cellar.there(alice, room, "sent")
    await send_files(world, alice, room, sent)
    await world.clock.advance(23 * HOUR)
    await cellar.sweep()
    assert len(await cellar.ask("SELECT id FROM files")) == 3
    await world.clock.advance(2 * HOUR)
    await cellar.sweep()
    assert await cellar.ask("SELECT id FROM files") == [sent.id]
    await cellar.pass_time(2 * MINUTE)
    await cellar.pass_time(2 * MINUTE)
    assert await cellar.keys() == ["blobs/sent"]
    assert waiting.state == "checking"


async def make_old(cellar: Cellar, key: str) -> None:
    """Files have the time of this machine, and the test its own."""
    path = cellar.storage.path(key)
    past = (cellar.world.clock.now() - timedelta(days=2)).timestamp()
    await asyncio.to_thread(os.utime, path, (past, past))


async def test_what_no_row_names_is_swept_away(cellar: Cellar, alice: Person, room: UUID) -> None:
    waiting = await upload(cellar.world, alice, room, "waiting.zip")
    [lies] = await cellar.ask("SELECT incoming FROM files WHERE id = $1", waiting.id)
    await cellar.there(alice, room, "named")
    young, promoted = "blobs/00/young", f"blobs/00/{lies.hex}"
    for key in ("blobs/00/left", "renditions/00/left/thumb.webp", "quarantine/0", young, promoted):
        await cellar.storage.write(key, b"x")
        await make_old(cellar, key)
    await make_old(cellar, "blobs/named")
    now = cellar.world.clock.now().timestamp()
    os.utime(cellar.storage.path(young), (now, now))
    await send_files(cellar.world, alice, room, waiting)
    await cellar.sweep()
    assert await cellar.keys("renditions/") == await cellar.keys("quarantine/") == []
    assert await cellar.keys() == sorted([young, promoted, "blobs/named"])


async def test_bytes_that_are_lost_are_told(
    cellar: Cellar, alice: Person, bob: Person, room: UUID
) -> None:
    world = cellar.world
    lost, kept = await cellar.there(alice, room, "lost"), await cellar.there(alice, room, "kept")
    await send_files(world, alice, room, lost, kept)
    await LocalStorage.remove(cellar.storage, ["blobs/lost"])
    await cellar.sweep()
    assert (await world.read(files.get_file, bob, room, lost.id)).state == "failed"
    assert (await world.read(files.get_file, bob, room, kept.id)).state == "ready"
    told = [e for e in world.published(f"room:{room}") if e["type"] == "file.changed"]
    assert [event["data"]["file"]["id"] for event in told][-1:] == [str(lost.id)]


async def test_a_disk_that_is_not_there_loses_nothing(
    cellar: Cellar, alice: Person, room: UUID
) -> None:
    there = [await cellar.there(alice, room, f"f{n}") for n in range(21)]
    await LocalStorage.remove(cellar.storage, [f"blobs/f{n}" for n in range(21)])
    for n in range(0, 20, 10):
        await send_files(cellar.world, alice, room, *there[n : n + 10])
    await cellar.sweep()
    assert await cellar.ask("SELECT DISTINCT state FROM files") == ["ready"]


async def test_what_is_used(cellar: Cellar, alice: Person, room: UUID) -> None:
    file = await cellar.there(alice, room, "a", b"12345")
    await send_files(cellar.world, alice, room, file)
    ready = await cellar.world.read(files.get_file, alice, room, file.id)
    await carry(cellar.world, alice, ready, await cellar.world.channel(alice))
    async with cellar.world.db.read() as tx:
        usage = await keeping.usage(tx)
    assert usage == (5, 1, 10, 2)
