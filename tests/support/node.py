"""A whole node on a free port: real HTTP, real sockets, people signed in."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import httpx
import socketio
from socketio.exceptions import ConnectionError as ConnectionRefusal
from tests.support.clock import HandClock, SeededIds
from tests.support.world import SECRET, Person, RecordingBus, World

from tertulia.core.config import load
from tertulia.core.serving import listen
from tertulia.core.sessions import Sessions
from tertulia.core.telemetry import Build, Telemetry
from tertulia.main.ground import Parts
from tertulia.main.node import Node, open_node

ACK_SECONDS = 30  # a busy machine; python-socketio itself waits 1 s for a connection
SOCKET = {"transports": ["websocket"], "wait_timeout": ACK_SECONDS}


class Raw(NamedTuple):
    """A request that is no JSON."""

    headers: dict[str, str]
    content: bytes = b""


class Listener:
    """What a socket was told, in order: (name, data)."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []
        self.ended = asyncio.Event()
        self._news = asyncio.Condition()
        self.hang_up: Callable[[], Awaitable[None]]
        """End the socket."""

    async def hear(self, name: str, data: Any = None) -> None:
        async with self._news:
            self.told.append((name, data))
            self._news.notify_all()

    async def end(self, *_reason: object) -> None:
        self.ended.set()

    async def until(self, wanted: Callable[[str, Any], bool]) -> Any:
        """The data of the first thing told that is wanted."""

        def found() -> list[Any]:
            return [data for name, data in self.told if wanted(name, data)]

        async with asyncio.timeout(ACK_SECONDS), self._news:
            await self._news.wait_for(found)
        return found()[0]

    async def until_said(self, text: str) -> Any:
        """The event of the message that says this."""
        return await self.until(
            lambda name, data: (
                name == "message.sent" and data["data"]["message"]["body"].get("text") == text
            )
        )

    def seqs(self, stream: str) -> list[int]:
        """Seqs heard of a stream, in order."""
        return [
            data["seq"]
            for name, data in self.told
            if name != "hello" and data.get("stream") == stream
        ]


@dataclass
class Running:
    """`world` runs verbs on the node's own database, past its edges."""

    node: Node
    url: str
    world: World
    telemetry: Telemetry
    _http: httpx.AsyncClient
    _stack: AsyncExitStack
    _sockets: dict[Person, Any] = field(default_factory=dict[Person, Any])

    def token(self, who: Person) -> str:
        return self.world.sessions.issue(who.actor)

    async def request(
        self, who: Person | None, method: str, path: str, body: Any = None
    ) -> httpx.Response:
        """As a program does it: with a bearer token, or with none."""
        return await self.request_by(None if who is None else self.token(who), method, path, body)

    async def request_by(
        self, token: str | None, method: str, path: str, body: Any = None
    ) -> httpx.Response:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        if isinstance(body, Raw):
            return await self._http.request(
                method, path, content=body.content, headers=headers | body.headers
            )
        return await self._http.request(method, path, json=body, headers=headers)

    async def command(self, who: Person, name: str, body: Any) -> Mapping[str, Any]:
        """Ask by socket; the ack."""
        if who not in self._sockets:
            self._sockets[who] = await self.socket(self.token(who))
        return await self._sockets[who].call(name, body, timeout=ACK_SECONDS)

    async def hang_up(self, who: Person) -> None:
        """End the socket that `command` uses."""
        await self._sockets.pop(who).disconnect()

    async def socket(self, token: str | None) -> Any:
        """A connected Socket.IO client. Raises socketio's ConnectionError when it is refused."""
        client: Any = socketio.AsyncClient(reconnection=False, handle_sigint=False)
        self._stack.push_async_callback(client.disconnect)
        auth = None if token is None else {"token": token}
        await client.connect(self.url, auth=auth, **SOCKET)
        return client

    async def listen(self, who: Person, **claims: Any) -> "Listener":
        """A socket that keeps everything it is told, from `hello` on. `claims` go with its token,
        as in `resume=True`."""
        client: Any = socketio.AsyncClient(reconnection=False, handle_sigint=False)
        self._stack.push_async_callback(client.disconnect)
        listener = Listener()
        listener.hang_up = client.disconnect
        client.on("*", listener.hear)
        client.on("disconnect", listener.end)
        auth = {"token": self.token(who), **claims}
        await client.connect(self.url, auth=auth, **SOCKET)
        await listener.until(lambda name, _: name == "hello")
        return listener

    async def refused_socket(self, token: str | None) -> str:
        """The code that a socket is refused with."""
        client: Any = socketio.AsyncClient(reconnection=False, handle_sigint=False)
        refusal: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        client.on("connect_error", refusal.set_result)
        self._stack.push_async_callback(client.disconnect)
        with suppress(ConnectionRefusal):
            await client.connect(self.url, auth={"token": token}, **SOCKET)
        return (await refusal)["data"]["code"]


@asynccontextmanager
async def running_node(
    dsn: str, clock: HandClock, *, seed: int = 1, **settings: str
) -> AsyncGenerator[Running]:
    """`settings` as in TERTULIA_*, without the prefix, in lower case. A second node on one database
    needs another `seed`: it gives names to rows and to the node."""
    ids = SeededIds(clock, seed)
    parts = Parts(
        clock=clock,
        ids=ids,
        telemetry=Telemetry(Build("0", "test", "0", "3")),
        version="0",
        password_memory_kib=64,
    )
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        given = {"secret_key": SECRET, "data_dir": folder, **settings}
        read = load({f"TERTULIA_{name.upper()}": value for name, value in given.items()})
        node = await stack.enter_async_context(open_node(read, dsn, parts))
        host, port = await stack.enter_async_context(
            listen(node.app, node.gateway.uvicorn_options, "127.0.0.1", 0)
        )
        clients = await stack.enter_async_context(AsyncExitStack())
        sessions = Sessions([SECRET], clock)
        world = World(node.db, None, RecordingBus(), clock, ids, sessions)
        url = f"http://{host}:{port}"
        http = await clients.enter_async_context(httpx.AsyncClient(base_url=url))
        yield Running(node, url, world, parts.telemetry, http, clients)
