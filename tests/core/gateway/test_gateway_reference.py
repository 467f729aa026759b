"""The reference server does what the protocol documents' suites ask for."""

import contextlib
import json
from collections.abc import AsyncGenerator

import aiohttp
import pytest
from tests.core.gateway.polls import Polls
from tests.core.gateway.stage import WAIT, serving

from tertulia.core.gateway.engine import uvicorn_options
from tertulia.core.gateway.protocol import engine_at
from tertulia.core.gateway.reference import build


@contextlib.asynccontextmanager
async def reference(*, broadcast: bool = False) -> AsyncGenerator[str]:
    engines = build(broadcast=broadcast)

    async def app(scope: dict[str, str], receive: object, send: object) -> None:
        await engine_at(scope["path"], engines).asgi(scope, receive, send)

    async with serving(app, uvicorn_options(*engines)) as port:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            for engine in engines:
                await engine.close(timeout=0.1)


@contextlib.asynccontextmanager
async def socket(url: str, path: str) -> AsyncGenerator[aiohttp.ClientWebSocketResponse]:
    """Past the open packet."""
    target = f"{url}{path}?EIO=4&transport=websocket"
    async with aiohttp.ClientSession() as http, http.ws_connect(target) as ws:
        told = json.loads((await ws.receive_str(timeout=WAIT))[1:])
        if told["pingInterval"] == 300:
            assert (told["pingTimeout"], told["maxPayload"]) == (200, 1_000_000)
        yield ws


async def text(ws: aiohttp.ClientWebSocketResponse) -> str:
    """The next message but for pings, which are answered."""
    while (message := await ws.receive_str(timeout=WAIT)) == "2":
        await ws.send_str("3")
    return message


async def test_engine_io_is_an_echo_by_websocket_and_by_polling() -> None:
    async with reference() as url:
        async with socket(url, "/engine.io/") as ws:
            await ws.send_str("4hello")
            assert await text(ws) == "4hello"
            await ws.send_bytes(b"\x01\x02")
            assert await ws.receive_bytes(timeout=WAIT) == b"\x01\x02"
        async with aiohttp.ClientSession() as http:
            client = await Polls(http, f"{url}/engine.io/?EIO=4", {}).handshake()
            await client.say("4a", "bAQI=", "4b")
            assert await client.poll() == ["4a", "bAQI=", "4b"]


@pytest.mark.parametrize("namespace", ["", "/custom,"])
async def test_socket_io_answers_and_acknowledges(namespace: str) -> None:
    async with reference() as url, socket(url, "/socket.io/") as ws:
        await ws.send_str(f'40{namespace}{{"token":"123"}}')
        assert (await text(ws)).startswith(f"40{namespace}{{")
        assert await text(ws) == f'42{namespace}["auth",{{"token":"123"}}]'
        await ws.send_str(f'42{namespace}["message",1,"2"]')
        assert await text(ws) == f'42{namespace}["message-back",1,"2"]'
        await ws.send_str(f'42{namespace}9["message-with-ack",1,"2"]')
        assert await text(ws) == f'43{namespace}9[1,"2"]'


async def test_broadcast_is_for_load_generators() -> None:
    async with (
        reference(broadcast=True) as url,
        socket(url, "/socket.io/") as one,
        socket(url, "/socket.io/") as two,
    ):
        for ws in (one, two):
            await ws.send_str("40")
            assert (await text(ws)).startswith("40{")
        await one.send_str('42["say",{"n":1}]')
        assert [await text(one), await text(two)] == ['42["msg",{"n":1}]'] * 2


async def test_a_path_that_is_nobodys_is_not_found() -> None:
    async with reference() as url, aiohttp.ClientSession() as http:
        async with http.get(f"{url}/else/?EIO=4&transport=polling") as answer:
            assert answer.status == 404
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await http.ws_connect(f"{url}/else/?EIO=4&transport=websocket")
        assert caught.value.status == 404
