"""An upgrade that reached the wrong process: a way for its bytes to the one that owns the session.

Nothing is understood on the way but where frames of the owner end, so that a node that leaves can
tell the client to come back. Whoever reads slowly slows down the writer at the other end: the
owner's own rules for slow readers hold.
"""

import asyncio
from typing import TYPE_CHECKING

from .errors import CloseCode, close_reason
from .forward import CONNECT_SECONDS, HANDED_ON, Headers, with_hop
from .frames import close_frame
from .handshake import Refusal
from .requests import UNKNOWN_SID, refusal_bytes

if TYPE_CHECKING:
    from .engine import Engine

STUCK_SECONDS = 60.0
"""After so long without a byte taken by a reader the way is cut: nothing else notices its end."""
BUFFER = 65_536


class Tunnel:
    """What is behind the upgrade request of somebody else's session; see `protocol.Taker`."""

    def __init__(
        self, gateway: "Engine", transport: asyncio.Transport, request: bytes, client: str
    ) -> None:
        self.slot = 0  # kept by the wheel
        self._gateway = gateway
        self._client = transport
        self._owner: asyncio.Transport | None = None
        self._request = request
        self._peer = client
        self._boundary = Boundary()
        self._last_words: bytes | None = None
        self._stuck_since: float | None = None
        self._gone = False
        transport.set_write_buffer_limits(high=BUFFER)
        gateway.dug(self)

    async def dig(self, node: str) -> None:
        """Reach the owner, or say that the session is unknown."""
        peers = self._gateway.peers
        address = await peers.find(node) if peers is not None else None
        if address is None:
            self._refuse(UNKNOWN_SID)
            return
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                transport, _ = await loop.create_connection(lambda: _FarEnd(self), *address)
        except (OSError, TimeoutError):
            self._refuse(UNKNOWN_SID)
            return
        if self._gone:
            transport.abort()
            return
        self._owner = transport
        transport.set_write_buffer_limits(high=BUFFER)
        transport.write(handed_on(self._request, self._peer))
        self._request = b""

    # The client's side

    def received(self, data: bytes) -> None:
        if self._owner is None:
            # RFC 6455 §4.1: nothing before the 101, which has not come.
            self._client.abort()
        else:
            self._owner.write(data)

    def pause(self) -> None:
        if self._owner is not None:
            self._owner.pause_reading()
            self._stuck()

    def resume(self) -> None:
        if self._owner is not None:
            self._owner.resume_reading()
            self._stuck_since = None

    def go_away(self) -> None:
        self.close(CloseCode.GOING_AWAY, self._gateway.come_back_in())

    def lost(self) -> None:
        self._end()
        if self._owner is not None:
            self._owner.abort()

    # The owner's side

    def answered(self, data: bytes) -> None:
        self._client.write(data)
        if self._boundary.feed(data) and self._last_words is not None:
            self._finish(self._last_words)

    def owner_slow(self) -> None:
        self._client.pause_reading()
        self._stuck()

    def owner_reads(self) -> None:
        self._client.resume_reading()
        self._stuck_since = None

    def owner_lost(self) -> None:
        """What it said last still goes out, to whoever reads."""
        if self._gone:
            return
        self._client.close()
        self._gateway.wheel.put(
            self, self._gateway.wheel.now + self._gateway.settings.close_timeout
        )
        self._stuck_since = float("-inf")

    # Time, and the end

    def due(self, now: float) -> float | None:
        """See `Wheel`."""
        if self._stuck_since is None:
            return None
        if now < self._stuck_since + STUCK_SECONDS:
            return self._stuck_since + STUCK_SECONDS
        self._client.abort()
        return None

    def close(self, code: CloseCode, retry_after: float) -> None:
        """This node leaves: say so to the client where the owner's next frame ends."""
        words = close_frame(code, close_reason(code.name.lower(), retry_after))
        if self._owner is None or not self._boundary.open:
            self._client.close()
        elif self._boundary.at_end:
            self._finish(words)
        else:
            self._last_words = words

    def cut(self) -> None:
        self._client.abort()

    def _finish(self, words: bytes) -> None:
        self._client.write(words)
        self._client.close()
        if self._owner is not None:
            self._owner.close()

    def _refuse(self, refusal: Refusal) -> None:
        self._gateway.counters.refused[refusal.status] += 1
        self._client.write(refusal_bytes(refusal))
        self._client.close()

    def _stuck(self) -> None:
        self._stuck_since = self._gateway.wheel.now
        self._gateway.wheel.put(self, self._stuck_since + STUCK_SECONDS)

    def _end(self) -> None:
        self._gone = True
        self._gateway.wheel.drop(self)
        self._gateway.filled(self)


