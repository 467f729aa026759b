"""Faults 44 and 45: the server dies while files come in and are looked at; their disk fills up."""

import asyncio
import random
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
import pyvips
from tests.faults.checks import make_rooms
from tests.faults.disks import MEGABYTE, disk, require_disks
from tests.faults.furniture import Furniture
from tests.faults.house import House
from tests.faults.sender import Sender

SEED = 20261121
KILLS = 10
FILES = 15  # of each of four people
SMALL_DISK = 24 * MEGABYTE
LOOK_SECONDS = 0.1
LOOKED_AT_SECONDS = 90


@pytest_asyncio.fixture(loop_scope="session")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.faults
async def test_no_file_is_lost_or_served_half_when_the_server_dies(
    house: House, furniture: Furniture, http: aiohttp.ClientSession
) -> None:
    chance = random.Random(SEED)
    await house.start()
    senders = await _senders(house, furniture, http)
    work = asyncio.gather(*(_send(one, FILES, chance) for one in senders))
    watching = asyncio.ensure_future(_watch(senders, chance))
    deaths = 0
    while not work.done() and deaths < KILLS:
        await asyncio.wait([work], timeout=chance.uniform(0.1, 0.5))
        await house.kill()
        await house.start()
        deaths += 1
    await work
    await _all_ready(senders)
    assert not watching.done(), watching.exception()
    watching.cancel()
    for one in senders:
        await _compare(one)
    print(
        f"{sum(len(one.done) for one in senders)} files, {deaths} deaths:"
        f" {sum(one.broken for one in senders)} requests broken,"
        f" {sum(one.went_on for one in senders)} uploads went on where they were"
    )
    assert sum(one.went_on for one in senders) > 0, "no upload was cut in the middle"


async def _senders(house: House, furniture: Furniture, http: aiohttp.ClientSession) -> list[Sender]:
    people = furniture.people[:4]
    [room] = await make_rooms(house, people, 1)
    return [Sender(house, http, person, room) for person in people]


async def _send(sender: Sender, count: int, chance: random.Random) -> None:
    for number in range(count):
        if number % 3 == 0:
            await sender.upload("picture.png", _picture(chance))
        else:
            size = chance.choice([0, 1, 10_000, 2_000_000, 8_000_000])
            await sender.upload("data.bin", chance.randbytes(size))


def _picture(chance: random.Random) -> bytes:
    image: Any = pyvips.Image
    noise = image.gaussnoise(400, 300, seed=chance.randrange(1 << 30)).cast("uchar")
    return noise.pngsave_buffer()


async def _watch(senders: Sequence[Sender], chance: random.Random) -> None:
    """Read at any moment: what is given is the whole of it, or nothing."""
    while True:
        for one in senders:
            if one.done:
                file = chance.choice(list(one.done))
                status, content = await one.content(file)
                assert status != 200 or _same(one.done[file], content), "half of it was served"
        await asyncio.sleep(LOOK_SECONDS)


async def _all_ready(senders: Sequence[Sender]) -> None:
    async with asyncio.timeout(LOOKED_AT_SECONDS):
        for one in senders:
            for file in one.done:
                while (state := await one.state(file)) != "ready":
                    assert state in ("checking", "unknown"), state
                    await asyncio.sleep(LOOK_SECONDS)


async def _compare(sender: Sender) -> None:
    for file, data in sender.done.items():
        status, content = await sender.content(file)
        assert status == 200
        assert _same(data, content), f"{len(data)} bytes sent, {len(content)} given"
        if data.startswith(b"\x89PNG"):
            status, thumb = await sender.content(file, "thumb.webp")
            assert (status, thumb[:4]) == (200, b"RIFF")


def _same(sent: bytes, given: bytes) -> bool:
    """Pictures lose what is not picture."""
    if not sent.startswith(b"\x89PNG"):
        return sent == given
    image: Any = pyvips.Image
    pixels = [image.new_from_buffer(data, "").write_to_memory() for data in (sent, given)]
    return pixels[0] == pixels[1]


@pytest.mark.faults
async def test_a_full_disk_of_files_says_so_and_keeps_what_is_there(
    house: House, furniture: Furniture, http: aiohttp.ClientSession
) -> None:
    require_disks()
    with (
        tempfile.TemporaryDirectory(prefix="tertulia-full-") as folder,
        disk(Path(folder), "small.img", SMALL_DISK) as where,
    ):
        await house.start(
            settings={
                "TERTULIA_STORAGE_URL": f"file://{where}",
                "TERTULIA_UPLOAD_RESERVE": "0B",  # it is the disk itself that shall be full
            }
        )
        [sender, *_] = await _senders(house, furniture, http)
        chance = random.Random(SEED)
        first = chance.randbytes(2_000_000)
        await sender.upload("before.bin", first)
        await _all_ready([sender])
        filler = where / "filler"
        _fill(filler)
        going_on = asyncio.ensure_future(sender.upload("after.bin", chance.randbytes(3_000_000)))
        assert await sender.refusal("during.bin", chance.randbytes(1_000_000)) == 507
        await _compare(sender)
        assert not going_on.done(), "there was no room for it"
        filler.unlink()
        await going_on
        await _all_ready([sender])
        await _compare(sender)
        await house.stop()


def _fill(filler: Path) -> None:
    with filler.open("wb") as file:
        for size in (MEGABYTE, 4096):
            try:
                while True:
                    file.write(b"\1" * size)
                    file.flush()
            except OSError:
                continue
