"""A client that speaks Engine.IO by HTTP and says exactly what it is told."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from tests.core.gateway.stage import WAIT, Stage

from tertulia.core.gateway.polling import Polling


@dataclass
class Polls:
    http: aiohttp.ClientSession
    url: str
    headers: dict[str, str]
    open: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def sid(self) -> str:
        return self.open["sid"]

    async def ask(self, method: str, data: bytes | None = None, **headers: str) -> tuple[int, str]:
        """Status and body of one request."""
        async with asyncio.timeout(WAIT), self.request(method, data, **headers) as answer:
            return answer.status, await answer.text()

    def request(self, method: str, data: bytes | None = None, **headers: str) -> Any:
        named = {"Content-Type": "text/plain"} | self.headers | headers
        return self.http.request(
            method, f"{self.url}&transport=polling&sid={self.sid}", data=data, headers=named
        )

    async def poll(self) -> list[str]:
        status, body = await self.ask("GET")
        assert status == 200, body
        return body.split("\x1e")

    async def say(self, *packets: str) -> None:
        assert await self.ask("POST", "\x1e".join(packets).encode()) == (200, "ok")

    async def handshake(self) -> "Polls":
        async with self.http.get(f"{self.url}&transport=polling", headers=self.headers) as answer:
            body = await answer.text()
            assert answer.status == 200, body
            assert body[0] == "0"
            self.open = json.loads(body[1:])
        return self

    async def connect(self) -> "Polls":
        await self.say("40")
        (answer,) = await self.poll()
        assert answer.startswith("40{")
        return self

    @contextlib.asynccontextmanager
    async def upgrade(self) -> AsyncGenerator[aiohttp.ClientWebSocketResponse]:
        """The WebSocket that would take over; nothing has been said on it."""
        async with self.http.ws_connect(
            f"{self.url}&transport=websocket&sid={self.sid}", headers=self.headers
        ) as ws:
            yield ws


@contextlib.asynccontextmanager
async def polling(gate: Stage, **headers: str) -> AsyncGenerator[Polls]:
    """A session by polling, connected to nothing yet."""
    async with aiohttp.ClientSession() as http:
        client = await Polls(http, f"{gate.url}/socket.io/?EIO=4", headers).handshake()
        yield client
        session = gate.gateway.sessions.get(client.sid)
        if session is not None:  # nobody should wait until it asks once more
            session.carrier.cut()


def carrier(gate: Stage) -> Polling:
    """Of the only session there is."""
    (session,) = gate.gateway.links
    assert isinstance(session.carrier, Polling)
    return session.carrier


def waits(gate: Stage) -> bool:
    return carrier(gate).is_polled
