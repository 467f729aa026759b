"""What a scanner says of uploads, and what becomes of them where it says nothing."""

from pathlib import Path

import pytest
from tests.features.files.laboratory import TEXT, now, scanning, stored, upload, work
from tests.features.files.test_sending import send, with_files
from tests.features.sync.conftest import House
from tests.support.clamav import EICAR, Clamd
from tests.support.verify import verify

from tertulia.core.errors import NotFound
from tertulia.features.files import service as files
from tertulia.features.files.jobs import Settling


async def test_what_is_clean_says_so(house: House, settling: Settling, clamd: Clamd) -> None:
    file = await upload(house, settling, TEXT)
    await work(house, scanning(settling, clamd.url))
    assert (await now(house, file)).scan == "clean"


async def test_what_is_infected_is_kept_from_everybody(
    house: House, settling: Settling, clamd: Clamd
) -> None:
    file = await upload(house, settling, EICAR, name="offer.pdf")
    await send(house, house.alice, house.channel, with_files(house, file))
    await verify(house.world, house.people, lambda: work(house, scanning(settling, clamd.url)))
    file = await now(house, file)
    assert (file.state, file.scan) == ("infected", "infected")
    assert not await stored(settling)
    assert await stored(settling, "quarantine/") == [f"quarantine/{file.id.hex}"]
    async with house.world.db.read() as tx:
        assert await tx.conn.fetchval("SELECT found FROM files") == "Eicar-Test.UNOFFICIAL"
    with pytest.raises(NotFound):
        await house.world.read(files.require_readable, house.alice, house.channel, file.id)


async def test_what_is_too_large_for_the_scanner_is_not_called_clean(
    house: House, settling: Settling, clamd: Clamd
) -> None:
    file = await upload(house, settling, bytes((1 << 20) + 1))
    await work(house, scanning(settling, clamd.url, required=True))
    file = await now(house, file)
    assert (file.state, file.scan) == ("ready", "not_scanned")


async def test_a_scanner_that_is_away_is_passed_or_waited_for(
    house: House, settling: Settling, clamd: Clamd, tmp_path: Path
) -> None:
    nobody = f"unix://{tmp_path}/nobody"
    one = await upload(house, settling, TEXT)
    await work(house, scanning(settling, nobody))
    assert (await now(house, one)).scan == "not_scanned"
    two = await upload(house, settling, TEXT + b"2")
    for seed in range(8, 20):  # longer than any count of attempts
        await work(house, scanning(settling, nobody, required=True), seed)
        await house.world.clock.advance(40)
    assert (await now(house, two)).state == "checking"
    await work(house, scanning(settling, clamd.url, required=True), seed=21)
    assert (await now(house, two)).scan == "clean"
