"""What administrators may do with infected files."""

import pytest
from tests.features.files.laboratory import now, scanning, stored, upload, work
from tests.features.sync.conftest import House
from tests.support.clamav import EICAR, Clamd

from tertulia.core.errors import Forbidden, NotFound
from tertulia.features.files import service as files
from tertulia.features.files.jobs import Settling


async def test_its_name_is_seen_and_its_bytes_can_be_thrown_away(
    house: House, settling: Settling, clamd: Clamd
) -> None:
    keeper = house.alice  # who came first runs the server
    assert keeper.actor.is_admin
    file = await upload(house, settling, EICAR, house.bob, "offer.pdf")
    await work(house, scanning(settling, clamd.url))
    listed = await house.world.read(files.quarantined, keeper, None)
    assert [(one.id, one.name, one.found) for one in listed.files] == [
        (file.id, "offer.pdf", "Eicar-Test.UNOFFICIAL")
    ]
    with pytest.raises(Forbidden):
        await house.world.read(files.quarantined, house.bob, None)
    with pytest.raises(Forbidden):
        await house.world.write(files.burn, house.bob, file.id)
    key = await house.world.write(files.burn, keeper, file.id)
    assert [key] == await stored(settling, "quarantine/")
    assert (await house.world.read(files.quarantined, keeper, None)).files == []
    assert (await now(house, file, house.bob)).state == "infected", "it is still told"
    with pytest.raises(NotFound):
        await house.world.write(files.burn, keeper, file.id)
