"""A Socket.IO server on uvicorn's own port: Socket.IO protocol v5 over Engine.IO v4, by WebSocket,
by HTTP long-polling, and from one to the other.

It knows no product and can be published alone. Every official client works with the options it has;
`python -m tertulia.core.gateway` is the reference server that the protocol's own suites check.

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

Where things are, from the wire up:

    upgrade guard             uvicorn's HTTP parser, strict and impatient; what one address may take
    protocol http requests    an upgrade becomes a socket; a poll is answered; who may
    framing websocket         RFC 6455, and a session carried by it
    frames polling            the same session carried by requests
    probe                     the way from polling to a WebSocket
    session engine heartbeat  Engine.IO: one session; all of them; one timer
    packets reader encoding   Socket.IO packets and back
    link connection gateway   sessions to namespaces; one socket's life; all of them
    topics recovery           broadcast; coming back after a cut
    forward tunnel            sessions of another process behind the same balancer

What it promises:

- **Order.** Events of one connection are handled one at a time, in the order sent; a handler that
  returns `Later` lets the next one begin. Acks to our own calls are taken at once, so a handler may
  wait for `conn.call`. What is sent to one connection arrives in the order of the calls, also while
  it moves from polling to a WebSocket, where nothing is lost or doubled.
- **Bounds.** An inbox that overflows closes its connection (TOO_FAST), an outbox that overflows
  closes its connection (SLOW); nobody else notices. Volatile frames are dropped while a client is
  behind: its socket is full, or something waits for its next poll. A broken or hostile client is
  closed (PROTOCOL); the process does not care.
- **Ends.** Each accepted `connect` is followed by one `disconnect`, after the last event. A closed
  connection is in no topic, its calls raise Disconnected, its sends are False.
- **Namespaces.** `settings.namespaces` are those there are; each a client enters is a `Connection`
  of its own. A frame is encoded for one namespace, so a topic has members of one.
- **Cost.** A broadcast is encoded once and the same bytes go to every socket. Frames for one
  socket in one turn of the loop go out in one write. One timer serves all heartbeats; an idle
  connection has no task and takes 3 kB.
- **Several processes.** A session id begins with its `node`, and a request that reaches another
  process goes on to it by `Peers`: no balancer needs to be sticky.

Close codes are in `errors`: 4000-4499 come back, 4500-4999 stay away. By polling there is no place
for them: a client learns the end, and from a DISCONNECT packet before it that it should stay away.
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
