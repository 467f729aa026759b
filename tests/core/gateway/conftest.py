from collections.abc import AsyncIterator

import aiohttp
import pytest
from tests.core.gateway.crossroads import Crossroads, Poller, crossroads
from tests.core.gateway.stage import Stage, stage


@pytest.fixture
async def gate() -> AsyncIterator[Stage]:
    """A gateway with ordinary settings on a free port."""
    async with stage() as this:
        yield this


@pytest.fixture
async def roads() -> AsyncIterator[Crossroads]:
    async with crossroads() as here:
        yield here


@pytest.fixture
async def poller(roads: Crossroads) -> AsyncIterator[Poller]:
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector) as http:
        yield Poller(http, roads)
