"""A WebSocket that wants to carry a session that lives by polling (Engine.IO v4, "Upgrade").

    client  2probe          does this road go through?
    server  3probe          it does; a waiting GET is let go with a noop
    client  5               no more requests from me: from here on

Until the 5 the session knows nothing of it: whatever else happens closes this socket and leaves
polling as it was. The client has no request open when it says 5, so what was not in an answer goes
out here, once.
"""

from typing import TYPE_CHECKING

from .errors import CloseCode, ProtocolError
from .frames import TEXT, Frame, Queued, frame
from .polling import Polling
from .websocket import WebSocket

if TYPE_CHECKING:
    from .session import Session

PROBE_ANSWER = frame(TEXT, b"3probe")


def try_to_move(session: "Session", socket: WebSocket) -> None:
    """Somebody opened `socket` for `session`. One socket for each session: a second one is closed,
    and the first goes on."""
    carrier = session.carrier
    if isinstance(carrier, Polling) and carrier.probe is None and session.ending is None:
        carrier.probe = Probe(session, carrier, socket)
    else:
        Probe(session, None, socket).close(CloseCode.OVERLAP)


class Probe:
    """Rides the socket until the session does. It has `upgrade_timeout` seconds."""

    __slots__ = (
        "_polling",
        "_session",
        "_socket",
        "answered",
        "ending",
        "outbox",
        "paused",
        "queued",
        "released",
        "slot",
    )

    def __init__(self, session: "Session", polling: Polling | None, socket: WebSocket) -> None:
        """`polling` None: it can only be closed."""
        self._session = session
        self._polling = polling
        self._socket = socket
        self.answered = False
        """From now on a GET that waits hinders: the client waits for it to end."""
        self.released = False
        """The GET that the client had sent before it heard our answer was let go."""
        self.ending: str | None = None
        self.paused = False
        self.outbox: Queued = None
        self.queued = 0
        self.slot = 0
        socket.rider = self
        gateway = session.gateway
        gateway.wheel.put(self, gateway.wheel.now + gateway.settings.upgrade_timeout)

    def text(self, packet: bytes) -> None:
        polling = self._polling
        if packet == b"2probe" and polling is not None and not self.answered:
            self.answered = True
            self.push(PROBE_ANSWER)
            polling.release()
        elif packet == b"5" and polling is not None and self.answered:
            self._forget()
            self._socket.rider = self._session
            polling.release()
            self._session.move(self._socket)
        else:
            raise ProtocolError("unexpected packet")

    def binary(self, data: bytes) -> None:
        del data
        raise ProtocolError("unexpected packet")

    def push(self, data: Frame, volatile: bool = False) -> bool:
        """Only pongs and the probe's answer: written at once, however many are asked for."""
        del volatile
        if self._socket.waiting > self._session.gateway.settings.pause_above:
            self.cut()
            return False
        self.outbox = data
        self.queued += len(data)
        self._session.gateway.counters.bytes_out += self._socket.flush()
        return True

    def due(self, now: float) -> float | None:
        del now
        self.cut()
        return None

    def close(self, code: CloseCode, reason: str = "", retry_after: float | None = None) -> None:
        """Say why, and wait for nobody: these sockets are counted nowhere. The session has its own
        way to end."""
        if self.ending is None:
            self.ending = "probe"
            self._forget()
            self._socket.close(code, reason or code.name.lower(), retry_after)
            self._socket.part()

    def leave(self) -> None:
        self.ending = "probe"
        self._socket.part()

    def cut(self) -> None:
        self.ending = "probe"
        self._forget()
        self._socket.cut()

    def lost(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._session.gateway.wheel.drop(self)
        if self._polling is not None and self._polling.probe is self:
            self._polling.probe = None
