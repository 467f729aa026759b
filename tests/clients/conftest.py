"""Every client there is, once for each way it can speak."""

import gc
import warnings
from collections.abc import AsyncIterator, Iterator
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

from tertulia.core.gateway import CloseCode, Gateway

__all__ = ["browser"]

KINDS = ("node", "chromium", "python", "python-sync")
WAYS = {"default": None, "polling": ["polling"], "websocket": ["websocket"]}


class Way(NamedTuple):
    """`transports`: as the client's option says it; `ends_as`: where that leads."""

    transports: list[str] | None
    ends_as: str


def send_away(gateway: Gateway) -> None:
    """Everybody, before they go: python-socketio may wait for a long poll to end by itself."""
    for link in tuple(gateway.links):
        link.close(CloseCode.GOING_AWAY)


@pytest.fixture(autouse=True)
def sweep(request: pytest.FixtureRequest) -> Iterator[None]:
    """python-socketio leaves sessions and sockets open where it was refused or sent away; warnings
    of that are not about us, and would fall upon whichever test runs when they are collected."""
    yield
    if "python" in request.node.name:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()


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
        send_away(hall.gateway)


@pytest_asyncio.fixture(loop_scope="session")
async def node() -> AsyncIterator[NodeClient]:
    async with node_client() as client:
        yield client
