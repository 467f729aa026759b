"""Bytes that nobody holds are thrown away, no others, and what is lost is told."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from tests.features.files.cellar import Cellar, carry
from tests.support.attachments import send_files
from tests.support.world import Person

from tertulia.core.jobs import Retry
from tertulia.core.tx import Tx
from tertulia.features.files import service as files
from tertulia.features.files.schemas import FORGET_FILM, File, Release
from tertulia.features.files.service import keeping
from tertulia.features.files.store.keeping import BACKUP_LOCK
from tertulia.features.messages import service as messages

MINUTE, HOUR = 60, 3600


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
