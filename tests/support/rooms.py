"""A server without edges: a migrated database, a clock turned by hand, people and rooms of theirs.

One database serves a whole module of tests; every test makes the people and rooms it needs.
"""

import asyncio
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar, cast
from uuid import UUID

import httpx
import msgspec
import pytest
import pytest_asyncio
from litestar import Request, Router
from litestar.di import Provide
from litestar.exceptions import LitestarDeprecationWarning
from prometheus_client import Counter
from tests.support.database import drop_database, fresh_database

from tertulia.core.actor import Actor
from tertulia.core.bus import LocalBus, Notice
from tertulia.core.db import Database, open_pool
from tertulia.core.errors import AppError, Unauthenticated
from tertulia.core.failpoints import Failpoints
from tertulia.core.http import HttpSettings, Readiness, create_app
from tertulia.core.http.edge import Edge
from tertulia.core.ids import SystemIds
from tertulia.core.limits import Limiter, MemoryBuckets
from tertulia.core.postgres import EmbeddedPostgres
from tertulia.core.streams import account_stream, room_stream
from tertulia.core.telemetry import Build, Telemetry
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.accounts.schemas import ChangeProfile
from tertulia.features.invites import http as invites_http
from tertulia.features.members import http as members_http
from tertulia.features.members import jobs
from tertulia.features.members import service as members
from tertulia.features.members.schemas import Ban
from tertulia.features.rooms import http as rooms_http
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import CreateRoom, Role, RoomKind, Visibility

P = ParamSpec("P")
T = TypeVar("T")
Verb = Callable[Concatenate[Tx, Actor, P], Awaitable[T]]

ROLES: tuple[Role, ...] = ("owner", "moderator", "member", "guest")


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


class Ear(LocalBus):
    """A bus that only remembers."""

    def __init__(self, published: list[Notice]) -> None:
        super().__init__()
        self._published = published

    def publish(self, notice: Notice) -> None:
        self._published.append(notice)


class Heard(NamedTuple):
    """An event as it was published."""

    topic: str
    seq: int
    type: str
    actor: str | None
    data: dict[str, Any]


