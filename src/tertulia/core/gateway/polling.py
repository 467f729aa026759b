"""HTTP requests that carry a session: one GET that waits for news, POSTs that bring some.

What an HTTP answer looks like is `http`'s business; here are only payloads (Engine.IO v4, "HTTP
long-polling"): packets joined by the record separator, binary ones as `b` and base64.
"""

import asyncio
import base64
import binascii
from typing import TYPE_CHECKING

from .errors import CloseCode, ProtocolError
from .frames import NOOP, SEPARATOR, take_polled

if TYPE_CHECKING:
    from .probe import Probe
    from .session import Session

CLOSE = b"1"
MOST_PACKETS = 16
"""In one payload: python-engineio's client takes a longer one for an attack and leaves."""
AT_ONCE = frozenset((CloseCode.PROTOCOL, CloseCode.OVERLAP, CloseCode.PING_TIMEOUT))
"""Closed by these, a session that has no GET waiting is forgotten; the others tell the next GET."""


class Polling:
    """Sessions that began by HTTP, until a WebSocket takes over."""

    __slots__ = ("_last", "_waiting", "posting", "probe", "session")

    def __init__(self, session: "Session") -> None:
        self.session = session
        self.posting = False
        """A POST is being read."""
        self.probe: Probe | None = None
        """The WebSocket that would take over."""
        self._waiting: asyncio.Future[bytes] | None = None
        self._last: bytes | None = None

    @property
    def max_body(self) -> int:
        """Bytes that a POST may bring: the largest message in base64, and a little company."""
        return self.session.gateway.settings.max_payload * 4 // 3 + 64

    @property
    def is_polled(self) -> bool:
        """A GET waits."""
        return self._waiting is not None

    # What the client asks

    def poll(self) -> asyncio.Future[bytes] | None:
        """The next payload; None where another GET waits, which ends the session."""
        if self._waiting is not None:
            self.overlap()
            return None
        answer = self._waiting = asyncio.get_running_loop().create_future()
        if self.session.queued:
            self.session.gateway.counters.bytes_out += self.flush()
        elif self._last is not None:
            self._finish(self._last)
        else:
            self.session.paused = False
        return answer

    def release(self) -> None:
        """Let a waiting GET go, with nothing if there is nothing."""
        if self._waiting is not None:
            self._answer(NOOP)

    def take(self, payload: bytes) -> bool:
        """What a POST brought; False where it ended the session, or came when it had ended."""
        session, counters = self.session, self.session.gateway.counters
        if session.ending is not None or session.carrier is not self:
            return False
        try:
            for packet in payload.split(SEPARATOR):
                counters.frames_in += 1
                counters.bytes_in += len(packet)
                self._take(packet)
                if session.ending is not None:
                    break
        except ProtocolError as error:
            self.reject(str(error))
        return session.ending in (None, "transport close")

    def reject(self, reason: str) -> None:
        """A request that no correct client sends."""
        self.session.close(CloseCode.PROTOCOL, reason)

    def overlap(self) -> None:
        """Two requests of a kind at once: nobody can say which is first."""
        self.session.close(CloseCode.OVERLAP)

    def _take(self, packet: bytes) -> None:
        is_binary = packet[:1] == b"b"
        data = from_base64(packet[1:]) if is_binary else packet
        if len(data) > self.session.gateway.settings.max_payload:
            raise ProtocolError("message too big")
        if is_binary:
            self.session.binary(data)
        else:
            self.session.text(data)

    # What the session asks

    @property
    def waiting(self) -> int:
        return 0  # an answer is the HTTP server's at once

    def flush(self) -> int:
        session = self.session
        if not session.queued:
            return 0
        if self._waiting is None:
            session.paused = True  # until the next GET
            return 0
        payload = self.take_out()
        session.paused = session.queued > 0
        self._answer(payload)
        return len(payload)

    def close(self, code: CloseCode, reason: str, retry_after: float | None) -> None:
        del reason, retry_after  # there is no place for them
        self._end(CLOSE, at_once=code in AT_ONCE)

    def part(self) -> None:
        self._end(NOOP, at_once=False)

    def cut(self) -> None:
        if self.probe is not None:
            self.probe.cut()
        if self._waiting is not None:
            self._answer(CLOSE)
        self.session.lost()

    def _end(self, last: bytes, *, at_once: bool) -> None:
        if self.probe is not None:
            self.probe.cut()
        if self._waiting is None and at_once:
            self.session.lost()
        elif self._waiting is None:
            self._last = last
        elif self.session.queued:
            # An answer of its own for the end: socket.io-client would act on it before it has
            # looked at a DISCONNECT that came along, and so come back although told not to.
            self.session.gateway.counters.bytes_out += self.flush()
            self._last = last
        else:
            self._finish(last)

    def _finish(self, last: bytes) -> None:
        self.session.gateway.counters.bytes_out += len(last)
        self._answer(last)
        self.session.lost()

    def take_out(self) -> bytes:
        """What is queued, as one payload, as far as it fits."""
        session = self.session
        outbox = session.outbox
        waiting = outbox if isinstance(outbox, list) else [outbox] if outbox else []
        packets = take_polled(waiting, MOST_PACKETS)
        session.outbox = waiting or None
        session.queued = sum(map(len, waiting))
        session.gateway.counters.frames_out += len(packets)
        return SEPARATOR.join(packets)

    def _answer(self, payload: bytes) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(payload)


def from_base64(text: bytes) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ProtocolError("binary packet is not base64") from None
