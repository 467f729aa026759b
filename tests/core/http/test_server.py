"""The same application behind the real server: bytes on a socket, no client library between."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from tests.core.http.conftest import THING, MakeApp


@pytest.fixture
async def port(make_app: MakeApp) -> AsyncIterator[int]:
    config = uvicorn.Config(
        make_app(),  # pyright: ignore[reportArgumentType]
        port=0,
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await serving


async def exchange(port: int, sent: bytes) -> bytes:
    """Send bytes, and read until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(sent)
        await writer.drain()
        async with asyncio.timeout(5):
            return await reader.read()
    finally:
        writer.close()


def post(body: bytes, *headers: str) -> bytes:
    head = [f"POST {THING} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    return "\r\n".join([*head, *headers, "", ""]).encode() + body


def statuses(answer: bytes) -> list[bytes]:
    return [row.split(b" ")[1] for row in answer.split(b"\r\n") if row.startswith(b"HTTP/1.1 ")]


async def test_a_request_is_answered(port: int) -> None:
    body = b'{"text":"hola"}'
    answer = await exchange(port, post(body, f"Content-Length: {len(body)}", "Connection: close"))
    assert statuses(answer) == [b"201"]
    assert b"server:" not in answer.lower()


async def test_an_announced_flood_is_refused_before_it_arrives(port: int) -> None:
    answer = await exchange(port, post(b"", "Content-Length: 9999999999", "Connection: close"))
    assert statuses(answer) == [b"413"]


async def test_a_flood_in_chunks_is_cut_off(port: int) -> None:
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    sent = post(chunk * 17, "Transfer-Encoding: chunked", "Connection: close")
    assert statuses(await exchange(port, sent))[0] == b"413"


SMUGGLED = b"GET /api/v1/broken HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Length: 4", "Transfer-Encoding: chunked"),
        ("Content-Length: 4", "Content-Length: 5"),
        ("Content-Length: -1",),
        ("Content-Length: 4x",),
        ("Transfer-Encoding: chunked, identity",),
    ],
)
async def test_ambiguous_framing_smuggles_nothing(port: int, headers: tuple[str, ...]) -> None:
    answer = await exchange(port, post(b"0\r\n\r\n" + SMUGGLED, *headers))
    assert statuses(answer) == [b"400"]


async def test_a_head_of_garbage_is_refused(port: int) -> None:
    answer = await exchange(port, b"\x16\x03\x01\x02\x00\r\n\r\n")
    assert statuses(answer) == [b"400"]
