"""What is left behind is swept away, and what is lost is told."""

import asyncio
import os
from datetime import timedelta
from uuid import UUID

from tests.features.files.cellar import Cellar, carry
from tests.support.attachments import send_files, upload
from tests.support.world import Person

from tertulia.core.storage import LocalStorage
from tertulia.features.files import service as files
from tertulia.features.files.service import keeping

MINUTE, HOUR = 60, 3600


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
