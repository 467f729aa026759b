"""Bytes that are no honest HTTP: a clear refusal, the connection ends, nobody else notices."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.core.gateway.stage import WAIT, Stage, stage, until

HEAD = b"GET /socket.io/ HTTP/1.1\r\nHost: test\r\n"
POST = b"POST /socket.io/ HTTP/1.1\r\nHost: test\r\n"
KEY = b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
WANTS = b"Connection: Upgrade\r\nUpgrade: websocket\r\n" + KEY
TARGET = b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: test\r\n"


@asynccontextmanager
async def tcp(stage: Stage) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def say(stage: Stage, request: bytes) -> bytes:
    """All that comes back until the server ends the connection."""
    async with tcp(stage) as (reader, writer):
        writer.write(request)
        return await asyncio.wait_for(reader.read(), WAIT)


async def is_well(stage: Stage) -> bool:
    async with stage.raw() as raw:
        await raw.say('421["alive"]')
        return await raw.text() == "431[[]]"


@dataclass
class Body:
    """An application that waits for whole bodies."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    size: int | None = None
    """How much came; None while it has not ended, or never did."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        del scope
        size, more = 0, True
        while more:
            self.begun.set()
            message = await receive()
            if message["type"] != "http.request":
                return
            size, more = size + len(message["body"]), message["more_body"]
        self.size = size
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})


@asynccontextmanager
async def swallowing() -> AsyncGenerator[tuple[Stage, Body]]:
    body = Body()
    async with stage(app=body) as this:
        yield this, body


@pytest.mark.parametrize(
    "request_",
    [
        # Two lengths: which bytes are the next request? (smuggling, RFC 9112 §6.3)
        POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        POST + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde",
        POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        POST + b"Content-Length: 5, 5\r\n\r\nabcde",
        POST + b"Content-Length: +5\r\n\r\nabcde",
        POST + b"Content-Length: -5\r\n\r\nabcde",
        POST + b"Content-Length: 99999999999999999999999\r\n\r\nabcde",
        POST + b"Content-Length : 5\r\n\r\nabcde",
        POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n",
        b"POST /socket.io/ HTTP/1.0\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        # Lines that end where only some parsers end them
        b"GET /socket.io/ HTTP/1.1\nHost: test\n\n",
        HEAD + b"X: y\nContent-Length: 4\r\n\r\n",
        HEAD + b"X: y\rContent-Length: 4\r\n\r\n",
        HEAD + b"X: y\r\n folded\r\n\r\n",
        HEAD + b"X: a\0b\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n5\nabcde\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcdeXX0\r\n\r\n",
        # Headers that come after the application has judged them
        POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-Forwarded-For: ::1\r\n\r\n",
        # For whom?
        b"GET /socket.io/ HTTP/1.1\r\n\r\n",
        HEAD + b"Host: evil\r\n\r\n",
        # Not this protocol
        b"GET /socket.io/\r\n\r\n",
        b"GET /socket.io/ HTTP/1.9\r\nHost: test\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64),
        b"GET /\xff HTTP/1.1\r\nHost: test\r\n\r\n",
        b"CONNECT mail.example:25 HTTP/1.1\r\nHost: test\r\n\r\nHELO",
        POST + b"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 3\r\n\r\nabc",
        TARGET + WANTS + b"Content-Length: 4\r\n\r\nabcd",
        TARGET + WANTS + b"\r\n" + TARGET + WANTS + b"\r\n",
    ],
)
async def test_what_could_be_read_in_two_ways_is_refused(request_: bytes) -> None:
    async with swallowing() as (gate, body):
        answer = await say(gate, request_)
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert b"HTTP/1.1 " not in answer[9:]
        assert body.size is None
        assert gate.gateway.counters.opened == 0
        assert await is_well(gate)


@pytest.mark.parametrize(
    "request_",
    [
        HEAD + b"X: " + b"y" * 9_000 + b"\r\n\r\n",
        HEAD + b"X: " + b"y" * 9_000,  # and no end
        b"GET /" + b"y" * 9_000 + b" HTTP/1.1\r\nHost: test\r\n\r\n",
        HEAD + b"".join(b"X-%d: y\r\n" % n for n in range(70)) + b"\r\n",
        HEAD + b"Cookie: " + b"a=b; " * 2_000 + b"\r\n\r\n",
        TARGET + WANTS + b"X: " + b"y" * 9_000 + b"\r\n\r\n",
    ],
)
async def test_oversize_heads_are_refused(gate: Stage, request_: bytes) -> None:
    assert (await say(gate, request_)).startswith(b"HTTP/1.1 431 ")
    assert await is_well(gate)


async def test_an_upgrade_to_anything_else_is_answered_without_it(gate: Stage) -> None:
    answer = await say(gate, HEAD + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"Transport unknown" in answer


async def test_a_head_that_does_not_end_is_cut(gate: Stage) -> None:
    """Slowloris: a byte now and then."""
    async with tcp(gate) as (reader, writer):
        writer.write(HEAD)
        await until(lambda: gate.gateway.wheel.waiting)
        for _ in range(3):
            writer.write(b"X")
            assert await is_well(gate)  # meanwhile it is read
            gate.turn(1)
        gate.turn(5)
        assert (await asyncio.wait_for(reader.read(), WAIT)).startswith(b"HTTP/1.1 408 ")
    assert await is_well(gate)


async def test_a_connection_that_says_nothing_is_cut(gate: Stage) -> None:
    async with tcp(gate) as (reader, _):
        await until(lambda: gate.gateway.wheel.waiting)
        gate.turn(10)
        await asyncio.wait_for(reader.read(), WAIT)


async def test_the_second_head_has_its_time_too(gate: Stage) -> None:
    async with tcp(gate) as (reader, writer):
        writer.write(HEAD + b"\r\n")
        await reader.readuntil(b'unknown"}')
        gate.turn(60)  # between requests that is uvicorn's affair
        writer.write(HEAD)
        await until(lambda: gate.gateway.wheel.waiting)
        gate.turn(10)
        assert (await asyncio.wait_for(reader.read(), WAIT)).startswith(b"HTTP/1.1 408 ")


async def test_a_body_that_hardly_moves_is_cut() -> None:
    async with swallowing() as (gate, body), tcp(gate) as (reader, writer):
        writer.write(POST + b"Content-Length: 100000\r\n\r\n")
        await body.begun.wait()
        for _ in range(4):
            writer.write(b"x")
            await asyncio.sleep(0)
            gate.turn(1)
        gate.turn(3)
        with suppress(ConnectionResetError):
            assert await asyncio.wait_for(reader.read(), WAIT) == b""
        assert body.size is None


async def test_a_body_that_moves_has_all_the_time_it_needs() -> None:
    async with swallowing() as (gate, body), tcp(gate) as (reader, writer):
        writer.write(POST + b"Content-Length: 100000\r\n\r\n")
        await body.begun.wait()
        for _ in range(4):
            body.begun.clear()
            writer.write(b"x" * 20_000)
            await body.begun.wait()
            gate.turn(8)
        writer.write(b"x" * 20_000)
        assert (await reader.readuntil(b"\r\n")).startswith(b"HTTP/1.1 204 ")
        assert body.size == 100_000