class _FarEnd(asyncio.Protocol):
    """Our connection to the owner."""

    def __init__(self, tunnel: Tunnel) -> None:
        self._tunnel = tunnel

    def data_received(self, data: bytes) -> None:
        self._tunnel.answered(data)

    def pause_writing(self) -> None:
        self._tunnel.owner_slow()

    def resume_writing(self) -> None:
        self._tunnel.owner_reads()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._tunnel.owner_lost()


class Boundary:
    """Where a server's frames end, in a stream that comes in any pieces (RFC 6455 §5.2)."""

    def __init__(self) -> None:
        self.open = False
        """The answer to the upgrade is over: frames follow."""
        self._held: bytes = b""  # of a head that is not all there
        self._left: int = 0  # bytes of the frame under way

    @property
    def at_end(self) -> bool:
        return self.open and not self._held and not self._left

    def feed(self, data: bytes) -> bool:
        """Take the next piece; whether it ended with the end of a frame."""
        if self._left >= len(data):  # the inside of a large frame
            self._left -= len(data)
            return self.at_end
        data = self._held + data[self._left :]
        self._left, at = 0, 0
        if not self.open:
            at = data.find(b"\r\n\r\n") + 4
            self.open = at >= 4
            at = at if self.open else len(data)
            self._held = b"" if self.open else data[-3:]
        while self.open and at < len(data):
            size = frame_size(data, at)
            if size is None:
                break
            at += size
        if self.open:
            self._held = data[at:]
            self._left = max(0, at - len(data))
        return self.at_end


def frame_size(data: bytes, at: int) -> int | None:
    """Bytes of the unmasked frame that begins there, its head included; None if more of the head
    has to come."""
    if len(data) < at + 2:
        return None
    short = data[at + 1]
    if short < 126:
        return 2 + short
    more = 2 if short == 126 else 8
    if len(data) < at + 2 + more:
        return None
    return 2 + more + int.from_bytes(data[at + 2 : at + 2 + more])


def dig(
    gateway: "Engine", transport: asyncio.Transport, request: bytes, client: str
) -> Tunnel | None:
    """A tunnel for this upgrade request, if it names a session of another node."""
    line, _, rest = request.partition(b"\r\n")
    names = [header.partition(b":")[0].strip().lower() for header in rest.split(b"\r\n")]
    if gateway.peers is None or HANDED_ON in names:
        return None
    node = gateway.owner_of(sid_of(line))
    if node is None or gateway.is_full or gateway.leaving.is_set():
        return None
    tunnel = Tunnel(gateway, transport, request, client)
    gateway.start(tunnel.dig(node))
    return tunnel


def sid_of(line: bytes) -> str:
    query = line.split(b" ")[1].partition(b"?")[2]
    found = [pair[4:] for pair in query.split(b"&") if pair.startswith(b"sid=")]
    return found[-1].decode("latin-1") if found else ""


def handed_on(request: bytes, client: str) -> bytes:
    line, _, rest = request.partition(b"\r\n")
    pairs = (header.partition(b":") for header in rest.split(b"\r\n") if header)
    headers: Headers = [(name.strip().lower(), value.strip()) for name, _, value in pairs]
    told = (b"%b: %b" % pair for pair in with_hop(headers, client or None))
    return b"\r\n".join([line, *told, b"", b""])
