"""One WebSocket as Engine.IO sees it: messages in, writes out, heartbeat, closing."""

import asyncio
import math
import os
import secrets
from typing import TYPE_CHECKING

from .connection import Connection
from .encoding import encode_packet
from .errors import STAY_AWAY, CloseCode, ProtocolError, close_reason
from .frames import TEXT, Frame, close_frame, frame, pong_frame
from .framing import CLOSE, PONG, Framing, Received
from .framing import PING as WS_PING
from .handshake import Handshake
from .packets import Kind, Packet
from .reader import Reader, Signal

if TYPE_CHECKING:
    from .gateway import Gateway

PING = frame(TEXT, b"2")
DISCONNECT = encode_packet(Packet(Kind.DISCONNECT))
FINISHES = frozenset((CloseCode.GOING_AWAY, CloseCode.PING_TIMEOUT, CloseCode.INTERNAL))
"""Closed by these, the events a client sent before are still handled; otherwise dropped."""


class Link:
    """Owns the socket and everything bound to it: outbox, half-received messages, deadlines.

    Carries at most one `Connection` at a time. All times are those of the gateway's wheel.
    """

    __slots__ = (
        "_behind",
        "_connect_by",
        "_counters",
        "_cut_at",
        "_descriptor",
        "_dirty",
        "_framing",
        "_gone",
        "_limit",
        "_nameless",
        "_outbox",
        "_ping_at",
        "_pong_by",
        "_queued",
        "_reader",
        "_transport",
        "conn",
        "ending",
        "gateway",
        "handshake",
        "paused",
        "slot",
    )

    def __init__(
        self, gateway: "Gateway", handshake: Handshake, transport: asyncio.Transport
    ) -> None:
        self.gateway = gateway
        self.handshake = handshake
        self.conn: Connection | None = None
        self.ending: str | None = None
        """Why it is closing, once it is."""
        self.paused: bool = False
        """The transport holds more than `pause_above`: the client reads too slowly."""
        self.slot: int = 0
        self._reader = Reader(gateway.settings)
        self._outbox: list[bytes] = []
        self._queued = 0
        self._dirty = gateway.dirty
        self._counters = gateway.counters
        self._limit = gateway.settings.outbox_limit

        self._transport = transport
        self._framing: Framing | None = Framing(gateway.settings.max_payload)
        self._gone = False
        self._nameless = True  # counted by the guard

    # Opening

    def open(self) -> None:
        gateway, settings = self.gateway, self.gateway.settings
        self._transport.set_write_buffer_limits(high=settings.pause_above)
        # TLS encrypts in the transport: no descriptor, always through it.
        secure = self._transport.get_extra_info("ssl_object") is not None
        sock = self._transport.get_extra_info("socket")
        self._descriptor: int = -1 if secure else sock.fileno()
        self._behind = True  # the 101 may still wait in the transport
        now = gateway.wheel.now
        self._connect_by = now + settings.connect_timeout
        self._ping_at = now + settings.ping_interval * gateway.spread()
        self._pong_by = self._cut_at = math.inf
        gateway.opened(self)
        self.push(gateway.open_packet(secrets.token_urlsafe(15)))
        gateway.wheel.put(self, min(self._connect_by, self._ping_at))

    # Reading

    def received(self, data: bytes) -> None:
        if self._framing is None:
            return
        try:
            for frame in self._framing.feed(data):
                self._take(frame)
        except ProtocolError as error:
            # Nothing after it can be told apart; what still comes is thrown away until the end.
            self._framing = None
            self.close(CloseCode.PROTOCOL, str(error))

    def _take(self, frame: Received) -> None:
        self._counters.frames_in += 1
        self._counters.bytes_in += len(frame.payload)
        if frame.opcode == CLOSE:
            self._leave()
        elif self.ending is not None or frame.opcode == PONG:
            return
        elif frame.opcode == WS_PING:
            self.push(pong_frame(frame.payload))
        else:
            self._read(frame)

    def _read(self, frame: Received) -> None:
        try:
            got = self._reader.read(*frame)
            if got is not None:
                self._got(got)
        except ProtocolError as error:
            self.close(CloseCode.PROTOCOL, str(error))

    def _got(self, got: Packet | Signal) -> None:
        if got is Signal.PONG:
            self._pong_by = math.inf
        elif got is Signal.CLOSE:
            self._leave()
        else:
            self._route(got, self._reader.size)

    def _route(self, packet: Packet, size: int) -> None:
        if packet.kind is Kind.CONNECT:
            self._connect(packet, size)
        elif self.conn is None or packet.namespace != "/" or packet.kind is Kind.CONNECT_ERROR:
            raise ProtocolError("packet for a namespace that is not connected")
        elif packet.kind is Kind.DISCONNECT:
            conn, self.conn = self.conn, None
            self._connect_by = self.gateway.wheel.now + self.gateway.settings.connect_timeout
            self.gateway.wheel.put(self, self._next_look())
            conn.end("client disconnect", finish=True)
        else:
            self.conn.receive(packet, size)

    def _connect(self, packet: Packet, size: int) -> None:
        if packet.namespace != "/":
            refusal = {"message": "Invalid namespace"}
            self.push(encode_packet(Packet(Kind.CONNECT_ERROR, refusal, None, packet.namespace)))
        elif self.conn is not None:
            raise ProtocolError("connected twice")
        else:
            self.conn = Connection(self)
            self.conn.receive(packet, size)

    # Writing

    def push(self, data: Frame, volatile: bool = False) -> bool:
        """Queue for the one write at the end of this turn of the loop."""
        if self.ending is not None:
            return False
        if volatile and self.paused:
            self._counters.dropped += 1
            return False
        if not self._outbox:
            dirty = self._dirty
            if not dirty:
                self.gateway.flush_soon()
            dirty.append(self)
        self._outbox.append(data)
        self._queued += len(data)
        if self._queued > self._limit:
            self.close(CloseCode.SLOW)
            return False
        return True

    def flush(self) -> int:
        """Write everything queued, straight into the kernel while it takes all of it; how much.

        Through the transport alone a broadcast would be 15 % slower (bench/gateway.py). The
        descriptor is ours until `lost`: asyncio and uvloop close it after that call.
        """
        outbox, size = self._outbox, self._queued
        if not size:
            return 0
        data = outbox[0] if len(outbox) == 1 else b"".join(outbox)
        self._counters.frames_out += len(outbox)
        outbox.clear()
        self._queued = 0
        if self._behind and self._transport.get_write_buffer_size():
            self._transport.write(data)
            if self.waiting > self._limit:
                self.close(CloseCode.SLOW)
            return size
        try:
            sent = os.write(self._descriptor, data)
        except OSError:  # full, or broken, or TLS: the transport knows what to do
            sent = 0
        self._behind = sent < size
        if self._behind:
            self._transport.write(data[sent:])
        return size

    @property
    def waiting(self) -> int:
        """Bytes that the client has not taken yet."""
        return self._queued + self._transport.get_write_buffer_size()

    # Time

    def due(self, now: float) -> float | None:
        if now >= self._cut_at:
            self.cut()
            return None
        if self.ending is not None:
            return self._cut_at
        if self.conn is None and now >= self._connect_by:
            self.close(CloseCode.CONNECT_TIMEOUT)
        elif now >= self._pong_by:
            self.close(CloseCode.PING_TIMEOUT)
        elif now >= self._ping_at and self._pong_by == math.inf:
            self.push(PING)
            self._ping_at = now + self.gateway.settings.ping_interval
            self._pong_by = now + self.gateway.settings.ping_timeout
            if self.conn is not None:
                self.conn.rest()
        return self._next_look()

    def _next_look(self) -> float:
        if self.ending is not None:
            return self._cut_at
        heartbeat = self._ping_at if self._pong_by == math.inf else self._pong_by
        return heartbeat if self.conn is not None else min(heartbeat, self._connect_by)

    # Closing

    def close(self, code: CloseCode, reason: str = "", retry_after: float | None = None) -> None:
        """Say why, and cut after `close_timeout` what the client has not closed by then."""
        if self.ending is not None:
            return
        name = code.name.lower()
        if code >= STAY_AWAY and self.conn is not None:
            self.push(DISCONNECT)
        self._end(name, finish=code in FINISHES)
        self._transport.write(close_frame(code, close_reason(reason or name, retry_after)))

    def cut(self) -> None:
        """Close the socket without another word."""
        self._transport.abort()

    def settled(self) -> None:
        """Somebody is behind it now, or nobody any more."""
        if self._nameless:
            self._nameless = False
            self.gateway.guard.leave(self.handshake.client)

    def forget_connection(self) -> None:
        """Its connection was refused; the client may ask again until `connect_timeout`."""
        self.conn = None
        self.gateway.wheel.put(self, self._next_look())

    def _leave(self) -> None:
        """The client closes, or answers our close."""
        if self.ending is None:
            self._end("transport close", finish=True)
            self._transport.write(close_frame(1000))
        self._transport.close()

    def _end(self, reason: str, *, finish: bool) -> None:
        if reason == CloseCode.SLOW.name.lower() or self._gone:
            self._outbox.clear()  # it would only wait behind what is not read either
            self._queued = 0
        self._counters.bytes_out += self.flush()
        self.ending = reason
        self._cut_at = self.gateway.wheel.now + self.gateway.settings.close_timeout
        self.gateway.wheel.put(self, self._cut_at)
        conn, self.conn = self.conn, None
        if conn is not None:
            conn.end(reason, finish=finish)

    def lost(self) -> None:
        """The transport is gone."""
        self._gone = True
        if self.ending is None:
            self._end("transport close", finish=True)
        self.settled()
        self.gateway.wheel.drop(self)
        self.gateway.closed(self)
