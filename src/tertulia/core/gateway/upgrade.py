"""uvicorn's HTTP parser, strict and impatient.

Strict: whatever two parties could read differently is answered by 400 and the end of the connection
(request smuggling; CVE-2024-41671 of Twisted; RFC 9112 §11.2). llhttp refuses most of it by itself
(TE with CL, doubled lengths, bare LF, folded lines); here are the rest, and what uvicorn lets
through: bytes behind an upgrade, an upgrade behind an unanswered request, trailers that would
become headers.

Impatient: uvicorn waits for ever for the end of a request, and keeps what has come (slowloris). A
head has `head_timeout` seconds, a body must keep moving, a reader of answers must read.
"""

from enum import Enum, auto
from typing import TYPE_CHECKING, Any, cast

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from .handshake import Refusal
from .requests import BAD_REQUEST, HEADERS_TOO_LARGE, refusal_bytes

if TYPE_CHECKING:
    from .engine import Engine

TIMED_OUT = Refusal(408, "Request timeout", 3)
BODY_SECONDS = 10.0
BODY_BYTES = 10_240
"""What a body must bring in each BODY_SECONDS: 1 kB/s, a bad phone line."""
READER_SECONDS = 60.0
"""How long somebody may take nothing of an answer that waits for him."""


BODIES = frozenset((b"content-length", b"transfer-encoding"))


class Phase(Enum):
    IDLE = auto()
    HEAD = auto()
    BODY = auto()


class HttpProtocol(HttpToolsProtocol):
    """One HTTP connection; `Gateway.uvicorn_options` gives it to uvicorn as `http=`."""

    def __init__(self, gateway: "Engine", **given: Any) -> None:
        super().__init__(**given)
        self.slot = 0  # kept by the wheel
        self._gateway = gateway
        self._phase = Phase.IDLE
        self._since = 0.0  # when this phase, or the look at it, began; in the wheel's time
        self._head = 0  # bytes of it that the parser understood
        self._unread = 0  # bytes that came while it was unfinished
        self._arrived = 0  # bytes of the body since the last look
        self._blocked: float | None = None  # since when nobody reads our answer
        self._unknown = False  # counted by the guard: no request of it was whole yet
        self._refused: Refusal | None = None

    # The socket

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._unknown = self._gateway.guard.enter(self._peer)
        if not self._unknown:
            transport.abort()  # an answer would be one more thing to wait for
            return
        self._since = self._gateway.wheel.now
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._known()
        self._gateway.wheel.drop(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused is not None:
            return
        self._unset_keepalive_if_required()
        try:
            cast("Any", self.parser).feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._upgrade(is_all=upgrade.args[0] == len(data))
        except httptools.HttpParserError:
            self._refuse(self._refused or BAD_REQUEST)
        else:
            self._take_stock(len(data))

    def pause_writing(self) -> None:
        super().pause_writing()
        self._blocked = self._gateway.wheel.now
        self._watch()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._blocked = None

    # Time

    def due(self, now: float) -> float | None:
        """See `Wheel`. A connection without anything to wait for is uvicorn's (keep-alive)."""
        if self._blocked is not None and now >= self._blocked + READER_SECONDS:
            self.transport.abort()
            return None
        if self._phase is Phase.BODY and now >= self._since + BODY_SECONDS:
            # Where we do not read it is no fault of theirs.
            if self._arrived < BODY_BYTES and not self.flow.read_paused:
                self.transport.abort()
                return None
            self._since, self._arrived = now, 0
        elif self._is_nameless and now >= self._since + self._gateway.settings.head_timeout:
            self._refuse(TIMED_OUT)
            return None
        return self._next_look()

    @property
    def _is_nameless(self) -> bool:
        """A request has begun, or the connection, and nobody knows yet what is wanted."""
        return self._phase is Phase.HEAD or (self._phase is Phase.IDLE and self._unknown)

    def _next_look(self) -> float | None:
        looks = [] if self._blocked is None else [self._blocked + READER_SECONDS]
        if self._phase is Phase.BODY:
            looks.append(self._since + BODY_SECONDS)
        elif self._is_nameless:
            looks.append(self._since + self._gateway.settings.head_timeout)
        return min(looks, default=None)

    def _take_stock(self, size: int) -> None:
        if self._phase is Phase.HEAD:
            self._unread += size  # a line without an end: the parser keeps it to itself
            if self._unread > self._gateway.settings.max_header_bytes:
                self._refuse(HEADERS_TOO_LARGE)
                return
        self._watch()

    def _watch(self) -> None:
        """Most requests come whole: only what is left unfinished costs a place on the wheel."""
        look = self._next_look()
        if look is not None:
            self._gateway.wheel.put(self, look)

    # What the parser tells

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._phase, self._head, self._unread = Phase.HEAD, 0, 0
        if not self._unknown:  # the first head has its time from the connection on
            self._since = self._gateway.wheel.now

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._phase is not Phase.HEAD:
            raise self._refusing(BAD_REQUEST)  # a trailer; uvicorn would take it for a header
        super().on_header(name, value)
        self._count(len(name) + len(value) + 4)

    def on_headers_complete(self) -> None:
        if not self._is_clear(cast("Any", self.parser).get_http_version()):
            raise self._refusing(BAD_REQUEST)
        self._phase, self._since, self._arrived = Phase.BODY, self._gateway.wheel.now, 0
        self._known()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._arrived += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._phase = Phase.IDLE
        super().on_message_complete()

    def _count(self, size: int) -> None:
        settings = self._gateway.settings
        self._head += size
        if self._head > settings.max_header_bytes or len(self.headers) > settings.max_headers:
            raise self._refusing(HEADERS_TOO_LARGE)

    def _is_clear(self, version: str) -> bool:
        """Says whom it is for, once (RFC 9112 §3.2), and how long it is in a way its version knows
        (§6.1: a chunked HTTP/1.0 request is to be treated as faulty)."""
        names = [name for name, _ in self.headers]
        if cast("Any", self.parser).should_upgrade() and not BODIES.isdisjoint(names):
            return False  # the parser would end the request here, and its body would be lost
        if version == "1.0":
            return b"transfer-encoding" not in names and names.count(b"host") < 2
        return version == "1.1" and names.count(b"host") == 1

    def _refusing(self, refusal: Refusal) -> ValueError:
        """To be raised in a callback: the parser stops and `data_received` answers."""
        self._refused = refusal
        return ValueError(refusal.message)

    # Ends

    def _upgrade(self, *, is_all: bool) -> None:
        """The request asks for another protocol, and there ours ends. RFC 6455 §4.1 forbids a
        client to send anything more before it has read our 101."""
        # None before the first plain request, though uvicorn's annotation hides it.
        cycle = cast("RequestResponseCycle | None", self.cycle)
        is_socket = self._should_upgrade()
        answering = cycle is not None and not cycle.response_complete
        if is_socket and is_all and not answering:
            self._gateway.wheel.drop(self)
            self.handle_websocket_upgrade()
        elif is_socket or not is_all or cycle is None:
            self._refuse(BAD_REQUEST)
        else:
            # h2c, or CONNECT: answered as if it had not asked, but what follows is beyond us.
            cycle.keep_alive = False

    def _refuse(self, refusal: Refusal) -> None:
        self._refused = refusal
        self._gateway.counters.refused[refusal.status] += 1
        self.transport.write(refusal_bytes(refusal))
        self.transport.close()

    def _known(self) -> None:
        if self._unknown:
            self._unknown = False
            self._gateway.guard.leave(self._peer)

    @property
    def _peer(self) -> str:
        return self.client[0] if self.client else ""
