"""What the gateway asks of the application it serves."""

from typing import Any, Protocol

from .connection import Connection
from .handshake import Handshake, Refusal


class App(Protocol):
    """Four questions. All run on the event loop; `allow` must not block."""

    def allow(self, handshake: Handshake) -> Refusal | None:
        """May this request open a session? Origin, budget per address: before any upgrade.

        Asked once for each session, by WebSocket or by polling, and for each CORS preflight.
        """
        ...

    async def connect(self, conn: Connection, auth: Any) -> None:
        """A client asks to connect; `auth` is its CONNECT payload (an object, or None).

        Returning accepts. What is emitted meanwhile reaches the client right after its CONNECT
        answer. Raise `ConnectRefused` to refuse.

        With recovery on, `conn.recovered` says that it was cut and has come back: its id,
        principal, state and topics are set, and nothing was repeated to it yet. Look again whether
        it may: `topics.leave` the topics that it may no longer hear. It joins the others, and gets
        what it missed of them, when this returns.
        """
        ...

    async def event(self, conn: Connection, name: str, args: list[Any]) -> object:
        """One event. What it returns is the ack's one argument, when the client asked for one;
        `Several` is more of them, or none.

        Events of one connection come one at a time, in the order they were sent: the next one when
        this returns, which may be before its work is done (`Later`). An exception is logged and
        counted, and the client gets no ack: turn expected errors into a value.
        """
        ...

    async def disconnect(self, conn: Connection, reason: str) -> None:
        """The connection is gone: once for each accepted `connect`, after its last event.

        `reason` is "client disconnect", "server disconnect" (`Connection.disconnect`),
        "transport close", or the name of the server's close code in lower case ("ping_timeout",
        "slow", …).
        """
        ...
