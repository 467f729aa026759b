"""One WebSocket as Engine.IO sees it: messages in, writes out, heartbeat, closing."""

import asyncio
import math
import os
import secrets
from typing import TYPE_CHECKING, Final, cast

from picows import WSCloseCode, WSFrame, WSListener, WSTransport

from .connection import Connection
from .encoding import encode_packet
from .errors import STAY_AWAY, CloseCode, ProtocolError, close_reason
from .frames import TEXT, Frame, frame
from .handshake import Handshake
from .packets import Kind, Packet
from .reader import Reader, Signal

if TYPE_CHECKING:
    from .gateway import Gateway

CLOSE: Final = 8
"""WebSocket opcode; smaller ones carry data, greater ones are pings and pongs."""
PING = frame(TEXT, b"2")
DISCONNECT = encode_packet(Packet(Kind.DISCONNECT))
FINISHES = frozenset((CloseCode.GOING_AWAY, CloseCode.PING_TIMEOUT, CloseCode.INTERNAL))
"""Closed by these, the events a client sent before are still handled; otherwise dropped."""


class Link(WSListener):
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
        "_limit",
        "_outbox",
        "_ping_at",
        "_pong_by",
        "_queued",
        "_reader",
        "_transport",
        "_ws",
        "conn",
        "ending",
        "gateway",
        "handshake",
        "paused",
        "slot",
    )

    def __init__(self, gateway: "Gateway", handshake: Handshake) -> None:
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

    # Opening

    def on_ws_connected(self, transport: WSTransport) -> None:
        gateway, settings = self.gateway, self.gateway.settings
        self._ws = transport
        # picows keeps them for as long as the socket lives: half a kilobyte nobody reads.
        transport.request.headers.clear()
        transport.response.headers.clear()
        self._transport: asyncio.Transport = transport.underlying_transport
        self._transport.set_write_buffer_limits(high=settings.pause_above)
        descriptor = self._transport.get_extra_info("socket").fileno()
        self._descriptor: int = -1 if transport.is_secure else descriptor
        self._behind = True  # the 101 may still wait in the transport
        now = gateway.wheel.now
        self._connect_by = now + settings.connect_timeout
        self._ping_at = now + settings.ping_interval * gateway.spread()
        self._pong_by = self._cut_at = math.inf
        gateway.opened(self)
        self.push(gateway.open_packet(secrets.token_urlsafe(15)))
        gateway.wheel.put(self, min(self._connect_by, self._ping_at))

    # Reading

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        del transport
        counters = self._counters
        counters.frames_in += 1
        counters.bytes_in += frame.payload_size
        opcode = cast("int", frame.msg_type)  # an IntEnum, whatever picows' stubs say
        if opcode == CLOSE:
            self._leave()
        elif self.ending is None and opcode < CLOSE:
            try:
                if frame.rsv1 or frame.rsv2 or frame.rsv3:
                    raise ProtocolError("reserved bits without an extension")
                got = self._reader.read(opcode, bool(frame.fin), frame.get_payload_as_bytes())
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
        descriptor is ours until `on_ws_disconnected`: asyncio and uvloop close it after that call.
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

    def pause_writing(self) -> None:
        self.paused = True

    def resume_writing(self) -> None:
        self.paused = False

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
        self._ws.send_close(code, close_reason(reason or name, retry_after))  # pyright: ignore[reportArgumentType]

    def cut(self) -> None:
        """Close the socket without another word."""
        self._transport.abort()

    def forget_connection(self) -> None:
        """Its connection was refused; the client may ask again until `connect_timeout`."""
        self.conn = None
        self.gateway.wheel.put(self, self._next_look())

    def _leave(self) -> None:
        """The client closes, or answers our close."""
        if self.ending is None:
            self._end(self._who_closed(), finish=True)
            self._ws.send_close(WSCloseCode.OK)  # nothing, if picows has sent one
        self._ws.disconnect()

    def _who_closed(self) -> str:
        """Not we: the client, or picows because of broken framing (it tells nobody)."""
        handshake = self._ws.close_handshake
        sent = handshake.sent if handshake else None
        return f"websocket {int(sent.code.value)}" if sent else "transport close"

    def _end(self, reason: str, *, finish: bool) -> None:
        if reason == CloseCode.SLOW.name.lower() or self._ws.is_disconnected:
            self._outbox.clear()  # it would only wait behind what is not read either
            self._queued = 0
        self._counters.bytes_out += self.flush()
        self.ending = reason
        self._cut_at = self.gateway.wheel.now + self.gateway.settings.close_timeout
        self.gateway.wheel.put(self, self._cut_at)
        conn, self.conn = self.conn, None
        if conn is not None:
            conn.end(reason, finish=finish)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        del transport
        if self.ending is None:
            self._end(self._who_closed(), finish=True)
        self.gateway.wheel.drop(self)
        self.gateway.closed(self)
