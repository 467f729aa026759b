"""Faults 11 and 12: the power goes while people talk. A disk inside a disk keeps pictures of what
would be left; what was acknowledged before a picture was taken must be in it.

With `fsync=off` the same must lose something, or the harness is blind.
"""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg
import pytest
from tests.faults.disks import MEGABYTE, disk, flush, mounted, photograph, require_disks
from tests.faults.furniture import Furniture, open_database
from tests.faults.house import House
from tests.faults.ledger import Ledger, Send, lost_or_doubled, read_log, torn
from tests.faults.party import Party, party
from tests.faults.postgres import Postgres
from tests.faults.waiting import until

OUTER, INNER = 2048 * MEGABYTE, 512 * MEGABYTE
BETWEEN = 30  # messages
START_SECONDS = 20.0  # a broken cluster may stand there and let nobody in


class Cut:
    """A picture of the disk, and what had been acknowledged when it was taken."""

    def __init__(self, image: Path, acknowledged: list[Send]) -> None:
        self.image = image
        self.ledger = Ledger()
        self.ledger.sends = {send.client_id: send for send in acknowledged}


@pytest.mark.faults
async def test_a_power_cut_loses_nothing_acknowledged(furniture: Furniture) -> None:
    require_disks()
    cuts = 20
    with outer_disk() as outer:
        taken = await cut_while_talking(outer, furniture, cuts, fsync=True)
        for cut in taken:
            assert cut.ledger.sends, "nothing was acknowledged before the cut"
            async with restored(cut) as postgres, open_database(postgres.dsn()) as db:
                assert await lost_or_doubled(cut.ledger, db) == []
                assert torn(cut.ledger, await read_log(db)) == []
    print(f"{cuts} cuts: {[len(cut.ledger.sends) for cut in taken]} acknowledged, none lost")


@pytest.mark.faults
async def test_without_fsync_the_same_cuts_lose_messages(furniture: Furniture) -> None:
    """The harness's own test."""
    require_disks()
    with outer_disk() as outer:
        taken = await cut_while_talking(outer, furniture, 3, fsync=False)
        lost = [await losses(cut) for cut in taken]
    assert any(lost), "three cuts without fsync lost nothing: these pictures prove nothing"
    print(f"without fsync, lost: {lost}")


async def losses(cut: Cut) -> int:
    """How many acknowledged messages are not there; all of them where nothing starts any more."""
    try:
        async with (
            asyncio.timeout(START_SECONDS),
            restored(cut) as postgres,
            open_database(postgres.dsn()) as db,
        ):
            return len(await lost_or_doubled(cut.ledger, db))
    except (AssertionError, TimeoutError, OSError, asyncpg.PostgresError):
        return len(cut.ledger.sends)


@contextmanager
def outer_disk() -> Generator[Path]:
    with (
        tempfile.TemporaryDirectory(prefix="tertulia-cut-") as folder,
        disk(Path(folder), "outer.img", OUTER, "xfs") as outer,
    ):
        yield outer


async def cut_while_talking(
    outer: Path, furniture: Furniture, cuts: int, *, fsync: bool
) -> list[Cut]:
    with disk(outer, "inner.img", INNER) as inner:
        furniture.copy(inner)
        flush(inner)
        postgres = Postgres(inner, fsync=fsync)
        await postgres.start()
        house = House(Path(tempfile.mkdtemp(dir=inner)), database=postgres.dsn())
        try:
            await house.start()
            async with party(house, furniture.people) as guests:
                return [await take(outer, guests, number) for number in range(cuts)]
        finally:
            await house.stop()
            await postgres.stop()


async def take(outer: Path, guests: Party, number: int) -> Cut:
    before = len(guests.ledger.acknowledged)
    await until(lambda: len(guests.ledger.acknowledged) >= before + BETWEEN, guests.bots)
    acknowledged = list(guests.ledger.acknowledged)
    image = outer / f"cut-{number}.img"
    await asyncio.to_thread(photograph, outer / "inner.img", image)
    return Cut(image, acknowledged)


@asynccontextmanager
async def restored(cut: Cut) -> AsyncGenerator[Postgres]:
    """Power is back: the database of a picture, running."""
    with mounted(cut.image) as where:
        postgres = Postgres(where)
        try:
            await postgres.start()
            yield postgres
        finally:
            await postgres.stop()
