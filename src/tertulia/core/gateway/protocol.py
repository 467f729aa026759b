"""The hand-over: from uvicorn's HTTP parser to picows, on the same transport.

uvicorn builds the object it was given as `ws=`, calls `connection_made(transport)` and
`data_received(request)`, then makes it the transport's protocol. `SocketProtocol` *is* a picows
protocol, so there is nothing left to swap afterwards, on any event loop: asyncio and uvloop both
see the `get_buffer` of a BufferedProtocol and feed picows without a copy.

picows gets a request of ours, written anew: it would refuse `Connection: keep-alive, Upgrade`
(Firefox) and would keep every header of the client for as long as the socket lives.
"""

import asyncio
import logging
from typing import TYPE_CHECKING, Any, cast

from picows import WSAutoPingStrategy, WSListener
from uvicorn.server import ServerState

from .errors import CloseCode
from .handshake import Refusal
from .link import Link
from .requests import refusal_bytes

if TYPE_CHECKING:
    from .gateway import Gateway

    class WSProtocol(asyncio.BufferedProtocol):
        """What we use of picows' protocol class, which its own type stubs leave out."""

        def __init__(self, *options: object) -> None: ...
        def get_buffer(self, sizehint: int) -> memoryview: ...
else:
    from picows.picows import WSProtocol

log = logging.getLogger(__name__)

REQUEST = (
    b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %b\r\n\r\n"
)


class Quiet:
    """picows' logger: it would log at ERROR whatever hostile bytes a stranger sends."""

    __slots__ = ()

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802
        return level > logging.ERROR

    def debug(self, *args: Any) -> None:
        del args

    info = warning = error = debug

    def exception(self, message: str, *args: Any) -> None:
        log.exception(message, *args)


QUIET = Quiet()


class SocketProtocol(WSProtocol):
    """One upgraded connection, from its request to its end."""

    __slots__ = ("_gateway", "_link", "_serving", "_tcp")

    def __init__(self, gateway: "Gateway", server_state: ServerState) -> None:
        self._gateway = gateway
        self._serving = cast("set[object]", server_state.connections)
        self._link: Link | None = None
        super().__init__(
            None,  # host and path: of clients only
            None,
            False,
            self._listener,
            QUIET,
            True,  # an exception of ours ends the connection it happened in
            None,  # the request is complete: no handshake timeout
            False,  # the heartbeat is Engine.IO's, not WebSocket's
            0.0,
            0.0,
            WSAutoPingStrategy.PING_PERIODICALLY,
            True,
            gateway.settings.max_payload,
            None,
            2048,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._tcp = cast("asyncio.Transport", transport)
        self._serving.add(self)
        super().connection_made(transport)

    def data_received(self, request: bytes) -> None:
        """Called once, by uvicorn, with the upgrade request."""
        peer = self._tcp.get_extra_info("peername")
        client = str(cast("tuple[object, ...]", peer)[0]) if isinstance(peer, tuple) else ""
        judged = self._gateway.judge(request, client)
        if isinstance(judged, Refusal):
            self._gateway.counters.refused[judged.status] += 1
            self._tcp.write(refusal_bytes(judged))
            self._tcp.close()
            return
        self._link = Link(self._gateway, judged)
        self.feed(REQUEST % judged.headers["sec-websocket-key"].encode())

    def feed(self, data: bytes) -> None:
        """Give picows bytes that somebody else has read."""
        while data:
            buffer = self.get_buffer(len(data))
            part = data[: len(buffer)]
            buffer[: len(part)] = part
            self.buffer_updated(len(part))
            data = data[len(part) :]

    def connection_lost(self, exc: Exception | None) -> None:
        self._serving.discard(self)
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """uvicorn stops."""
        if self._link is not None:
            self._link.close(CloseCode.GOING_AWAY, retry_after=self._gateway.come_back_in())

    def _listener(self, request: object) -> WSListener | None:
        del request  # ours, written by data_received
        return self._link
