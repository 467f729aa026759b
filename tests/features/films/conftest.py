from pathlib import Path
from uuid import UUID

import pytest
from tests.support.films import Cinema, open_cinema
from tests.support.world import Person, World


@pytest.fixture
def cinema(world: World, tmp_path: Path) -> Cinema:
    return open_cinema(world, tmp_path)


@pytest.fixture
async def room(world: World, alice: Person, bob: Person) -> UUID:
    return await world.group(alice, bob)
