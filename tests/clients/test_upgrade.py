"""From polling to WebSocket while both sides talk: nothing is lost, doubled or overtaken."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser
from tests.clients.hall import Hall, open_hall
from tests.clients.js_client import JsClient, NodeClient, page_client
from tests.support.network import Proxy, Weather

COUNT = 1_000
EVERYTHING = list(range(1, COUNT + 1))
SLOW = 0.03  # seconds each way


@pytest_asyncio.fixture(loop_scope="session")
async def hall() -> AsyncIterator[Hall]:
    """Takes all that gathers while a request is under way: on a busy machine that is much, and
    arrives at once."""
    async with open_hall(inbox_limit=2 * COUNT) as hall:
        yield hall


async def cross(client: JsClient, hall: Hall, url: str) -> int:
    """A thousand each way from the first moment on; how many of them the client had said when the
    WebSocket took over."""
    await client.begin(url)
    counting = asyncio.create_task(client.do("countAcrossUpgrade", "/", "n", COUNT))
    conn = await hall.connected()
    for number in EVERYTHING:
        conn.emit("count", number)
        if number == COUNT * 2 // 3:
            await client.until("$upgrade")
        if number % 10 == 0:
            await asyncio.sleep(0)
    before: int = await counting
    assert await client.until("count", COUNT) == [[number] for number in EVERYTHING]
    await client.ask("double", 1)
    assert hall.numbers == EVERYTHING, "and behind it nothing more"
    assert hall.gone.empty()
    assert len(await client.heard("count")) == COUNT
    await client.speaks("websocket")
    return before


@pytest.mark.parametrize("attempt", range(3))
async def test_in_node(node: NodeClient, hall: Hall, attempt: int) -> None:
    await cross(node, hall, hall.url)


async def test_in_chromium(browser: Browser, hall: Hall) -> None:
    async with page_client(browser, hall.url) as client:
        await cross(client, hall, hall.url)


async def test_over_a_long_way_much_is_said_before(node: NodeClient, hall: Hall) -> None:
    async with Proxy(("127.0.0.1", hall.port)) as wire:
        wire.there = wire.back = Weather(latency=SLOW)
        before = await cross(node, hall, f"http://127.0.0.1:{wire.port}")
    assert 0 < before < COUNT
