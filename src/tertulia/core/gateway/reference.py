"""The server that the protocol documents ask for, so that anybody can check ours against them.

    python -m tertulia.core.gateway --port 3000

At `/engine.io/` it echoes every message. At `/socket.io/` the namespaces `/` and `/custom` emit
`auth` with the handshake's payload, answer `message` by `message-back` with the same arguments, and
acknowledge `message-with-ack` with its arguments. Heartbeat and limits are those of the documents'
test suites (https://github.com/socketio/engine.io-protocol, …/socket.io-protocol).

`--broadcast` is for load generators: ordinary heartbeats, every socket of `/` in one room, and
`say` answered by `msg` with the same argument to all of them.
"""

import asyncio
import random
from dataclasses import replace
from typing import Any

from .connection import Connection
from .encoding import Several, encode_event
from .engine import Engine
from .frames import BINARY, TEXT, frame
from .gateway import Gateway
from .handshake import Handshake, Refusal
from .session import Session
from .settings import GatewaySettings

APART = 0.03
"""Seconds between two messages that the suites want to hear one by one."""
ALL = "all"
"""The room of `--broadcast`."""


def settings_for(path: str, *, broadcast: bool, recovery: float) -> GatewaySettings:
    settings = GatewaySettings(
        path=path,
        namespaces=frozenset({"/", "/custom"}),
        max_payload=1_000_000,
        inbox_bytes=4_000_000,
        recovery_seconds=recovery,
    )
    if broadcast:
        return settings
    return replace(settings, ping_interval=0.3, ping_timeout=0.2, connect_timeout=1.0)


class EchoSession(Session):
    __slots__ = ()

    def message(self, text: bytes) -> None:
        self.push(frame(TEXT, b"4" + text))

    def binary(self, data: bytes) -> None:
        self.push(frame(BINARY, data))


class Echo(Engine):
    """An Engine.IO server without Socket.IO."""

    def allow(self, handshake: Handshake) -> Refusal | None:
        del handshake

    def new_session(self, handshake: Handshake) -> Session:
        return EchoSession(self, handshake)


class Reference:
    """The `App` of the Socket.IO side."""

    gateway: Gateway

    def allow(self, handshake: Handshake) -> Refusal | None:
        """Everybody: also a page of any origin, which the suites in a browser are."""
        del handshake

    async def connect(self, conn: Connection, auth: Any) -> None:
        payload: dict[str, Any] = auth or {}
        # The suites' WebSocket client hands out all messages of one read at once, and they listen
        # for one after the other: what comes together with the CONNECT answer they would miss.
        asyncio.get_running_loop().call_later(APART, conn.emit, "auth", payload)

    async def event(self, conn: Connection, name: str, args: list[Any]) -> object:
        if name == "message":
            conn.emit("message-back", *args)
        return Several(*args) if name == "message-with-ack" else Several()

    async def disconnect(self, conn: Connection, reason: str) -> None:
        del conn, reason


class Broadcast(Reference):
    async def connect(self, conn: Connection, auth: Any) -> None:
        del auth
        if conn.namespace == "/":
            self.gateway.topics.join(conn, ALL)

    async def event(self, conn: Connection, name: str, args: list[Any]) -> object:
        if name == "say" and conn.namespace == "/":
            self.gateway.topics.publish(ALL, encode_event("msg", *args[:1]))
        return Several()


def build(*, broadcast: bool, recovery: float = 0.0) -> tuple[Gateway, Echo]:
    """Both servers; recovery in seconds, 0 for none."""
    app = Broadcast() if broadcast else Reference()
    ours = settings_for("/socket.io/", broadcast=broadcast, recovery=recovery)
    theirs = settings_for("/engine.io/", broadcast=broadcast, recovery=0.0)
    # No chance in the first ping's time: the suites know to the millisecond when a session is dead.
    uniform = random.random if broadcast else lambda: 0.75
    app.gateway = Gateway(app, ours, uniform=uniform)
    echo = Echo(theirs, uniform=uniform)
    return app.gateway, echo
