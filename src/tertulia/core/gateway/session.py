"""One Engine.IO session (protocol v4), whatever carries it: messages, frames, heartbeat, end.

It lives on a `Carrier`: a WebSocket, or HTTP requests until a WebSocket takes over. It knows
nothing of Socket.IO: `link.Link` is the session that does.
"""

import math
from typing import TYPE_CHECKING, Protocol

from .errors import STAY_AWAY, CloseCode, ProtocolError
from .frames import PING, Frame, Queued
from .handshake import Handshake
from .heartbeat import MOST

if TYPE_CHECKING:
    from .engine import Engine

FINISHES = frozenset((CloseCode.GOING_AWAY, CloseCode.PING_TIMEOUT, CloseCode.INTERNAL))
"""Closed by these, what a client sent before is still handled; otherwise dropped."""


STRANGER_SECONDS = 1.0
"""For the goodbye of who never said who they are: 10 s are all that a stranger gets."""


class Carrier(Protocol):
    """What moves the bytes of a session: takes from `Session.outbox` and feeds `Session.text`."""

    @property
    def waiting(self) -> int:
        """Bytes it has taken and the client has not."""
        ...

    def flush(self) -> int:
        """Move what is queued, as far as it goes now; how many bytes."""
        ...

    def close(self, code: CloseCode, reason: str, retry_after: float | None) -> None:
        """Move what is queued, say why it ends, and end when the client has heard it."""
        ...

    def part(self) -> None:
        """The client closes: agree, and end."""
        ...

    def cut(self) -> None:
        """End without another word."""
        ...


