"""Two gateways that know each other, and a splitter that sends each connection where it likes."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import socketio  # pyright: ignore[reportMissingTypeStubs]
from tests.core.gateway.stage import WAIT, Stage, until

from tertulia.core.gateway import Gateway, GatewaySettings
from tertulia.core.gateway.polling import Polling
from tertulia.core.serving import listen

ANNA, BEN = "anna-001", "ben--002"


@dataclass
class Registry:
    """`Peers` that a test fills."""

    addresses: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    asked: list[str] = field(default_factory=list[str])

    async def find(self, node: str) -> tuple[str, int] | None:
        self.asked.append(node)
        return self.addresses.get(node)


@dataclass
class Splitter:
    """A balancer that knows no sessions. `choose(n)`: which of `backs` gets connection n."""

    backs: list[tuple[str, int]]
    choose: Callable[[int], int] = lambda number: number % 2
    port: int = 0
    count: int = 0
    under_way: set[asyncio.Task[Any]] = field(default_factory=set[asyncio.Task[Any]])

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._carry(reader, writer))
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)

    async def close(self) -> None:
        for task in self.under_way:
            task.cancel()
        await asyncio.gather(*self.under_way, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back = self.backs[self.choose(self.count)]
        self.count += 1
        try:
            far_reader, far_writer = await asyncio.open_connection(*back)
            await asyncio.gather(_pipe(reader, far_writer), _pipe(far_reader, writer))
        except OSError:
            return
        finally:
            writer.transport.abort()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
        writer.close()
    except BaseException:
        writer.transport.abort()
        raise


@dataclass
class Crossroads:
    anna: Stage
    ben: Stage
    registry: Registry
    splitter: Splitter
    stacks: dict[str, AsyncExitStack]

    async def kill(self, node: str) -> None:
        """Its sockets are gone from one moment to the next."""
        this = self.anna if node == ANNA else self.ben
        for link in tuple(this.gateway.links):
            link.carrier.cut()
        for tunnel in tuple(this.gateway.tunnels):
            tunnel.cut()
        await self.stacks[node].aclose()

    @asynccontextmanager
    async def client(
        self, transports: list[str] | None = None, **options: Any
    ) -> AsyncGenerator[Any]:
        """python-socketio with default options: polling first. A connection for each request, as
        behind a proxy that spreads requests."""
        connector = aiohttp.TCPConnector(force_close=True)
        async with aiohttp.ClientSession(connector=connector) as http:
            given: dict[str, Any] = {"reconnection": False, "handle_sigint": False, **options}
            client: Any = socketio.AsyncClient(http_session=http, **given)
            try:
                await client.connect(self.splitter.url, transports=transports, wait_timeout=WAIT)
                yield client
            finally:
                await client.shutdown()


async def _open(
    stack: AsyncExitStack, node: str, registry: Registry, settings: dict[str, Any]
) -> Stage:
    this = Stage()
    this.gateway = Gateway(this, GatewaySettings(**settings), node=node, peers=registry)
    stack.push_async_callback(this.gateway.close, timeout=1)
    app = this.gateway.forwarding(this.gateway.asgi)
    address = await stack.enter_async_context(
        listen(app, this.gateway.uvicorn_options, "127.0.0.1", 0)
    )
    # Said goodbye before the server stops.
    stack.push_async_callback(this.gateway.close, timeout=1)
    this.port = address[1]
    registry.addresses[node] = address
    return this


@asynccontextmanager
async def crossroads(**settings: Any) -> AsyncGenerator[Crossroads]:
    registry = Registry()
    async with AsyncExitStack() as anna, AsyncExitStack() as ben, AsyncExitStack() as outside:
        first = await _open(anna, ANNA, registry, settings)
        second = await _open(ben, BEN, registry, settings)
        splitter = Splitter([registry.addresses[ANNA], registry.addresses[BEN]])
        server = await asyncio.start_server(splitter.accept, "127.0.0.1", 0)
        outside.push_async_callback(splitter.close)
        outside.callback(server.close)
        splitter.port = server.sockets[0].getsockname()[1]
        yield Crossroads(first, second, registry, splitter, {ANNA: anna, BEN: ben})


class Poller:
    """A polling client that says which node each request goes to."""

    def __init__(self, http: aiohttp.ClientSession, roads: Crossroads) -> None:
        self.http = http
        self.roads = roads
        self.sid = ""

    def url(self, node: str) -> str:
        host, port = self.roads.registry.addresses[node]
        query = f"EIO=4&transport=polling{'&sid=' if self.sid else ''}{self.sid}"
        return f"http://{host}:{port}/socket.io/?{query}"

    async def begin(self, node: str) -> None:
        self.sid = json.loads((await self.get(node))[1][1:])["sid"]

    async def get(self, node: str, **headers: str) -> tuple[int, str]:
        async with self.http.get(self.url(node), headers=headers) as answer:
            return answer.status, await answer.text()

    async def post(self, node: str, text: str | AsyncIterator[bytes]) -> tuple[int, str]:
        plain = {"Content-Type": "text/plain;charset=UTF-8"}
        async with self.http.post(self.url(node), data=text, headers=plain) as answer:
            return answer.status, await answer.text()


async def is_waiting(roads: Crossroads) -> None:
    """A poll has reached Anna."""
    (session,) = roads.anna.gateway.links
    await until(lambda: isinstance(session.carrier, Polling) and session.carrier.is_polled)
