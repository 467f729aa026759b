"""The hand-over: from uvicorn's HTTP parser to a WebSocket, on the same transport.

uvicorn builds the object it was given as `ws=`, calls `connection_made(transport)` and
`data_received(request)`, then makes it the transport's protocol: nothing is left to swap, on any
event loop.
"""

import asyncio
import base64
import hashlib
from typing import TYPE_CHECKING, cast

from uvicorn.server import ServerState

from .errors import CloseCode
from .handshake import Handshake, Refusal
from .link import Link
from .requests import refusal_bytes

if TYPE_CHECKING:
    from .gateway import Gateway

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""RFC 6455 §4.2.2."""


class SocketProtocol(asyncio.Protocol):
    """One upgraded connection, from its request to its end."""

    __slots__ = ("_gateway", "_link", "_serving", "_transport")

    def __init__(self, gateway: "Gateway", server_state: ServerState) -> None:
        self._gateway = gateway
        self._serving = cast("set[object]", server_state.connections)
        self._link: Link | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._serving.add(self)

    def data_received(self, data: bytes) -> None:
        """First the upgrade request, from uvicorn; then what the client sends."""
        if self._link is not None:
            self._link.received(data)
            return
        peer = self._transport.get_extra_info("peername")
        client = str(cast("tuple[object, ...]", peer)[0]) if isinstance(peer, tuple) else ""
        judged = self._gateway.judge(data, client)
        if isinstance(judged, Refusal):
            self._gateway.counters.refused[judged.status] += 1
            self._transport.write(refusal_bytes(judged))
            self._transport.close()
            return
        self._transport.write(accept(judged))
        self._link = Link(self._gateway, judged, self._transport)
        self._link.open()

    def pause_writing(self) -> None:
        if self._link is not None:
            self._link.paused = True

    def resume_writing(self) -> None:
        if self._link is not None:
            self._link.paused = False

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._serving.discard(self)
        if self._link is not None:
            self._link.lost()

    def shutdown(self) -> None:
        """uvicorn stops."""
        if self._link is not None:
            self._link.close(CloseCode.GOING_AWAY, retry_after=self._gateway.come_back_in())


def accept(handshake: Handshake) -> bytes:
    """The 101 answer (RFC 6455 §4.2.2)."""
    key = handshake.headers["sec-websocket-key"].encode()
    proof = base64.b64encode(hashlib.sha1(key + MAGIC, usedforsecurity=False).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + proof + b"\r\n\r\n"
    )
