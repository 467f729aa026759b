"""The gateway: all connections of this process, and what they share."""

import asyncio
import json
import logging
import random
import time
from collections.abc import Awaitable, Callable, Coroutine
from math import ceil
from typing import Any

from .app import App
from .connection import Connection
from .counters import Counters
from .errors import CloseCode
from .frames import TEXT, Frame, frame
from .guard import Guard
from .handshake import Handshake, Refusal
from .heartbeat import Wheel
from .link import Link
from .protocol import SocketProtocol
from .requests import UNKNOWN_TRANSPORT, networks, read_request, refusal_body
from .settings import GatewaySettings
from .topics import Listening, Topics, nobody_cares
from .upgrade import HttpProtocol

log = logging.getLogger(__name__)

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Gateway:
    """Build one for each server process, give uvicorn its `uvicorn_options`, `close` it at the end.

    `clock` (seconds, monotonic) and `uniform` (0..1) are arguments so that tests own time and
    chance. `listening(topic, bool)` hears which topics have listeners here.
    """

    def __init__(
        self,
        app: App,
        settings: GatewaySettings | None = None,
        *,
        listening: Listening = nobody_cares,
        clock: Callable[[], float] = time.monotonic,
        uniform: Callable[[], float] = random.random,
    ) -> None:
        self.app = app
        self.settings = settings or GatewaySettings()
        self.topics = Topics(listening)
        self.counters = Counters()
        self.links: set[Link] = set()
        shortest = min(self.settings.ping_interval, self.settings.ping_timeout)
        self.wheel = Wheel(min(1.0, shortest / 10), clock)
        self._uniform = uniform
        self._trusted = networks(self.settings.trusted_proxies)
        self.guard = Guard(self.settings, self._trusted, clock)
        self.dirty: list[Link] = []
        self.tasks: set[asyncio.Task[None]] = set()
        self._calls = 0
        self._retry_after: float | None = None
        self._settled: asyncio.Event | None = None

    @property
    def uvicorn_options(self) -> dict[str, Any]:
        """`uvicorn.Config(app, **gateway.uvicorn_options)`: HTTP and sockets on one port."""

        def protocol(*, server_state: Any, **_: Any) -> SocketProtocol:
            return SocketProtocol(self, server_state)

        def http(**given: Any) -> HttpProtocol:
            return HttpProtocol(self, **given)

        return {"http": http, "ws": protocol}

    async def asgi(self, scope: Any, receive: Any, send: Send) -> None:
        """What `settings.path` answers to plain HTTP. To be mounted by the HTTP side.

        Long-polling is not served yet; the error is Engine.IO's own, so that clients understand.
        """
        del scope, receive
        body = refusal_body(UNKNOWN_TRANSPORT)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
        ]
        await send({"type": "http.response.start", "status": 400, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def connections(self) -> list[Connection]:
        """Those accepted and not gone."""
        return [link.conn for link in self.links if link.conn and link.conn.connected]

    @property
    def queue_bytes(self) -> int:
        """Bytes waiting for slow readers, all together; walks all connections."""
        return sum(link.waiting for link in self.links)

    async def close(self, *, retry_after: float = 5.0, timeout: float = 8.0) -> None:  # noqa: ASYNC109
        """Send everybody away and wait, at most `timeout` seconds, until nothing is left running.

        Each client is told to come back after its own share of `retry_after` seconds, so that they
        do not all come at once. New sockets get 503 from now on. Handlers still running when the
        time is up are cancelled.
        """
        self._retry_after = retry_after
        self._settled = asyncio.Event()
        for link in tuple(self.links):
            link.close(CloseCode.GOING_AWAY, retry_after=self.come_back_in())
        self._settle()
        try:
            await asyncio.wait_for(self._settled.wait(), timeout)
        except TimeoutError:
            for link in tuple(self.links):
                link.cut()
            for task in tuple(self.tasks):
                task.cancel()
            await asyncio.gather(*self.tasks, return_exceptions=True)
        self.wheel.stop()

    # For the other parts of the gateway

    def judge(self, request: bytes, peer: str) -> Handshake | Refusal:
        """Whether an upgrade request becomes a socket."""
        if self._retry_after is not None or len(self.links) >= self.settings.max_connections:
            wait = str(1 + int(self.come_back_in()))
            return Refusal(503, "Not accepting connections", 3, {"Retry-After": wait})
        judged = read_request(request, peer, self.settings, self._trusted)
        if isinstance(judged, Refusal):
            return judged
        try:
            return self.app.allow(judged) or self._ration(judged) or judged
        except Exception:
            log.exception("the application failed to judge an upgrade")
            self.counters.handler_errors += 1
            return Refusal(500, "Internal error", 3)

    def _ration(self, handshake: Handshake) -> Refusal | None:
        """Too much from one address? Whoever passes owes the guard a `leave` (`Link.settled`)."""
        late = self.guard.wait(handshake.client)
        if late == 0 and self.guard.enter(handshake.client):
            return None
        return Refusal(429, "Too many handshakes", 3, {"Retry-After": str(ceil(late or 10))})

    def open_packet(self, sid: str) -> Frame:
        """Engine.IO "open": what the client must know to agree with us."""
        settings = self.settings
        told: dict[str, object] = {
            "sid": sid,
            "upgrades": [],
            "pingInterval": round(settings.ping_interval * 1000),
            "pingTimeout": round(settings.ping_timeout * 1000),
            "maxPayload": settings.max_payload,
        }
        return frame(TEXT, b"0" + json.dumps(told, separators=(",", ":")).encode())

    def spread(self) -> float:
        """Part of the ping interval before the first ping: keeps a reconnect storm from pulsing."""
        return 0.8 + 0.2 * self._uniform()

    def come_back_in(self) -> float:
        """Seconds after which a client sent away should return."""
        limit = 5.0 if self._retry_after is None else self._retry_after
        return round(limit * self._uniform(), 2)

    def next_call(self) -> int:
        self._calls += 1
        return self._calls

    def opened(self, link: Link) -> None:
        self.links.add(link)
        self.counters.opened += 1

    def closed(self, link: Link) -> None:
        self.links.discard(link)
        self.counters.closed[link.ending or ""] += 1
        self._settle()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def failed(self, where: str, conn: Connection) -> None:
        """An exception left the application. The caller is handling it."""
        self.counters.handler_errors += 1
        log.exception("handler failed", extra={"event_name": where, "connection_id": conn.id})

    def flush_soon(self) -> None:
        """The first link of this turn has something to write; more will follow.

        One turn later than could be: whoever waited for what was just sent (a command for the
        commit that announced it) answers in the turn between, and its ack shares the write.
        """
        loop = asyncio.get_running_loop()
        loop.call_soon(loop.call_soon, self._flush)

    def _flush(self) -> None:
        dirty = tuple(self.dirty)
        self.dirty.clear()
        size = 0
        for link in dirty:
            size += link.flush()
        self.counters.writes += len(dirty)
        self.counters.bytes_out += size

    def _finished(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        self._settle()

    def _settle(self) -> None:
        if self._settled is not None and not self.links and not self.tasks:
            self._settled.set()
