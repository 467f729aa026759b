"""The Engine.IO server: all sessions of this process, and what they share."""

import asyncio
import json
import logging
import random
import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Sequence
from math import ceil
from typing import Any, Protocol

from . import http
from .counters import Counters
from .errors import CloseCode
from .forward import Forwarding
from .frames import TEXT, Frame, frame
from .guard import Guard
from .handshake import Handshake, Refusal
from .heartbeat import Wheel
from .polling import Polling
from .protocol import SocketProtocol
from .requests import UNKNOWN_SID, networks, read_upgrade
from .session import Session
from .settings import GatewaySettings
from .tunnel import Tunnel
from .upgrade import HttpProtocol

log = logging.getLogger(__name__)

SID_BYTES = 15
SID_CHARS = 20
"""Of them in URL-safe base64: 120 random bits behind the name of the node."""


class Peers(Protocol):
    """Where the other processes are that clients may have begun a session with."""

    async def find(self, node: str) -> tuple[str, int] | None:
        """Host and port of that node's own listener; None if there is no such node."""
        ...


def uvicorn_options(*engines: "Engine") -> dict[str, Any]:
    """The same for several on one port, each at its `settings.path`. The first one's settings and
    guard are those of the HTTP connections."""

    def socket(*, server_state: Any, **_: Any) -> SocketProtocol:
        return SocketProtocol(engines, server_state)

    def http_protocol(**given: Any) -> HttpProtocol:
        return HttpProtocol(engines[0], **given)

    return {"http": http_protocol, "ws": socket}


