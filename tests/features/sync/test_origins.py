"""Pages of other origins get no session, by WebSocket or by polling: the browser would send our
cookie along (cross-site WebSocket hijacking; checklist item 11)."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import aiohttp
import pytest
from tests.support.clock import HandClock
from tests.support.node import Running, running_node

WEBSOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


@pytest.fixture
async def running(dsn: str, clock: HandClock) -> AsyncIterator[Running]:
    async with running_node(
        dsn, clock, public_url="https://chat.example", allowed_origins="https://other.example"
    ) as running:
        yield running


async def ask(running: Running, transport: str, origin: str | None) -> int:
    headers = WEBSOCKET if transport == "websocket" else {}
    if origin is not None:
        headers = {**headers, "Origin": origin.replace("PORT", str(urlsplit(running.url).port))}
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{running.url}/socket.io/?EIO=4&transport={transport}", headers=headers) as got,
    ):
        if origin is not None and got.status == 403:
            assert "access-control-allow-origin" not in got.headers
        return got.status


GOOD = {"websocket": 101, "polling": 200}
OURS = (None, "https://chat.example", "https://other.example", "http://127.0.0.1:PORT")
EVIL = (
    "null",  # a sandboxed frame, a file, a redirect
    "",
    "https://evil.example",
    "https://chat.example.evil.example",  # suffix and prefix tricks
    "https://evilchat.example",
    "https://evil-chat.example",
    "https://sub.chat.example",
    "https://chat.example@evil.example",
    "https://evil.example/https://chat.example",
    "https://evil.example#https://chat.example",
    "https://chat.example:8443",  # another port, another origin (RFC 6454)
    "https://chat.example.",
    "http://chat.example",  # another scheme
    "http://127.0.0.1:1",
    "http://127.0.0.1",
    "http://localhost:PORT",
    "https://chat.example, https://evil.example",
    "https://evil.example, https://chat.example",
    "file://",
    "chrome-extension://abcdefghijklmnop",
    "https://chat.example%00.evil.example",
    "https://xn--cht-8la.example",
)


@pytest.mark.parametrize("transport", GOOD)
async def test_our_own_and_allowed_pages_and_programs_are_let_in(
    running: Running, transport: str
) -> None:
    got = {origin: await ask(running, transport, origin) for origin in OURS}
    assert got == dict.fromkeys(OURS, GOOD[transport])


@pytest.mark.parametrize("transport", GOOD)
async def test_all_others_are_refused(running: Running, transport: str) -> None:
    got = {origin: await ask(running, transport, origin) for origin in EVIL}
    assert got == dict.fromkeys(EVIL, 403)


@pytest.mark.parametrize("transport", GOOD)
async def test_two_origins_are_nobodys(running: Running, transport: str) -> None:
    headers = [("Origin", "https://chat.example"), ("Origin", "https://evil.example")]
    if transport == "websocket":
        headers += list(WEBSOCKET.items())
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{running.url}/socket.io/?EIO=4&transport={transport}", headers=headers) as got,
    ):
        assert got.status in {400, 403}
