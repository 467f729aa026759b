"""What can go wrong, and the codes a socket is closed with.

Two ranges of WebSocket close codes (RFC 6455 §7.4.2 leaves 4000-4999 to applications):

- **4000-4499, come back**: nothing is wrong with the client. It reconnects, after `retry_after`
  seconds if the close frame names them, and catches up.
- **4500-4999, stay away**: the same client would only be refused again. A Socket.IO DISCONNECT
  packet goes first, which tells unmodified Socket.IO clients not to reconnect by themselves.

The close frame's reason is JSON: `{"reason": "slow"}` or `{"reason": …, "retry_after": 2.5}`.
"""

import json
from enum import IntEnum


class CloseCode(IntEnum):
    """Why the server closed a socket; see the module for the two ranges."""

    GOING_AWAY = 4000
    PING_TIMEOUT = 4001
    CONNECT_TIMEOUT = 4002
    SLOW = 4003
    TOO_FAST = 4004
    INTERNAL = 4005
    OVERLAP = 4006
    """A second GET, POST or WebSocket where the transport allows one at a time."""

    PROTOCOL = 4500
    KICKED = 4501
    SESSION_ENDED = 4502

    @property
    def may_retry(self) -> bool:
        return self < STAY_AWAY


STAY_AWAY = 4500


class ProtocolError(Exception):
    """Bytes from a client that no correct client sends. Always answered by closing the socket."""


class ConnectRefused(Exception):
    """Raised by `App.connect`: the client gets CONNECT_ERROR `{message, data: {code, …}}`."""

    def __init__(self, code: str, message: str, data: dict[str, object] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data: dict[str, object] = {"code": code, **(data or {})}


class Disconnected(Exception):
    """The connection went away before the client answered a call."""


class CallTimeout(TimeoutError):
    """The client did not answer a call in time."""


def close_reason(reason: str, retry_after: float | None = None) -> bytes:
    """The close frame's reason, within the 123 bytes a close frame has for it."""
    told = {"reason": reason[:60]} | ({} if retry_after is None else {"retry_after": retry_after})
    return json.dumps(told, separators=(",", ":"))[:123].encode()
