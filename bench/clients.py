"""Clients that cost next to nothing: hand-made frames and requests over asyncio protocols."""

import asyncio
import base64
import os
import time
from collections import deque
from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from bench.server import Person

KEEP_ALIVE = b"HTTP/1.1\r\nHost: 127.0.0.1\r\n"


def masked(text: bytes) -> bytes:
    """A client's text frame (RFC 6455 §5.2). A mask of zeros changes nothing and costs nothing."""
    size = len(text)
    head = bytes((0x81, 0x80 | size)) if size < 126 else b"\x81\xfe" + size.to_bytes(2)
    return head + bytes(4) + text


class Frames(asyncio.Protocol):
    """A server's frames, whole, to `got`."""

    def __init__(self, got: Callable[[bytes], None]) -> None:
        self._got = got
        self._buffer = bytearray()
        self.upgraded = asyncio.Event()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data
        at = 0
        if not self.upgraded.is_set():
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            self.upgraded.set()
            at = end + 4
        while len(buffer) - at >= 2:
            size, head = buffer[at + 1] & 0x7F, 2
            if size == 126:
                size, head = int.from_bytes(buffer[at + 2 : at + 4]), 4
            elif size == 127:
                size, head = int.from_bytes(buffer[at + 2 : at + 10]), 10
            if len(buffer) - at < head + size:
                break
            self._got(bytes(buffer[at + head : at + head + size]))
            at += head + size
        del buffer[:at]


class Socket:
    """A Socket.IO client: `call` counts on its answers, `heard` gets every event."""

    def __init__(self, heard: Callable[[bytes], None] | None = None) -> None:
        self._heard = heard
        self._numbers = 0
        self._waiting: dict[int, asyncio.Future[bytes]] = {}
        self._greeted = asyncio.Event()
        self.received = 0  # bytes of frames
        self._frames = Frames(self._got)

    async def connect(self, port: int, person: Person) -> None:
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self._frames, "127.0.0.1", port)
        key = base64.b64encode(os.urandom(16)).decode()
        self._frames.transport.write(
            b"GET /socket.io/?EIO=4&transport=websocket "
            + KEEP_ALIVE
            + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        self._token = person.token.encode()
        await asyncio.wait_for(self._greeted.wait(), 30)

    def _got(self, frame: bytes) -> None:
        self.received += len(frame)
        if frame.startswith(b"0{"):
            # Not before: a server may not be sent anything until it has agreed (RFC 6455 §4.1).
            self._frames.transport.write(masked(b'40{"token":"%s"}' % self._token))
        elif frame == b"2":
            self._frames.transport.write(masked(b"3"))
        elif frame.startswith(b"43"):
            number, _, answer = frame[2:].partition(b"[")
            waiting = self._waiting.pop(int(number))
            if not waiting.done():  # who asked is gone
                waiting.set_result(answer)
        elif frame.startswith(b'42["hello"'):
            self._greeted.set()
        elif self._heard is not None and frame.startswith(b"42"):
            self._heard(frame)

    def call(self, event: bytes) -> asyncio.Future[bytes]:
        """`event` is the JSON array without its opening bracket."""
        self._numbers += 1
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting[self._numbers] = future
        self._frames.transport.write(masked(b"42%d[" % self._numbers + event))
        return future

    def send(self, room: UUID, client_id: UUID, text: str) -> asyncio.Future[bytes]:
        return self.call(
            f'"message.send",{{"room_id":"{room}","client_id":"{client_id}","text":"{text}"}}]'.encode()
        )

    def close(self) -> None:
        self._frames.transport.abort()


class Http(asyncio.Protocol):
    """One keep-alive connection that sends messages, several requests in flight (RFC 9112 §9.3)."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._waiting: deque[asyncio.Future[bytes]] = deque()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def send(self, person: Person, room: UUID, client_id: UUID, text: str) -> asyncio.Future[bytes]:
        body = f'{{"client_id":"{client_id}","text":"{text}"}}'.encode()
        self.transport.write(
            f"POST /api/v1/rooms/{room}/messages ".encode()
            + KEEP_ALIVE
            + f"Authorization: Bearer {person.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        return future

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data
        while (end := buffer.find(b"\r\n\r\n")) >= 0:
            head = bytes(buffer[:end]).lower()
            size = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
            if len(buffer) < end + 4 + size:
                return
            self._waiting.popleft().set_result(head[:12])
            del buffer[: end + 4 + size]


async def connect_http(port: int) -> Http:
    loop = asyncio.get_running_loop()
    _, protocol = await loop.create_connection(Http, "127.0.0.1", port)
    return protocol


class Stopwatch:
    """Wall time, and how much of it this process worked: a load generator must have time left."""

    def __enter__(self) -> "Stopwatch":
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: Any) -> None:
        self.seconds = time.perf_counter() - self._wall
        self.idle = 1 - (time.process_time() - self._cpu) / self.seconds
