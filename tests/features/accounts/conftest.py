"""Accounts behind their real HTTP edge, on a real database, with a clock and people.

To be replaced by the fixtures of tests/conftest.py where they do the same.
"""

import warnings
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from litestar import Router
from litestar.di import Provide
from litestar.exceptions import LitestarDeprecationWarning
from prometheus_client import Counter

from tertulia.core.bus import LocalBus, Notice
from tertulia.core.cookies import SessionCookies
from tertulia.core.db import Database, open_pool
from tertulia.core.failpoints import Failpoints
from tertulia.core.http import HttpSettings, Readiness, create_app
from tertulia.core.http.edge import Edge
from tertulia.core.ids import SystemIds
from tertulia.core.limits import Limiter, MemoryBuckets
from tertulia.core.passwords import Passwords
from tertulia.core.sessions import Sessions
from tertulia.core.telemetry import Build, Telemetry
from tertulia.core.tx import Tx
from tertulia.features.accounts import http, jobs
from tertulia.features.accounts.service import Rules
from tertulia.features.rooms import http as rooms_http

SECRET = "a secret of the tests, long enough to be one"
PASSWORD = "olive branches at dusk"
GOOD_INVITE = "good-invite"
STRANGE_ADDRESS = "198.51.100.7"


class HandClock:
    """Time goes on when a test says so."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.pass_(seconds=seconds)

    def pass_(self, **time: float) -> None:
        self.at += timedelta(**time)


class CountingPasswords(Passwords):
    """Cheap, and it remembers what work was asked of it."""

    def __init__(self) -> None:
        super().__init__(cores=2, memory_kib=64)
        self.verified: list[str] = []
        self.hashed = 0

    async def verify(self, stored: str | None, password: str, *, known: bool = False) -> bool:
        self.verified.append("stored" if stored else "nobody")
        return await super().verify(stored, password, known=known)

    async def hash(self, password: str, *, known: bool = False) -> str:
        self.hashed += 1
        return await super().hash(password, known=known)


class EarBus(LocalBus):
    """Hears everything that is published, subscribed to or not."""

    def __init__(self, heard: list[Notice]) -> None:
        super().__init__()
        self.heard = heard

    def publish(self, notice: Notice) -> None:
        self.heard.append(notice)
        super().publish(notice)


@dataclass
class World:
    """One server. `rules` may be changed before a request; `published` is what others heard."""

    db: Database
    pool: Any
    clock: HandClock
    sessions: Sessions
    passwords: CountingPasswords
    rules: Rules
    cookies: SessionCookies
    published: list[Notice] = field(default_factory=list[Notice])
    ended: list[UUID] = field(default_factory=list[UUID])
    armed: dict[str, Callable[[], None]] = field(default_factory=dict[str, Callable[[], None]])
    app: Edge | None = None
    names: Any = field(default_factory=lambda: count(1))

    def browser(self, address: str = "127.0.0.1", **headers: str) -> "Client":
        base = "https://tertulia.example"
        headers = {"x-tertulia-client": "web", "origin": base} | headers
        return Client(self, address, base, headers)

    def program(self, address: str = "127.0.0.1", **headers: str) -> "Client":
        return Client(self, address, "https://tertulia.example", headers)

    async def person(self, username: str | None = None) -> "Client":
        """A program with a new account, signed in."""
        client = self.program()
        await client.register(username or f"person{next(self.names)}")
        return client


class Client:
    """A browser (keeps cookies) or a program (keeps tokens)."""

    def __init__(self, world: World, address: str, base: str, headers: dict[str, str]) -> None:
        assert world.app is not None
        transport = httpx.ASGITransport(app=world.app, client=(address, 40000))  # type: ignore[arg-type]
        self.http = httpx.AsyncClient(transport=transport, base_url=base, headers=headers)
        self.session: dict[str, Any] = {}

    @property
    def account_id(self) -> UUID:
        return UUID(self.session["account"]["id"])

    @property
    def device_id(self) -> UUID:
        return UUID(self.session["device_id"])

    async def call(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return await self.http.request(method, f"/api/v1/{path}", json=body)

    async def register(self, username: str = "bruno", **more: Any) -> httpx.Response:
        body = {"username": username, "password": PASSWORD, **more}
        return self.remember(await self.call("POST", "auth/register", body))

    async def login(self, username: str, password: str = PASSWORD) -> httpx.Response:
        body = {"username": username, "password": password}
        return self.remember(await self.call("POST", "auth/login", body))

    async def refresh(self, token: str | None = None) -> httpx.Response:
        if token is None:
            token = self.session.get("refresh_token")
        body = {} if token is None else {"refresh_token": token}
        return self.remember(await self.call("POST", "auth/refresh", body))

    def remember(self, response: httpx.Response) -> httpx.Response:
        if response.is_success:
            self.session = response.json()
            if "x-tertulia-client" not in self.http.headers:
                self.http.headers["authorization"] = "Bearer " + self.session["access_token"]
        return response


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest_asyncio.fixture(loop_scope="session")
async def world(dsn: str, clock: HandClock) -> AsyncIterator[World]:
    ids = SystemIds(clock)
    sessions = Sessions([SECRET], clock)
    passwords = CountingPasswords()
    ended: list[UUID] = []

    def end(device_id: UUID) -> None:
        sessions.revoke(device_id)
        ended.append(device_id)

    published: list[Notice] = []
    bus = EarBus(published)
    armed: dict[str, Callable[[], None]] = {"never": lambda: None}
    pool = await open_pool(dsn, size=8)
    db = Database(
        pool,
        bus=bus,
        clock=clock,
        ids=ids,
        reactions=jobs.reactions(end),
        failpoints=Failpoints(armed),
    )
    world = World(
        db=db,
        pool=pool,
        clock=clock,
        sessions=sessions,
        passwords=passwords,
        rules=Rules(registration="open", setup_token=None, version="0", max_text_length=8000),
        cookies=SessionCookies(secure=True),
        published=published,
        ended=ended,
        armed=armed,
    )
    with warnings.catch_warnings():
        # Routes name their dependencies the way Litestar 2 infers; 3 will want them marked.
        warnings.simplefilter("ignore", LitestarDeprecationWarning)
        world.app = _app(world, ids)
    yield world
    await db.close()
    passwords.close()


async def redeem(tx: Any, actor: Any, code: str) -> None:
    """Rooms are above accounts: tests/features/invites follows a real link."""
    del tx, actor, code


async def admit(_tx: Tx, code: str) -> bool:
    return code == GOOD_INVITE


def _app(world: World, ids: SystemIds) -> Edge:
    telemetry = Telemetry(Build("0", "test", "0", "3"))
    refused = Counter("refused", "by bucket", ["bucket"], registry=None)
    limiter = Limiter(MemoryBuckets(world.clock), refused)
    provided: dict[str, Any] = {
        "db": world.db,
        "sessions": world.sessions,
        "passwords": world.passwords,
        "limiter": limiter,
        "session_cookies": world.cookies,
        "admit": admit,
        "redeem": redeem,
    }
    dependencies = {name: _constant(value) for name, value in provided.items()}
    return create_app(
        # The directory is served above: it asks who shares a room with whom.
        routes=[*http.ROUTES, Router("/api/v1", route_handlers=[rooms_http.find_people])],
        settings=HttpSettings(public_url="https://tertulia.example"),
        telemetry=telemetry,
        readiness=Readiness([], telemetry, world.clock),
        clock=world.clock,
        ids=ids,
        dependencies=dependencies
        | {
            "rules": Provide(lambda: world.rules, sync_to_thread=False),
            "actor": Provide(http.provide_actor, sync_to_thread=False),
        },
    )


def _constant(value: Any) -> Provide:
    return Provide(lambda: value, sync_to_thread=False, use_cache=True)
