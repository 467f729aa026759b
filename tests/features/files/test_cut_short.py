"""Looks that are cut short at every point, and files that go while they are looked at."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from tests.core.scrub.test_scrub import photo
from tests.features.files.laboratory import TEXT, now, scanning, stored, upload, work
from tests.features.files.test_sending import send, with_files
from tests.features.sync.conftest import House
from tests.support.clamav import EICAR, Clamd
from tests.support.jobs import worker

from tertulia.core.failpoints import Failpoints
from tertulia.features.files.jobs import Settling, jobs
from tertulia.features.files.schemas import SETTLE, Settle
from tertulia.features.messages import service as messages

POINTS = ["settle_scanned", "settle_hashed", "settle_looked", "settle_stored", "settle_kept"]


class Killed(BaseException):
    """Nothing catches it."""


def killing(settling: Settling, point: str) -> Settling:
    def kill() -> None:
        raise Killed

    return replace(settling, failpoints=Failpoints({point: kill}))


async def killed_at(house: House, settling: Settling, point: str, seed: int) -> None:
    """The process is gone from there on; its job is taken over once it is silent for long."""
    process = worker(house.world, *jobs(killing(settling, point)), seed=seed)
    async with house.world.db.read() as tx:
        file = await tx.conn.fetchrow("SELECT room_id, id FROM files ORDER BY id DESC LIMIT 1")
    job: Any = process.jobs[SETTLE]
    run: Any = _Run(house)
    with pytest.raises(Killed):
        await job.run(run, Settle(file["room_id"], file["id"]))


class _Run:
    attempt = 1

    def __init__(self, house: House) -> None:
        self.db = house.world.db


@pytest.mark.parametrize("data", [TEXT, photo("png")], ids=["moved", "rewritten"])
@pytest.mark.parametrize("point", POINTS)
async def test_a_look_that_was_cut_short_is_done_again_to_the_same_end(
    house: House, settling: Settling, point: str, data: bytes
) -> None:
    file = await upload(house, settling, data)
    await killed_at(house, settling, point, seed=5)
    await work(house, settling)
    file = await now(house, file)
    assert file.state == "ready"
    [key] = await stored(settling)
    kept = [block async for block in settling.storage.read(key)]
    assert len(b"".join(kept)) == file.size
    names = [one.rpartition("/")[2] for one in await stored(settling, "renditions/")]
    assert names == sorted(file.look.renditions if file.look else [])
    async with house.world.db.read() as tx:
        assert await tx.conn.fetchval("SELECT count(*) FROM blobs") == 1
    told = [one for one in house.world.bus.published if one.type == "file.checked"]
    assert len(told) == 1


async def test_a_quarantine_that_was_cut_short_is_closed(
    house: House, settling: Settling, clamd: Clamd
) -> None:
    file = await upload(house, settling, EICAR)
    await killed_at(house, scanning(settling, clamd.url), "settle_quarantined", seed=5)
    await work(house, scanning(settling, clamd.url))
    assert (await now(house, file)).state == "infected"
    assert len(await stored(settling, "quarantine/")) == 1


@pytest.mark.parametrize("point", [*POINTS[:4]])
async def test_what_is_deleted_while_it_is_looked_at_leaves_nothing(
    house: House, settling: Settling, point: str
) -> None:
    file = await upload(house, settling, photo("png"))
    message = await send(house, house.alice, house.channel, with_files(house, file))
    loop = asyncio.get_running_loop()
    gone: list[asyncio.Task[object]] = []

    def delete() -> None:
        gone.append(
            loop.create_task(
                house.world.write(messages.delete, house.alice, house.channel, message.id, "")
            )
        )

    slow = replace(settling, failpoints=Failpoints({point: delete}))
    await work(house, slow)
    await asyncio.gather(*gone)
    async with house.world.db.read() as tx:
        assert await tx.conn.fetchval("SELECT count(*) FROM files") == 0
        blobs = await tx.conn.fetch("SELECT key FROM blobs")
    # Either it was quicker, and nothing was kept; or it was slower, and the blob is to be released.
    assert await stored(settling) == [row["key"] for row in blobs]


async def test_two_who_bring_the_same_at_the_same_time(house: House, settling: Settling) -> None:
    pair = [await upload(house, settling, photo("png"), who) for who in (house.alice, house.bob)]
    await work(house, settling)
    assert {(await now(house, file, who)).state for file, who in zip(
        pair, (house.alice, house.bob), strict=True
    )} == {"ready"}  # fmt: skip
    assert len(await stored(settling)) == 1
    async with house.world.db.read() as tx:
        keys = {row["key"] for row in await tx.conn.fetch("SELECT key FROM renditions")}
    assert set(await stored(settling, "renditions/")) == keys
