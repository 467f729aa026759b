"""A real server on a free port, real clients, and a clock that only moves when told."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import socketio  # pyright: ignore[reportMissingTypeStubs]
import uvicorn

from tertulia.core.gateway import (
    Connection,
    ConnectRefused,
    Gateway,
    GatewaySettings,
    Handshake,
    Refusal,
)

WAIT = 30.0
"""Seconds after which a test that waits has failed."""

ORIGIN = "http://good.example"
Handler = Callable[..., Awaitable[Any]]


async def until(condition: Callable[[], object]) -> None:
    """Let the loop run until it holds; TimeoutError if it never does."""
    async with asyncio.timeout(WAIT):
        while not condition():
            await asyncio.sleep(0)


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Stage:
    """The application under test, its gateway, and what happened to it."""

    gateway: Gateway = field(init=False)
    clock: Clock = field(default_factory=Clock)
    port: int = 0
    handlers: dict[str, Handler] = field(default_factory=dict[str, Handler])
    handshakes: list[Handshake] = field(default_factory=list[Handshake])
    connections: asyncio.Queue[Connection] = field(default_factory=asyncio.Queue[Connection])
    gone: asyncio.Queue[tuple[str, str]] = field(default_factory=asyncio.Queue[tuple[str, str]])
    seen: list[tuple[str, list[Any]]] = field(default_factory=list[tuple[str, list[Any]]])
    opened: list[Any] = field(default_factory=list[Any])

    # The App

    def allow(self, handshake: Handshake) -> Refusal | None:
        self.handshakes.append(handshake)
        return None if handshake.origin in (None, ORIGIN) else Refusal(403, "Forbidden origin")

    async def connect(self, conn: Connection, auth: Any) -> None:
        if isinstance(auth, dict) and auth.get("token") == "bad":  # pyright: ignore[reportUnknownMemberType]
            raise ConnectRefused("unauthorized", "Sign in first.", {"hint": "token"})
        if "connect" in self.handlers:
            await self.handlers["connect"](conn, auth)
        conn.principal = auth
        self.connections.put_nowait(conn)

    async def event(self, conn: Connection, name: str, args: list[Any]) -> object:
        self.seen.append((name, args))
        handler = self.handlers.get(name)
        return await handler(conn, *args) if handler else args

    async def disconnect(self, conn: Connection, reason: str) -> None:
        self.gone.put_nowait((conn.id, reason))

    # What tests do

    def on(self, handler: Handler) -> Handler:
        self.handlers[handler.__name__] = handler
        return handler

    async def connected(self) -> Connection:
        return await asyncio.wait_for(self.connections.get(), WAIT)

    async def farewell(self) -> str:
        """Why the next connection that ends ended."""
        return (await asyncio.wait_for(self.gone.get(), WAIT))[1]

    def turn(self, seconds: float) -> None:
        """Let that much time pass for the gateway."""
        tick = self.gateway.wheel.tick
        for _ in range(round(seconds / tick) + 1):
            self.clock.now += tick
            self.gateway.wheel.turn()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextlib.asynccontextmanager
    async def client(self, auth: Any = None) -> AsyncGenerator[Any]:
        """An ordinary Socket.IO client."""
        client: Any = socketio.AsyncClient(reconnection=False)
        try:
            await client.connect(self.url, auth=auth, transports=["websocket"], wait_timeout=WAIT)
            yield client
        finally:
            await client.disconnect()

    @contextlib.asynccontextmanager
    async def raw(self, *, connect: bool = True, **headers: str) -> AsyncGenerator["Raw"]:
        """A WebSocket that says exactly what it is told."""
        async with (
            aiohttp.ClientSession() as http,
            http.ws_connect(
                f"{self.url}/socket.io/?EIO=4&transport=websocket", headers=headers
            ) as ws,
        ):
            raw = Raw(ws)
            raw.open = json.loads((await raw.text())[1:])
            if connect:
                await ws.send_str("40")
                assert (await raw.text()).startswith("40{")
            yield raw


@dataclass
class Raw:
    ws: aiohttp.ClientWebSocketResponse
    open: dict[str, Any] = field(default_factory=dict[str, Any])

    async def next(self) -> aiohttp.WSMessage:
        return await self.ws.receive(WAIT)

    async def text(self) -> str:
        message = await self.next()
        assert message.type is aiohttp.WSMsgType.TEXT, message
        return message.data

    async def say(self, text: str) -> None:
        await self.ws.send_str(text)

    async def closing(self) -> tuple[int | None, dict[str, Any]]:
        """Read on until the server closes; its code and reason."""
        while (message := await self.next()).type in (
            aiohttp.WSMsgType.TEXT,
            aiohttp.WSMsgType.BINARY,
        ):
            pass
        assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED), message
        extra = message.extra
        return self.ws.close_code, json.loads(extra) if extra and extra[0] == "{" else {}


@contextlib.asynccontextmanager
async def stage(*, app: Any = None, node: str = "", **settings: Any) -> AsyncGenerator[Stage]:
    """`app` answers plain HTTP in the gateway's place."""
    this = Stage()
    this.gateway = Gateway(
        this, GatewaySettings(**settings), node=node, clock=this.clock, uniform=lambda: 1.0
    )
    async with serving(app or this.gateway.asgi, this.gateway.uvicorn_options) as this.port:
        try:
            yield this
        finally:
            await this.gateway.close(timeout=1)
    assert not this.gateway.links


@contextlib.asynccontextmanager
async def serving(app: Any, options: dict[str, Any]) -> AsyncGenerator[int]:
    """uvicorn on a free port; yields it."""
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            port=0,
            lifespan="off",
            interface="asgi3",
            log_level="error",
            timeout_graceful_shutdown=1,
            **options,
        )
    )
    config = server.config
    config.load()
    server.lifespan = config.lifespan_class(config)
    # Not serve(): it would take the signals of the test run.
    await server.startup()
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        await server.shutdown()
        assert not server.server_state.connections
