"""What happened since the start, as plain integers for whoever reports them."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Counters:
    """Only ever grow. `in`: payloads from clients; `out`: whole WebSocket frames, to them, or
    polling payloads."""

    opened: int = 0
    """Sessions opened, by WebSocket or by polling."""
    upgraded: int = 0
    """Of those by polling: taken over by a WebSocket."""
    closed: Counter[str] = field(default_factory=Counter[str])
    """Sessions gone, by reason: see `App.disconnect`."""
    refused: Counter[int] = field(default_factory=Counter[int])
    """Requests refused, by HTTP status."""
    connected: int = 0
    """CONNECT accepted."""
    connect_refused: int = 0
    frames_in: int = 0
    bytes_in: int = 0
    frames_out: int = 0
    bytes_out: int = 0
    writes: int = 0
    """Writes to sockets: frames of one turn of the loop go out in one."""
    dropped: int = 0
    """Volatile frames not sent because the socket was behind."""
    handler_errors: int = 0
    """Exceptions that escaped from the application."""
