"""The hand-over: from uvicorn's HTTP parser to a WebSocket, on the same transport.

uvicorn builds the object it was given as `ws=`, calls `connection_made(transport)` and
`data_received(request)`, then makes it the transport's protocol: nothing is left to swap, on any
event loop.
"""

import asyncio
import base64
import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, cast

from uvicorn.server import ServerState

from .handshake import Handshake, Refusal
from .probe import try_to_move
from .requests import UNKNOWN_SID, refusal_bytes
from .tunnel import dig
from .websocket import WebSocket

if TYPE_CHECKING:
    from .engine import Engine

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""RFC 6455 §4.2.2."""


class Taker(Protocol):
    """Whoever has the transport after the request: a `WebSocket`, or a way to another node."""

    def received(self, data: bytes) -> None: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...

    def go_away(self) -> None:
        """uvicorn stops."""
        ...

    def lost(self) -> None:
        """The transport is gone."""
        ...


class SocketProtocol(asyncio.Protocol):
    """One upgraded connection, from its request to its end."""

    __slots__ = ("_engines", "_serving", "_taker", "_transport")

    def __init__(self, engines: Sequence["Engine"], server_state: ServerState) -> None:
        """`engines`: each at its own path; the first one answers for paths that are nobody's."""
        self._engines = engines
        self._serving = cast("set[object]", server_state.connections)
        self._taker: Taker | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._serving.add(self)

    def data_received(self, data: bytes) -> None:
        """First the upgrade request, from uvicorn; then what the client sends."""
        if self._taker is not None:
            self._taker.received(data)
            return
        peer = self._transport.get_extra_info("peername")
        client = str(cast("tuple[object, ...]", peer)[0]) if isinstance(peer, tuple) else ""
        gateway = engine_at(path_of(data), self._engines)
        judged = gateway.judge_upgrade(data, client)
        if judged is UNKNOWN_SID:
            self._taker = dig(gateway, self._transport, data, client)
            if self._taker is not None:
                return
        if isinstance(judged, Refusal):
            gateway.counters.refused[judged.status] += 1
            self._transport.write(refusal_bytes(judged))
            self._transport.close()
        else:
            self._transport.write(accept(judged))
            self._taker = self._open(gateway, judged)

    def _open(self, gateway: "Engine", handshake: Handshake) -> WebSocket:
        socket = WebSocket(gateway, self._transport)
        sid = handshake.query.get("sid")
        if sid is None:
            session = socket.rider = gateway.new_session(handshake)
            session.open(socket, gateway.new_sid(), [])
        else:
            try_to_move(gateway.sessions[sid], socket)
        return socket

    def pause_writing(self) -> None:
        if self._taker is not None:
            self._taker.pause()

    def resume_writing(self) -> None:
        if self._taker is not None:
            self._taker.resume()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._serving.discard(self)
        if self._taker is not None:
            self._taker.lost()

    def shutdown(self) -> None:
        """uvicorn stops."""
        if self._taker is not None:
            self._taker.go_away()


def path_of(request: bytes) -> str:
    """Of a request line and headers as uvicorn writes them."""
    return request.split(b" ", 2)[1].partition(b"?")[0].decode("latin-1")


def engine_at(path: str, engines: Sequence["Engine"]) -> "Engine":
    return next((engine for engine in engines if engine.settings.path == path), engines[0])


def accept(handshake: Handshake) -> bytes:
    """The 101 answer (RFC 6455 §4.2.2)."""
    key = handshake.headers["sec-websocket-key"].encode()
    proof = base64.b64encode(hashlib.sha1(key + MAGIC, usedforsecurity=False).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + proof + b"\r\n\r\n"
    )