class Session:
    """Outbox, heartbeat and end of one client. All times are those of the engine's wheel."""

    __slots__ = (
        "_cut_at",
        "_dirty",
        "_gone",
        "_limit",
        "_nameless",
        "_ping_at",
        "_pong_by",
        "carrier",
        "ending",
        "gateway",
        "handshake",
        "outbox",
        "patience",
        "paused",
        "queued",
        "sid",
        "slot",
    )

    carrier: Carrier

    def __init__(self, gateway: "Engine", handshake: Handshake) -> None:
        self.gateway: Engine = gateway
        self.handshake = handshake
        self.sid: str = ""
        """Its id while requests may ask for it: of those that began by polling."""
        self.ending: str | None = None
        """Why it is closing, once it is."""
        self.paused: bool = False
        """The client is behind: volatile frames are dropped."""
        self.slot: int = 0
        self.outbox: Queued = None
        self.queued: int = 0
        """Bytes in the outbox."""
        self.patience: float = math.inf
        """When whoever is above must have found its client worth keeping; see `impatient`."""
        self._dirty = gateway.dirty
        self._limit = gateway.settings.outbox_limit
        self._gone = False
        self._nameless = True  # counted by the guard

    # What the layer above does

    def text(self, packet: bytes) -> None:
        """Take one Engine.IO packet. Raises ProtocolError: 4 message, 3 pong and 1 close are all
        that a client may send."""
        if packet[:1] == b"4":
            self.message(packet[1:])
        elif packet == b"3":
            self._pong_by = math.inf
        elif packet == b"1":
            self.leave()
        else:
            raise ProtocolError("unexpected packet")

    def message(self, text: bytes) -> None:
        """A text message, without its packet type. May raise ProtocolError."""
        raise NotImplementedError

    def binary(self, data: bytes) -> None:
        """A binary message. May raise ProtocolError."""
        raise NotImplementedError

    def impatient(self) -> None:
        """`patience` is over."""

    def farewell(self) -> None:
        """It is about to close for good: the last moment to push something."""

    def ended(self, reason: str, *, finish: bool) -> None:
        """No more messages. `finish`: those that came before are still to be handled."""

    def is_busy(self) -> bool:
        """Something its client asked for is not answered yet."""
        return False

    def quiet(self) -> None:
        """A ping was sent: nothing much happens here."""

    # Opening

    def open(self, carrier: Carrier, sid: str, upgrades: list[str]) -> None:
        gateway, settings = self.gateway, self.gateway.settings
        self.carrier = carrier
        now = gateway.wheel.now
        self._ping_at = now + settings.ping_interval * gateway.spread()
        self._pong_by = self._cut_at = math.inf
        gateway.opened(self)
        self.push(gateway.open_packet(sid, upgrades))
        gateway.wheel.put(self, self._next_look())

    def move(self, carrier: Carrier) -> None:
        """Go on by another carrier; what was not given to the old one goes out by the new one."""
        self.carrier = carrier
        self.paused = False
        self.gateway.counters.upgraded += 1
        self.gateway.counters.bytes_out += carrier.flush()

    # Writing

    def push(self, data: Frame, volatile: bool = False) -> bool:
        """Queue for the one write at the end of this turn of the loop."""
        if self.ending is not None:
            return False
        if volatile and self.paused:
            self.gateway.counters.dropped += 1
            return False
        outbox = self.outbox
        if outbox is None:
            dirty = self._dirty
            if not dirty:
                self.gateway.flush_soon()
            dirty.append(self)
            self.outbox = data
        elif isinstance(outbox, list):
            outbox.append(data)
        else:
            self.outbox = [outbox, data]
        self.queued += len(data)
        if self.queued > self._limit:
            self.close(CloseCode.SLOW)
            return False
        return True

    @property
    def waiting(self) -> int:
        """Bytes that the client has not taken yet."""
        return self.queued + self.carrier.waiting

    # Time

    def due(self, now: float) -> float | None:
        if now >= self._cut_at:
            self.carrier.cut()
            return None
        if self.ending is not None:
            return self._cut_at
        if now >= self.patience:
            self.impatient()
        elif now >= self._pong_by:
            self.close(CloseCode.PING_TIMEOUT)
        elif now >= self._ping_at and self._pong_by == math.inf:
            self._ping(now)
        return self._next_look()

    def _ping(self, now: float) -> None:
        settings = self.gateway.settings
        self.push(PING)
        # From when it was due, that pings keep their pace, as long as that was not long ago.
        due = max(self._ping_at, now - MOST * self.gateway.wheel.tick)
        self._pong_by = due + settings.ping_timeout
        self._ping_at = due + settings.ping_interval
        self.quiet()

    def is_overdue(self) -> bool:
        """Dead already, though the wheel has not come round yet."""
        ends = min(self._pong_by, self._ping_at + self.gateway.settings.ping_timeout)
        return self.gateway.wheel.time() >= ends

    def look_again(self) -> None:
        """`patience` has changed."""
        self.gateway.wheel.put(self, self._next_look())

    def _next_look(self) -> float:
        if self.ending is not None:
            return self._cut_at
        heartbeat = self._ping_at if self._pong_by == math.inf else self._pong_by
        return min(heartbeat, self.patience)

    def settled(self) -> None:
        """Somebody is behind it now, or nobody any more."""
        self.handshake.forget()
        if self._nameless:
            self._nameless = False
            self.gateway.guard.leave(self.handshake.client)

    # Closing

    def close(self, code: CloseCode, reason: str = "", retry_after: float | None = None) -> None:
        """Say why, and cut after `close_timeout` what the client has not closed by then."""
        if self.ending is not None:
            return
        name = code.name.lower()
        if code >= STAY_AWAY:
            self.farewell()
        if code is CloseCode.SLOW:
            self._forget()  # it would only wait behind what is not read either
        self._end(name, finish=code in FINISHES)
        self.carrier.close(code, reason or name, retry_after)

    def leave(self) -> None:
        """The client closes, or answers our close."""
        if self.ending is None:
            self._end("transport close", finish=True)
        self.carrier.part()

    def lose(self) -> None:
        """The client has gone on elsewhere, though this carrier does not know."""
        if self.ending is None:
            self._end("transport close", finish=True)
            self.carrier.cut()

    def lost(self) -> None:
        """The carrier is gone."""
        if self._gone:
            return
        self._gone = True
        if self.ending is None:
            self._end("transport close", finish=True)
        self._forget()
        self.settled()
        self.gateway.wheel.drop(self)
        self.gateway.closed(self)

    def _end(self, reason: str, *, finish: bool) -> None:
        self.ending = reason
        patience = self.gateway.settings.close_timeout
        if reason == CloseCode.CONNECT_TIMEOUT.name.lower():
            patience = min(patience, STRANGER_SECONDS)
        self._cut_at = self.gateway.wheel.now + patience
        self.gateway.wheel.put(self, self._cut_at)
        self.ended(reason, finish=finish)

    def _forget(self) -> None:
        self.outbox = None
        self.queued = 0
