"""Every client there is, once for each way it can speak."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple

import pytest
import pytest_asyncio
from playwright.async_api import Browser
from tests.browser.conftest import browser
from tests.clients.client import Client
from tests.clients.hall import Hall, open_hall
from tests.clients.js_client import NodeClient, node_client, page_client
from tests.clients.python_client import async_client, sync_client

__all__ = ["browser"]

KINDS = ("node", "chromium", "python", "python-sync")
WAYS = {"websocket": ["websocket"]}


class Way(NamedTuple):
    """`transports`: as the client's option says it; `ends_as`: where that leads."""

    transports: list[str] | None
    ends_as: str


@pytest_asyncio.fixture(loop_scope="session")
async def hall() -> AsyncIterator[Hall]:
    async with open_hall() as hall:
        yield hall


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Way:
    transports = WAYS[request.param]
    return Way(transports, "polling" if transports == ["polling"] else "websocket")


@pytest_asyncio.fixture(loop_scope="session", params=KINDS)
async def client(
    request: pytest.FixtureRequest, hall: Hall, browser: Browser
) -> AsyncIterator[Client]:
    opening: dict[str, AbstractAsyncContextManager[Client]] = {
        "node": node_client(),
        "chromium": page_client(browser, hall.url),
        "python": async_client(),
        "python-sync": sync_client(),
    }
    async with opening[request.param] as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def node() -> AsyncIterator[NodeClient]:
    async with node_client() as client:
        yield client
