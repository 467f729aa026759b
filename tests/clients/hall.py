"""A gateway with an application of the tests' own behind it, where every client gets the same."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from tests.clients.client import WAIT

from tertulia.core.gateway import (
    Connection,
    ConnectRefused,
    Gateway,
    GatewaySettings,
    Handshake,
    Refusal,
    encode_event,
)
from tertulia.core.serving import listen

MAX_PAYLOAD = 65_536
NAMESPACES = frozenset(("/", "/side"))


@dataclass
class Hall:
    """`ask` events it knows: `double` (a number), `mirror` (its arguments, as one list),
    `silence` (never answered), `n` (kept in `numbers`)."""

    url: str = ""
    gateway: Gateway = field(init=False)
    numbers: list[int] = field(default_factory=list[int])
    handshakes: list[Handshake] = field(default_factory=list[Handshake])
    connections: "asyncio.Queue[Connection]" = field(default_factory=asyncio.Queue[Connection])
    gone: "asyncio.Queue[str]" = field(default_factory=asyncio.Queue[str])

    # The gateway's App

    def allow(self, handshake: Handshake) -> Refusal | None:
        self.handshakes.append(handshake)
        own = (None, self.url)
        return None if handshake.origin in own else Refusal(403, "Forbidden origin")

    async def connect(self, conn: Connection, auth: Any) -> None:
        if isinstance(auth, dict) and cast("dict[str, Any]", auth).get("token") == "bad":
            raise ConnectRefused("unauthorized", "Sign in first.")
        conn.principal = auth
        conn.emit("welcome", auth)
        self.connections.put_nowait(conn)

    async def event(self, conn: Connection, name: str, args: list[Any]) -> object:
        match name:
            case "double":
                return 2 * args[0]
            case "n":
                self.numbers.append(args[0])
                return None
            case "silence":
                raise RuntimeError("says nothing")  # the one way not to answer
            case _:
                return args

    async def disconnect(self, conn: Connection, reason: str) -> None:
        self.gone.put_nowait(reason)

    # What tests ask

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def say(self, topic: str, name: str, *args: Any) -> None:
        """To everybody who joined it."""
        self.gateway.topics.publish(topic, encode_event(name, *args))

    async def connected(self) -> Connection:
        """The next one that came, ready to be called."""
        async with asyncio.timeout(WAIT):
            return await self.connections.get()

    async def farewell(self) -> str:
        """Why the next one that went has gone."""
        async with asyncio.timeout(WAIT):
            return await self.gone.get()


@asynccontextmanager
async def open_hall(*, port: int = 0, **settings: Any) -> AsyncGenerator[Hall]:
    """Settings are the gateway's."""
    hall = Hall()
    hall.gateway = Gateway(
        hall, GatewaySettings(max_payload=MAX_PAYLOAD, namespaces=NAMESPACES, **settings)
    )
    options = {"interface": "asgi3", **hall.gateway.uvicorn_options}
    async with listen(hall.gateway.asgi, options, "127.0.0.1", port) as address:
        hall.url = "http://{}:{}".format(*address)
        try:
            yield hall
        finally:
            await hall.gateway.close(retry_after=0, timeout=1)
