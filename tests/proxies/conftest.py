"""Each proxy that is documented, in front of a node of the test's own."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tests.browser.conftest import browser
from tests.clients.hall import Hall, open_hall
from tests.proxies.fronts import Front, free_port, front
from tests.proxies.house import House, open_house
from tests.support.clock import HandClock

__all__ = ["browser"]

KINDS = ("nginx", "caddy")


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest_asyncio.fixture(loop_scope="session")
async def hall() -> AsyncIterator[Hall]:
    async with open_hall() as hall:
        yield hall


@pytest_asyncio.fixture(loop_scope="session")
async def hall_front(kind: str, hall: Hall) -> AsyncIterator[Front]:
    async with front(kind, free_port(), [hall.port]) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def house(kind: str, dsn: str, clock: HandClock) -> AsyncIterator[House]:
    async with open_house(kind, dsn, clock) as house:
        yield house