class Engine(ABC):
    """`Gateway` is the one that speaks Socket.IO.

    `node`: the beginning of the session ids given out here, so that every process knows whose they
    are; `clock` (seconds, monotonic) and `uniform` (0..1) are arguments so that tests own time and
    chance.
    """

    def __init__(
        self,
        settings: GatewaySettings | None = None,
        *,
        node: str = "",
        peers: Peers | None = None,
        clock: Callable[[], float] = time.monotonic,
        uniform: Callable[[], float] = random.random,
    ) -> None:
        self.settings = settings or GatewaySettings()
        self.node = node
        self.peers = peers
        self.counters = Counters()
        self.links: set[Session] = set()
        self.sessions: dict[str, Session] = {}
        """By session id those that began by polling, also after a WebSocket took them over."""
        shortest = min(self.settings.ping_interval, self.settings.ping_timeout)
        self.wheel = Wheel(min(1.0, shortest / 10), clock)
        self.trusted = networks(self.settings.trusted_proxies)
        self.guard = Guard(self.settings, self.trusted, clock)
        self.dirty: list[Session] = []
        self.tasks: set[asyncio.Task[None]] = set()
        self.tunnels: set[Tunnel] = set()
        """Sockets here whose sessions are another node's."""
        self.leaving = asyncio.Event()
        """Set once `close` has begun."""
        self._uniform = uniform
        self._retry_after: float | None = None
        self._settled: asyncio.Event | None = None

    @abstractmethod
    def allow(self, handshake: Handshake) -> Refusal | None:
        """May it open a session?"""

    @abstractmethod
    def new_session(self, handshake: Handshake) -> Session:
        """One that has not been opened yet."""

    @property
    def uvicorn_options(self) -> dict[str, Any]:
        """`uvicorn.Config(app, **gateway.uvicorn_options)`: HTTP and sockets on one port."""
        return uvicorn_options(self)

    async def asgi(self, scope: Any, receive: Any, send: Any) -> None:
        """Long-polling, at `settings.path`. To be mounted by the HTTP side."""
        await http.serve(self, scope, receive, send)

    @property
    def queue_bytes(self) -> int:
        """Bytes waiting for slow readers, all together; walks all sessions."""
        return sum(link.waiting for link in self.links)

    @property
    def polling(self) -> int:
        """Sessions that live by polling now; walks those that ever did."""
        return sum(isinstance(session.carrier, Polling) for session in self.sessions.values())

    async def close(self, *, retry_after: float = 5.0, timeout: float = 8.0) -> None:  # noqa: ASYNC109
        """Send everybody away and wait, at most `timeout` seconds, until nothing is left running.

        Each client is told to come back after its own share of `retry_after` seconds, so that they
        do not all come at once. Whoever waits for answers gets them first, for half of the time;
        handlers still running when all of it is up are cancelled. New sessions get 503 from now on.
        """
        self._retry_after = retry_after
        self._settled = asyncio.Event()
        self.leaving.set()
        for tunnel in tuple(self.tunnels):
            tunnel.close(CloseCode.GOING_AWAY, self.come_back_in())
        for link in tuple(self.links):
            if not link.is_busy():
                self.send_away(link)
        self._settle()
        try:
            if not await self._settles_in(timeout / 2):
                for link in tuple(self.links):
                    self.send_away(link)
                if not await self._settles_in(timeout / 2):
                    await self._cut_all()
        finally:
            self.wheel.stop()

    async def _settles_in(self, seconds: float) -> bool:
        settled = self._settled
        assert settled is not None
        try:
            await asyncio.wait_for(settled.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _cut_all(self) -> None:
        for tunnel in tuple(self.tunnels):
            tunnel.cut()
        for link in tuple(self.links):
            link.carrier.cut()
        for task in tuple(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def forwarding(self, app: Any) -> Forwarding:
        """The ASGI application around all of `app`, in which `asgi` is mounted: polls of sessions
        that other nodes own go there (see `peers`)."""
        return Forwarding(self, app)

    # For the other parts of the gateway

    @property
    def is_full(self) -> bool:
        return len(self.links) + len(self.tunnels) >= self.settings.max_connections

    def judge_upgrade(self, request: bytes, peer: str) -> Handshake | Refusal:
        """Whether an upgrade request becomes a socket: of a new session, or of the one it names."""
        judged = read_upgrade(request, peer, self.settings, self.trusted)
        if isinstance(judged, Refusal):
            return judged
        sid = judged.query.get("sid")
        if sid is None:
            return self.judge(judged) or judged
        return judged if sid in self.sessions else UNKNOWN_SID

    def judge(self, handshake: Handshake) -> Refusal | None:
        """Why a well-formed request does not open a session; None if it does."""
        if self._retry_after is not None or self.is_full:
            wait = str(1 + int(self.come_back_in()))
            return Refusal(503, "Not accepting connections", 3, {"Retry-After": wait})
        try:
            return self.allow(handshake) or self._ration(handshake)
        except Exception:
            log.exception("the application failed to judge a handshake")
            self.counters.handler_errors += 1
            return Refusal(500, "Internal error", 3)

    def _ration(self, handshake: Handshake) -> Refusal | None:
        """Too much from one address? Whoever passes owes the guard a `leave` (`Link.settled`)."""
        late = self.guard.wait(handshake.client)
        if late == 0 and self.guard.enter(handshake.client):
            return None
        return Refusal(429, "Too many handshakes", 3, {"Retry-After": str(ceil(late or 10))})

    def new_sid(self) -> str:
        return self.node + secrets.token_urlsafe(SID_BYTES)

    def owner_of(self, sid: str) -> str | None:
        """The node part of another node's session id; None if it is ours, or no id at all."""
        node = sid[:-SID_CHARS]
        return node if self.node and node != self.node and len(node) == len(self.node) else None

    def open_packet(self, sid: str, upgrades: list[str]) -> Frame:
        """Engine.IO "open": what the client must know to agree with us."""
        settings = self.settings
        told: dict[str, object] = {
            "sid": sid,
            "upgrades": upgrades,
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

    def opened(self, session: Session) -> None:
        self.links.add(session)
        self.counters.opened += 1

    def closed(self, session: Session) -> None:
        self.links.discard(session)
        self.sessions.pop(session.sid, None)
        self.counters.closed[session.ending or ""] += 1
        self._settle()

    def send_away(self, session: Session) -> None:
        session.close(CloseCode.GOING_AWAY, retry_after=self.come_back_in())

    def dug(self, tunnel: Tunnel) -> None:
        self.tunnels.add(tunnel)

    def filled(self, tunnel: Tunnel) -> None:
        self.tunnels.discard(tunnel)
        self._settle()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def push(self, sessions: Sequence[Session], frame: Frame, volatile: bool = False) -> int:
        """One frame to many that are not ending; how many took it.

        `Session.push` without a call for each that has nothing queued, which in a broadcast are
        nearly all: half the cost of queueing.
        """
        dirty, size, refused = self.dirty, len(frame), 0
        is_huge = size > self.settings.outbox_limit
        if not dirty:
            self.flush_soon()
        for session in sessions:
            if session.outbox is not None or session.paused or is_huge:
                refused += not session.push(frame, volatile)
            else:
                session.outbox = frame
                session.queued = size
                dirty.append(session)
        return len(sessions) - refused

    def flush_soon(self) -> None:
        """The first session of this turn has something to write; more will follow.

        One turn later than could be: whoever waited for what was just sent (a command for the
        commit that announced it) answers in the turn between, and its ack shares the write.
        """
        loop = asyncio.get_running_loop()
        loop.call_soon(loop.call_soon, self._flush)

    def _flush(self) -> None:
        dirty = tuple(self.dirty)
        self.dirty.clear()
        size = 0
        for session in dirty:
            size += session.carrier.flush()
        self.counters.writes += len(dirty)
        self.counters.bytes_out += size

    def _finished(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        self._settle()

    def _settle(self) -> None:
        left = self.links or self.tasks or self.tunnels
        if self._settled is not None and not left:
            self._settled.set()
