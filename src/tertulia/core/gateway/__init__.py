"""A Socket.IO server on uvicorn's own port: Socket.IO protocol v5 over Engine.IO v4 over WebSocket.

It knows no product and can be published alone. Every official client works unmodified with
`transports: ["websocket"]`; long-polling answers a clear 400 for now.

    class Chat:                                       # an `App`
        def allow(self, handshake):
            if handshake.origin not in (None, "https://chat.example"):
                return Refusal(403, "Forbidden origin")

        async def connect(self, conn, auth):
            conn.principal = who(auth) or refuse()    # raise ConnectRefused("unauthorized", "…")
            gateway.topics.join(conn, "lobby")
            conn.emit("hello", {"id": conn.id})

        async def event(self, conn, name, args):      # what it returns is the ack
            gateway.topics.publish("lobby", encode_event(name, *args), skip=conn)
            return {"ok": True}

        async def disconnect(self, conn, reason): ...

    gateway = Gateway(Chat(), GatewaySettings())
    uvicorn.Config(http_app, **gateway.uvicorn_options)   # mount gateway.asgi at settings.path
    await gateway.close(retry_after=5)                    # before uvicorn stops

What it promises:

- **Order.** Events of one connection are handled one at a time, in the order sent; a handler that
  returns `Later` lets the next one begin. Acks to our own
  calls are taken at once, so a handler may wait for `conn.call`. What is sent to one connection
  arrives in the order of the calls.
- **Bounds.** An inbox that overflows closes its connection (TOO_FAST), an outbox that overflows
  closes its connection (SLOW); nobody else notices. Volatile frames are dropped while a socket is
  behind. A broken or hostile client is closed (PROTOCOL); the process does not care.
- **Ends.** Each accepted `connect` is followed by one `disconnect`, after the last event. A closed
  connection is in no topic, its calls raise Disconnected, its sends are False.
- **Cost.** A broadcast is encoded once and the same bytes go to every socket. Frames for one
  socket in one turn of the loop go out in one write. One timer serves all heartbeats; an idle
  connection has no task.

Close codes are in `errors`: 4000-4499 come back, 4500-4999 stay away.
"""

from .app import App
from .connection import Connection
from .counters import Counters
from .encoding import Later, Several, encode_event
from .engine import Peers
from .errors import CallTimeout, CloseCode, ConnectRefused, Disconnected, ProtocolError
from .frames import Frame
from .gateway import Gateway
from .handshake import Handshake, Refusal
from .settings import GatewaySettings
from .topics import Topics

__all__ = [
    "App",
    "CallTimeout",
    "CloseCode",
    "ConnectRefused",
    "Connection",
    "Counters",
    "Disconnected",
    "Frame",
    "Gateway",
    "GatewaySettings",
    "Handshake",
    "Later",
    "Peers",
    "ProtocolError",
    "Refusal",
    "Several",
    "Topics",
    "encode_event",
]