class Town:
    """Everybody on one server. `published` holds what the bus was given, in order."""

    def __init__(self, dsn: str, pool: Any) -> None:
        self.dsn = dsn
        self.clock = HandClock()
        self.ids = SystemIds(self.clock)
        self.published: list[Notice] = []
        self.db = Database(
            pool,
            bus=Ear(self.published),
            clock=self.clock,
            ids=self.ids,
            reactions=jobs.REACTIONS,
            failpoints=Failpoints(),
        )
        self._numbers = count(1)

    async def write(self, verb: Verb[P, T], actor: Actor, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.db.write(lambda tx: verb(tx, actor, *args, **kwargs))

    async def read(self, verb: Verb[P, T], actor: Actor, *args: P.args, **kwargs: P.kwargs) -> T:
        async with self.db.read() as tx:
            return await verb(tx, actor, *args, **kwargs)

    async def refusal(
        self, verb: Verb[P, object], actor: Actor, *args: P.args, **kwargs: P.kwargs
    ) -> str:
        """The code a verb refuses with; empty when it does what was asked."""
        try:
            await self.write(verb, actor, *args, **kwargs)
        except AppError as error:
            return error.code
        return ""

    async def person(self, name: str = "person") -> Actor:
        """A new account; its username is `name` and a number."""
        account_id, username = self.ids.uuid7(), f"{name}{next(self._numbers)}"

        async def insert(tx: Tx) -> None:
            await tx.conn.execute(
                """
                INSERT INTO accounts (id, username, username_key, display_name, hue,
                    password_hash, role, created_at)
                VALUES ($1, $2, lower($2), $2, 0, '', 'member', $3)
                """,
                account_id,
                username,
                tx.now,
            )
            await tx.open_stream(account_stream(account_id))

        await self.db.write(insert)
        return Actor(account_id=account_id, device_id=self.ids.uuid7())

    async def people(self, number: int) -> list[Actor]:
        return [await self.person() for _ in range(number)]

    async def close_account(self, actor: Actor) -> None:
        async def close(tx: Tx) -> None:
            sql = "UPDATE accounts SET deactivated_at = $2 WHERE id = $1"
            await tx.conn.execute(sql, actor.account_id, tx.now)

        await self.db.write(close)

    async def room(
        self,
        owner: Actor,
        *others: Actor,
        kind: RoomKind = "channel",
        visibility: Visibility = "private",
        name: str | None = "The table",
    ) -> UUID:
        draft = CreateRoom(
            kind=kind,
            visibility=visibility,
            name=None if kind == "direct" else name,
            members=[other.account_id for other in others],
        )
        return (await self.write(rooms.create, owner, draft)).room_id

    async def rename(self, actor: Actor, name: str) -> None:
        await self.write(accounts.change_profile, actor, ChangeProfile(display_name=name))

    async def until_waiting(self, number: int) -> None:
        """Until so many statements in this database wait for other transactions."""
        sql = """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """
        async with asyncio.timeout(5):
            waiting = -1
            while waiting < number:
                async with self.db.read() as tx:
                    waiting = await tx.conn.fetchval(sql)

    async def state(self) -> list[Any]:
        """Everything a verb of rooms can change, to prove that a refused one changed nothing."""
        tables = ("rooms", "members", "invites", "streams", "events")
        async with self.db.read() as tx:
            return [
                await tx.conn.fetch(f"SELECT * FROM {table} AS t ORDER BY t::text")
                for table in tables
            ]

    def heard(self, stream_id: UUID) -> list[Heard]:
        """What was published of a stream so far, in order of `seq`: the bus may turn it round."""
        found: list[Heard] = []
        for notice in self.published:
            if notice.topic.endswith(str(stream_id)):
                envelope = msgspec.json.decode(notice.body)
                found.append(
                    Heard(
                        notice.topic,
                        notice.seq,
                        notice.type,
                        envelope["actor"],
                        envelope["data"],
                    )
                )
        return sorted(found, key=lambda heard: heard.seq)

    def heard_types(self, stream_id: UUID) -> list[str]:
        return [heard.type for heard in self.heard(stream_id)]

    async def roles(self, room_id: UUID) -> dict[UUID, Role]:
        """Who is in a room, as what."""
        async with self.db.read() as tx:
            rows = await tx.conn.fetch(
                "SELECT account_id, role FROM members WHERE room_id = $1 AND status = 'joined'",
                room_id,
            )
        return {row["account_id"]: row["role"] for row in rows}

    async def head(self, room_id: UUID) -> int:
        async with self.db.read() as tx:
            return await tx.conn.fetchval(
                "SELECT head FROM streams WHERE id = $1", room_stream(room_id).id
            )

    async def read_seq(self, room_id: UUID, actor: Actor) -> int:
        async with self.db.read() as tx:
            return await tx.conn.fetchval(
                "SELECT read_seq FROM members WHERE room_id = $1 AND account_id = $2",
                room_id,
                actor.account_id,
            )


class Cast(NamedTuple):
    """A room with one of each, and those outside it."""

    room_id: UUID
    owner: Actor
    moderator: Actor
    member: Actor
    guest: Actor
    outsider: Actor
    ex_member: Actor
    banned: Actor
    bystander: Actor  # another member, for others to act upon

    def play(self, part: str) -> Actor:
        return getattr(self, part)


PARTS = ("outsider", "ex_member", "banned", "guest", "member", "moderator", "owner")


async def assemble(
    town: Town, *, kind: RoomKind = "channel", visibility: Visibility = "private"
) -> Cast:
    owner, moderator, member, guest, outsider, ex_member, banned, bystander = await town.people(8)
    room_id = await town.room(
        owner,
        moderator,
        member,
        guest,
        ex_member,
        banned,
        bystander,
        kind=kind,
        visibility=visibility,
    )
    roles: list[tuple[Actor, Role]] = [(moderator, "moderator"), (guest, "guest")]
    for actor, role in roles:
        await town.write(members.change_role, owner, room_id, actor.account_id, role)
    await town.write(members.leave, ex_member, room_id)
    await town.write(members.ban, owner, room_id, Ban(account_id=banned.account_id))
    return Cast(room_id, owner, moderator, member, guest, outsider, ex_member, banned, bystander)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(cluster: EmbeddedPostgres) -> AsyncIterator[Town]:
    dsn = await fresh_database(cluster)
    town = Town(dsn, await open_pool(dsn))
    yield town
    await town.db.close()
    await drop_database(cluster, dsn)


@pytest.fixture
def edge(town: Town) -> Edge:
    """The routes of rooms, members and invites. Who calls is believed: accounts prove that."""
    telemetry = Telemetry(Build("0", "test", "0", "3"))
    refused = Counter("refused", "by bucket", ["bucket"], registry=None)
    parts: dict[str, Any] = {
        "db": town.db,
        "limiter": Limiter(MemoryBuckets(town.clock), refused),
        "public_url": "https://t.example",
    }
    given = {name: Provide(_constant(part), sync_to_thread=False) for name, part in parts.items()}
    with warnings.catch_warnings():
        # Routes name their dependencies the way Litestar 2 infers; 3 will want them marked.
        warnings.simplefilter("ignore", LitestarDeprecationWarning)
        return create_app(
            routes=[
                Router("/api/v1", route_handlers=rooms_http.ROUTES),
                *members_http.ROUTES,
                *invites_http.ROUTES,
            ],
            settings=HttpSettings(public_url="https://t.example"),
            telemetry=telemetry,
            readiness=Readiness([], telemetry, town.clock),
            clock=town.clock,
            ids=town.ids,
            dependencies={**given, "actor": Provide(_believed, sync_to_thread=False)},
        )


def _constant(part: Any) -> Callable[[], Any]:
    return lambda: part


def _believed(request: Request[Any, Any, Any]) -> Actor:
    account_id = request.headers.get("x-account")
    if account_id is None:
        raise Unauthenticated
    return Actor(account_id=UUID(account_id), device_id=UUID(account_id))


def caller(edge: Edge, actor: Actor | None = None) -> httpx.AsyncClient:
    """A program that calls in somebody's name, or in nobody's."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=cast("Any", edge)),
        base_url="https://t.example/api/v1",
        headers={"x-account": str(actor.account_id)} if actor else {},
    )
