"""Listening: who may, who shares, and how it ends."""

import asyncio
import errno
import socket
from typing import Any

import pytest

from tertulia.core.serving import bind, bind_shared, serve_on


async def _app(scope: Any, receive: Any, send: Any) -> None:
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
    )
    await send({"type": "http.response.body", "body": b"ok"})


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    async with asyncio.timeout(5):
        head = await reader.readuntil(b"\r\n\r\n")
        assert await reader.readexactly(2) == b"ok"
    return head.lower()


def test_a_shared_port_is_spread_by_the_kernel_and_waits_for_who_serves_it() -> None:
    sockets = bind_shared("127.0.0.1", 0, 3)
    address = sockets[0].getsockname()
    clients = [socket.create_connection(address) for _ in range(90)]  # nobody accepts yet
    for sock in sockets:
        sock.setblocking(False)
        accepted = 0
        while True:
            try:
                sock.accept()[0].close()
            except BlockingIOError:
                break
            accepted += 1
        assert accepted >= 10
        sock.close()
    for client in clients:
        client.close()


def test_a_shared_port_is_shared_with_nobody_else() -> None:
    sockets = bind_shared("127.0.0.1", 0, 2)
    port = sockets[0].getsockname()[1]
    for again in (lambda: bind("127.0.0.1", port), lambda: bind_shared("127.0.0.1", port, 2)):
        with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1:{port}") as refusal:
            again()
        assert refusal.value.errno == errno.EADDRINUSE
    for sock in sockets:
        sock.close()


async def test_a_shut_door_turns_away_who_comes_and_keeps_who_is_inside() -> None:
    async with serve_on(_app, {}, bind("127.0.0.1", 0)) as door:
        inside = await asyncio.open_connection(*door.address)
        assert b"connection: close" not in await _ask(*inside)
        door.shut()
        await asyncio.sleep(0)
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*door.address)
        await _ask(*inside)
        inside[1].close()


async def test_who_is_let_go_is_told_with_the_next_answer() -> None:
    async with serve_on(_app, {}, bind("127.0.0.1", 0)) as door:
        reader, writer = await asyncio.open_connection(*door.address)
        door.let_go()
        assert b"connection: close" in await _ask(reader, writer)
        assert await reader.read() == b""
        writer.close()


async def test_a_socket_that_somebody_else_holds_goes_on_listening() -> None:
    """A replaced worker takes its hand off; its successor has the same queue."""
    (held,) = bind_shared("127.0.0.1", 0, 1)
    async with serve_on(_app, {}, held.dup()) as old:
        pass
    waiting = await asyncio.open_connection(*old.address)
    async with serve_on(_app, {}, held.dup()):
        await _ask(*waiting)
        waiting[1].close()
    held.close()
