"""A WebSocket that carries a session: frames to messages, the outbox into the kernel."""

import asyncio
import os
from typing import TYPE_CHECKING, Protocol

from .errors import CloseCode, ProtocolError, close_reason
from .frames import Frame, Queued, close_frame, pong_frame
from .framing import BINARY, CLOSE, CONTINUATION, PING, PONG, Fragments, Framing, Received

if TYPE_CHECKING:
    from .engine import Engine


class Rider(Protocol):
    """Whose messages come and go here: a `Session`, or a `Probe` that would become its carrier."""

    ending: str | None
    paused: bool
    outbox: Queued
    queued: int

    def text(self, packet: bytes) -> None: ...
    def binary(self, data: bytes) -> None: ...
    def push(self, data: Frame, volatile: bool = False) -> bool: ...
    def close(
        self, code: CloseCode, reason: str = "", retry_after: float | None = None
    ) -> None: ...
    def leave(self) -> None: ...
    def lost(self) -> None: ...


class Nobody:
    """Rides on a socket that is lost. Rider and socket would keep each other until a full garbage
    collection, which is rare: 2 kB for each client that ever came, 100 MB after a storm or two."""

    ending: str | None = "lost"
    paused = False
    outbox: Queued = None
    queued = 0

    def text(self, packet: bytes) -> None: ...
    def binary(self, data: bytes) -> None: ...
    def push(self, data: Frame, volatile: bool = False) -> bool:
        del data, volatile
        return False

    def close(
        self, code: CloseCode, reason: str = "", retry_after: float | None = None
    ) -> None: ...
    def leave(self) -> None: ...
    def lost(self) -> None: ...


class WebSocket:
    """Owns an upgraded transport, and what has arrived of an unfinished message."""

    __slots__ = (
        "_behind",
        "_counters",
        "_descriptor",
        "_fragments",
        "_framing",
        "_said_why",
        "_transport",
        "gateway",
        "rider",
    )

    def __init__(self, gateway: "Engine", transport: asyncio.Transport) -> None:
        self.rider: Rider
        self.gateway = gateway
        self._counters = gateway.counters
        self._transport = transport
        self._framing: Framing | None = Framing(gateway.settings.max_payload)
        self._fragments: Fragments | None = None
        self._said_why = False  # our close frame is out
        transport.set_write_buffer_limits(high=gateway.settings.pause_above)
        # TLS encrypts in the transport: no descriptor, always through it.
        secure = transport.get_extra_info("ssl_object") is not None
        self._descriptor: int = -1 if secure else transport.get_extra_info("socket").fileno()
        self._behind = True  # the 101 may still wait in the transport

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
            self.rider.close(CloseCode.PROTOCOL, str(error))

    def _take(self, frame: Received) -> None:
        counters, rider = self._counters, self.rider
        counters.frames_in += 1
        counters.bytes_in += len(frame.payload)
        if frame.opcode == CLOSE:
            rider.leave()
        elif rider.ending is not None or frame.opcode == PONG:
            return
        elif frame.opcode == PING:
            rider.push(pong_frame(frame.payload))
        else:
            self._read(frame)

    def _read(self, frame: Received) -> None:
        opcode, fin, payload = frame
        try:
            if not fin or opcode == CONTINUATION or self._fragments is not None:
                self._gather(frame)
            elif opcode == BINARY:
                self.rider.binary(payload)
            else:
                self.rider.text(payload)
        except ProtocolError as error:
            self.rider.close(CloseCode.PROTOCOL, str(error))

    def _gather(self, frame: Received) -> None:
        fragments, settings = self._fragments, self.gateway.settings
        if fragments is None:
            self._fragments = Fragments(frame)
            return
        whole = fragments.add(
            frame, max_bytes=settings.max_payload, max_parts=settings.max_fragments
        )
        if whole is None:
            return
        self._fragments = None
        if fragments.is_binary:
            self.rider.binary(whole)
        else:
            self.rider.text(whole)

    # Writing

    def flush(self) -> int:
        """Write everything queued, straight into the kernel while it takes all of it; how much.

        Through the transport alone a broadcast would be 15 % slower (bench/gateway.py). The
        descriptor is ours until `lost`: asyncio and uvloop close it after that call.
        """
        rider = self.rider
        outbox, size = rider.outbox, rider.queued
        if outbox is None:
            return 0
        if isinstance(outbox, list):
            data = b"".join(outbox)
            self._counters.frames_out += len(outbox)
        else:
            data = outbox
            self._counters.frames_out += 1
        rider.outbox = None
        rider.queued = 0
        if self._behind and self._transport.get_write_buffer_size():
            self._transport.write(data)
            if self.waiting > self.gateway.settings.outbox_limit:
                rider.close(CloseCode.SLOW)
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
        return self._transport.get_write_buffer_size()

    def pause(self) -> None:
        """The transport holds more than `pause_above`: the client reads too slowly."""
        self.rider.paused = True

    def resume(self) -> None:
        self.rider.paused = False

    # Closing

    def close(self, code: CloseCode, reason: str, retry_after: float | None) -> None:
        self._say_goodbye(close_frame(code, close_reason(reason, retry_after)))

    def part(self) -> None:
        if not self._said_why:
            self._say_goodbye(close_frame(1000))
        self._transport.close()

    def _say_goodbye(self, frame: Frame) -> None:
        self._said_why = True
        self._counters.bytes_out += self.flush()
        self._transport.write(frame)

    def cut(self) -> None:
        self._transport.abort()

    def go_away(self) -> None:
        self.rider.close(CloseCode.GOING_AWAY, retry_after=self.gateway.come_back_in())

    def lost(self) -> None:
        rider, self.rider = self.rider, Nobody()
        rider.lost()
