"""Real clients at the whole server: what is said arrives, and strangers stay outside."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Browser
from tests.clients.client import Client, connected
from tests.clients.conftest import KINDS, Way, send_away
from tests.clients.js_client import node_client, page_client
from tests.clients.python_client import async_client, sync_client
from tests.support.clock import HandClock
from tests.support.node import Running, running_node
from tests.support.world import Person

from tertulia.core.gateway import CloseCode
from tertulia.core.serving import listen


@asynccontextmanager
async def another_site() -> AsyncGenerator[str]:
    """A page that is not ours; its address."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/html")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"<!doctype html><title>Elsewhere"})

    async with listen(app, {"interface": "asgi3"}, "127.0.0.1", 0) as (host, port):
        yield f"http://{host}:{port}"


@pytest_asyncio.fixture(loop_scope="session")
async def elsewhere() -> AsyncIterator[str]:
    async with another_site() as address:
        yield address


@pytest_asyncio.fixture(loop_scope="session")
async def running(dsn: str, clock: HandClock, elsewhere: str) -> AsyncIterator[Running]:
    async with running_node(dsn, clock, allowed_origins=elsewhere) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session", params=KINDS)
async def guest(
    request: pytest.FixtureRequest, running: Running, browser: Browser
) -> AsyncIterator[Client]:
    opening: dict[str, AbstractAsyncContextManager[Client]] = {
        "node": node_client(),
        "chromium": page_client(browser, running.url),
        "python": async_client(),
        "python-sync": sync_client(),
    }
    async with opening[request.param] as client:
        yield client
        send_away(running.node.gateway)


def saying(running: Running, room: UUID, text: str) -> dict[str, str]:
    client_id = str(running.world.ids.uuid7())
    return {"room_id": str(room), "client_id": client_id, "text": text}


async def talks(guest: Client, running: Running, who: Person, way: Way) -> None:
    """Says something, hears others, and is refused what is not allowed."""
    room = await running.world.channel(who)
    alice = await running.world.person("alice")
    await connected(guest, running.url, {"token": running.token(who)}, transports=way.transports)
    [[hello]] = await guest.until("hello")
    assert hello["account_id"] == str(who.id)
    await guest.speaks(way.ends_as)
    said = await guest.ask("message.send", saying(running, room, "Good evening"))
    assert said["ok"], said
    [[event]] = await guest.until("message.sent")
    assert event["data"]["message"]["body"]["text"] == "Good evening"
    foreign = await running.world.channel(alice)
    refused = await guest.ask("message.send", saying(running, foreign, "Let me in"))
    assert (refused["ok"], refused["error"]["code"]) == (False, "not_found")


async def test_it_talks(guest: Client, running: Running, way: Way) -> None:
    await talks(guest, running, await running.world.person("olga"), way)


async def test_without_a_token_it_stays_outside(guest: Client, running: Running, way: Way) -> None:
    await guest.begin(running.url, {"token": "made up"}, transports=way.transports)
    [[_, data]] = await guest.until("$connect_error")
    assert data["code"] == "unauthenticated"


async def test_signed_out_it_is_sent_away(guest: Client, running: Running, way: Way) -> None:
    olga = await running.world.person("olga")
    await connected(guest, running.url, {"token": running.token(olga)}, transports=way.transports)
    await guest.speaks(way.ends_as)
    [conn] = running.node.gateway.connections()
    conn.close(CloseCode.SESSION_ENDED)
    await guest.until("$disconnect")


async def test_a_page_of_an_allowed_origin_talks(
    browser: Browser, running: Running, elsewhere: str, way: Way
) -> None:
    async with page_client(browser, elsewhere) as guest:
        await talks(guest, running, await running.world.person("olga"), way)


async def test_a_page_of_any_other_origin_gets_nothing(
    browser: Browser, running: Running, way: Way
) -> None:
    olga = await running.world.person("olga")
    async with another_site() as address, page_client(browser, address) as guest:
        token = {"token": running.token(olga)}
        await guest.begin(running.url, token, transports=way.transports)
        [[message, _]] = await guest.until("$connect_error")
    assert message in ("xhr poll error", "websocket error")
    assert running.node.gateway.links == set()
