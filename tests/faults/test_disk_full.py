"""Fault 13: the database's disk fills up, and is freed again."""

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from tests.faults.disks import MEGABYTE, disk, require_disks
from tests.faults.furniture import Furniture
from tests.faults.house import House, status_of
from tests.faults.party import party, slowest
from tests.faults.postgres import Postgres

SIZE = 400 * MEGABYTE
LATE = 1.0  # a machine that does eight things at once


class FullDisk:
    """A PostgreSQL on a small disk of its own."""

    def __init__(self, where: Path, postgres: Postgres) -> None:
        self.postgres = postgres
        self._filler = where / "filler"

    def fill(self) -> None:
        """To the last block, whatever is asked for."""
        with self._filler.open("wb") as file:
            for size in (MEGABYTE, 4096):
                try:
                    while True:
                        file.write(b"\1" * size)
                        file.flush()
                except OSError:
                    continue

    def free(self) -> None:
        self._filler.unlink()


@pytest_asyncio.fixture(loop_scope="session")
async def full_disk(furniture: Furniture) -> AsyncIterator[FullDisk]:
    require_disks()
    with (
        tempfile.TemporaryDirectory(prefix="tertulia-full-") as folder,
        disk(Path(folder), "small.img", SIZE) as where,
    ):
        furniture.copy(where)
        postgres = Postgres(where)
        try:
            await postgres.start()
            yield FullDisk(where, postgres)
        finally:
            await postgres.stop()


@pytest.mark.faults
async def test_a_full_disk_refuses_what_is_new_and_shows_what_is_there(
    full_disk: FullDisk, furniture: Furniture, tmp_path: Path
) -> None:
    house = House(tmp_path, database=full_disk.postgres.dsn())
    await house.start()
    try:
        async with party(house, furniture.people) as guests, aiohttp.ClientSession() as http:
            guests.words = "long words, to need new pages soon " * 200
            began = guests.now
            full_disk.fill()
            await guests.refusals("storage_full", 20, since=began)
            since = guests.now
            await guests.refusals("storage_full", 20, since=since)
            during = guests.attempts_since(since)
            assert {attempt.code for attempt in during} <= {None, "storage_full"}
            assert slowest(during) < 1 + LATE
            for bot in guests.bots:
                status, page, _ = await bot.request("GET", f"/rooms/{guests.rooms[0]}/messages")
                assert (status, bool(page["messages"])) == (200, True)
            assert await status_of(http, f"{house.url}/healthz") == 200
            assert await status_of(http, f"{house.url}/readyz") == 200
            full_disk.free()
            guests.healed()
            report = await guests.finish()
        assert report.heals_within(10)
        print(report)
    finally:
        await house.stop()
