"""A whole node behind a proxy: what an operator has who followed docs/ops/proxies.md."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import socketio
from tests.proxies.fronts import Front, free_port, front
from tests.support.clock import HandClock
from tests.support.node import SOCKET, Running, running_node

NEIGHBOUR = "127.0.0.2"  # somebody who is not the proxy, on the same machine


@dataclass
class House:
    """`neighbour` calls from another address than the proxy does."""

    front: Front
    running: Running
    neighbour: aiohttp.ClientSession

    @property
    def url(self) -> str:
        return self.front.url

    async def socket(self, token: str, **headers: str) -> Any:
        """A socket of the neighbour's through the proxy; to be disconnected by who asked."""
        client: Any = socketio.AsyncClient(
            reconnection=False, handle_sigint=False, http_session=self.neighbour
        )
        await client.connect(self.url, headers=headers, auth={"token": token}, **SOCKET)
        return client

    def addresses(self) -> list[str]:
        """Whom the node takes its sockets for."""
        return [conn.handshake.client for conn in self.running.node.gateway.connections()]

    async def ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Any, aiohttp.ClientResponse]:
        """Status, the answer's JSON, and the answer."""
        asking = self.neighbour.request(
            method, f"{self.url}{path}", json=body, headers=headers or {}
        )
        async with asking as answer:
            return answer.status, await answer.json(content_type=None), answer


@asynccontextmanager
async def open_house(kind: str, dsn: str, clock: HandClock) -> AsyncGenerator[House]:
    port = free_port()
    address = f"https://localhost:{port}"
    async with running_node(dsn, clock, public_url=address, trusted_proxies="127.0.0.1") as running:
        node = int(running.url.rpartition(":")[2])
        async with front(kind, port, [node]) as made:
            way = aiohttp.TCPConnector(ssl=made.trust(), local_addr=(NEIGHBOUR, 0))
            async with aiohttp.ClientSession(connector=way) as neighbour:
                yield House(made, running, neighbour)
