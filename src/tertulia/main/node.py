"""One node: everything that serves people from one database. Two fit in one process."""

import asyncio
import os
import random
from collections.abc import AsyncGenerator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

import structlog
from litestar.di import Provide
from litestar.types import ASGIApp

from tertulia.core.admission import Admission
from tertulia.core.bus import Bus, LocalBus, LocalHub
from tertulia.core.bus.remote import RedisBus
from tertulia.core.clock import Clock
from tertulia.core.config import Settings
from tertulia.core.cookies import SessionCookies
from tertulia.core.db import POOL_SIZE, Database, open_pool, translate
from tertulia.core.errors import AppError
from tertulia.core.failpoints import Failpoints
from tertulia.core.followers import Followers
from tertulia.core.gateway import Gateway, GatewaySettings
from tertulia.core.gathering import Gathering
from tertulia.core.grouping import Grouping
from tertulia.core.http import Check, HttpSettings, Readiness, create_app
from tertulia.core.http.origin import origin_of
from tertulia.core.ids import Ids
from tertulia.core.images import Studio
from tertulia.core.jobs import TOPIC, Jobs
from tertulia.core.limits import (
    BucketStore,
    Limiter,
    MemoryBuckets,
    RedisBuckets,
    SharedBuckets,
)
from tertulia.core.nodes import Nodes, new_node_id
from tertulia.core.outbound import Outbound
from tertulia.core.passwords import MEMORY_KIB, Passwords
from tertulia.core.redis import RedisClient, open_redis
from tertulia.core.sessions import Sessions
from tertulia.core.signing import Links
from tertulia.core.telemetry import Telemetry, watch_loop
from tertulia.core.telemetry.bus import BusCollector
from tertulia.features.accounts import http as accounts_http
from tertulia.features.accounts import jobs as accounts_jobs
from tertulia.features.accounts.service import Rules
from tertulia.features.integrations.http import find_bot
from tertulia.features.invites import service as invites
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import MAX_TEXT
from tertulia.features.messages.service import Outgoing, Sent
from tertulia.features.presence.live import Here
from tertulia.features.receipts.live import Due
from tertulia.features.sync import service as sync
from tertulia.main import api_examples, wiring
from tertulia.main.background import hook_key, make_jobs, make_outbound, run_jobs
from tertulia.main.live import Live
from tertulia.main.premises import exports_folder

EXPIRY_SECONDS = 300.0  # between looks for devices whose time is up
REVOCATION_SECONDS = 1.0  # between looks for devices signed out on other nodes

MISSED_AT_ONCE = 64  # rooms' events of one statement after another: nobody waits for many others

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a node is given from outside: tests bring their own clock, dice, wire and traps."""

    clock: Clock
    ids: Ids
    telemetry: Telemetry
    version: str
    hub: LocalHub = field(default_factory=LocalHub)
    failpoints: Failpoints = field(default_factory=Failpoints)
    static: Path | None = None
    kept_assets: Path | None = None
    setup_token: str | None = None
    password_memory_kib: int = MEMORY_KIB
    node_id: str | None = None
    pool_size: int = POOL_SIZE


@dataclass(frozen=True)
class Node:
    app: ASGIApp
    gateway: Gateway
    db: Database
    limiter: Limiter
    rules: Rules
    readiness: Readiness
    nodes: Nodes
    jobs: Jobs


@dataclass(frozen=True, kw_only=True)
class _Ground:
    """What edges and loops of a node share."""

    redis: RedisClient | None
    nodes: Nodes
    bus: Bus
    db: Database
    sessions: Sessions
    session_cookies: SessionCookies
    passwords: Passwords
    limiter: Limiter
    admission: Admission
    sending: Grouping[Outgoing, Sent]
    here: Here
    receipts: Due
    rules: Rules
    readiness: Readiness


@asynccontextmanager
async def open_node(settings: Settings, dsn: str, parts: Parts) -> AsyncGenerator[Node]:
    """Build a node on a migrated database; close it in the opposite order."""
    async with AsyncExitStack() as stack:
        ground = await _lay_ground(stack, settings, dsn, parts)
        outbound = make_outbound(settings, parts.version)
        jobs = make_jobs(
            ground.db,
            parts.clock,
            parts.ids,
            parts.telemetry,
            at_once=settings.job_concurrency,
            exports=exports_folder(settings),
            outbound=outbound,
            hook_key=hook_key(settings),
        )
        live = _live(settings, parts, ground, jobs)
        app = live.gateway.forwarding(_app(settings, parts, ground, live, outbound))
        await _load_revoked(ground.db, ground.sessions)
        for work in (
            *live.loops(),
            _follow(settings, ground.db, parts),
            watch_loop(parts.telemetry, parts.clock),
            _watch_revoked(ground.db, ground.sessions, parts.clock),
            _expire_devices(ground.db, parts.clock),
            ground.nodes.stay(),
        ):
            _own(stack, work)
        if settings.jobs == "on":
            _own(stack, run_jobs(jobs, ground.bus))
        stack.push_async_callback(jobs.close)
        stack.push_async_callback(live.close)
        yield Node(
            app=app,
            gateway=live.gateway,
            db=ground.db,
            limiter=ground.limiter,
            rules=ground.rules,
            readiness=ground.readiness,
            nodes=ground.nodes,
            jobs=jobs,
        )


async def _lay_ground(stack: AsyncExitStack, settings: Settings, dsn: str, parts: Parts) -> _Ground:
    clock, telemetry = parts.clock, parts.telemetry
    redis = None if settings.redis_url is None else open_redis(settings.redis_url.value)
    if redis is not None:
        stack.push_async_callback(redis.aclose)
    nodes = Nodes(redis, clock, parts.node_id or new_node_id(parts.ids))
    stack.push_async_callback(nodes.leave)
    checks: list[Check] = []
    bus = _bus(settings, parts, nodes.id, checks)
    stack.push_async_callback(bus.close)
    sessions = Sessions([settings.secret_key.value], clock)
    receipts = Due()
    db = Database(
        await open_pool(dsn, size=parts.pool_size),
        bus=bus,
        clock=clock,
        ids=parts.ids,
        reactions=wiring.reactions(accounts_jobs.reactions(sessions.revoke), receipts.reactions()),
        failpoints=parts.failpoints,
    )
    stack.push_async_callback(db.close)
    passwords = Passwords(cores=os.cpu_count() or 1, memory_kib=parts.password_memory_kib)
    stack.callback(passwords.close)
    here = Here()
    sending = Grouping[Outgoing, Sent](db, partial(messages.send_all, present=here))
    stack.push_async_callback(sending.close)
    return _Ground(
        redis=redis,
        nodes=nodes,
        bus=bus,
        db=db,
        sessions=sessions,
        session_cookies=SessionCookies(secure=settings.public_url.startswith("https:")),
        passwords=passwords,
        limiter=Limiter(_buckets(redis, clock, telemetry), telemetry.rate_limited),
        admission=Admission(
            boot=settings.boot_rate,
            resume=settings.resume_rate,
            clock=clock,
            uniform=random.random,
        ),
        sending=sending,
        here=here,
        receipts=receipts,
        rules=Rules(
            registration=settings.registration,
            setup_token=parts.setup_token,
            version=parts.version,
            max_text_length=MAX_TEXT,
        ),
        readiness=Readiness([Check("database", _probe(db), vital=True), *checks], telemetry, clock),
    )


def _bus(settings: Settings, parts: Parts, node_id: str, checks: list[Check]) -> Bus:
    """Over Redis where there is one. It is not vital: the log makes up for what it loses."""
    if settings.redis_url is None:
        return LocalBus(parts.hub)
    bus = RedisBus(settings.redis_url.value, settings.secret_key.value, node_id, parts.clock)
    checks.append(Check("redis", bus.probe))
    parts.telemetry.registry.register(BusCollector(bus))
    return bus


def _buckets(redis: RedisClient | None, clock: Clock, telemetry: Telemetry) -> BucketStore:
    if redis is None:
        return MemoryBuckets(clock)
    return SharedBuckets(RedisBuckets(redis), clock, telemetry.registry)


def _live(settings: Settings, parts: Parts, ground: _Ground, jobs: Jobs) -> Live:
    live = Live(
        settings=GatewaySettings(
            trusted_proxies=tuple(str(network) for network in settings.trusted_proxies)
        ),
        origins=_origins(settings),
        admission=ground.admission,
        db=ground.db,
        bus=ground.bus,
        receipts=ground.receipts,
        clock=parts.clock,
        sessions=ground.sessions,
        session_cookies=ground.session_cookies,
        hydrators=wiring.HYDRATORS,
        failpoints=parts.failpoints,
        telemetry=parts.telemetry,
        build=parts.version,
        nodes=ground.nodes,
        aside={TOPIC: jobs.hear},
    )
    ground.here.tie(live.presence)
    live.commands.update(
        wiring.commands(
            db=ground.db,
            bus=ground.bus,
            limiter=ground.limiter,
            sending=ground.sending,
            presence=live.presence,
            receipts=ground.receipts,
        )
    )
    return live


def _app(
    settings: Settings, parts: Parts, ground: _Ground, live: Live, outbound: Outbound
) -> ASGIApp:
    given: dict[str, Any] = {
        "db": ground.db,
        "sessions": ground.sessions,
        "find_bot": find_bot,
        "outbound": outbound,
        "hook_key": hook_key(settings),
        "passwords": ground.passwords,
        "limiter": ground.limiter,
        "admission": ground.admission,
        "missed": Gathering(
            ground.db,
            lambda tx, asked: sync.missed(tx, asked, wiring.HYDRATORS),
            group_size=MISSED_AT_ONCE,
        ),
        "sending": ground.sending,
        "receipts": ground.receipts,
        "presence": live.presence,
        "hydrators": wiring.HYDRATORS,
        "rules": ground.rules,
        "admit": invites.admits,
        "redeem": invites.accept,
        "session_cookies": ground.session_cookies,
        "public_url": settings.public_url,
        "clock": parts.clock,
        "links": Links([settings.secret_key.value], parts.clock),
        "export_folder": exports_folder(settings),
        "studio": Studio(),
        "broadcast": live.broadcast,
    }
    return create_app(
        routes=wiring.ROUTES,
        settings=_http_settings(settings, parts.version),
        telemetry=parts.telemetry,
        readiness=ground.readiness,
        clock=parts.clock,
        ids=parts.ids,
        dependencies={
            "actor": Provide(accounts_http.provide_caller),
            **{
                name: Provide(_constant(part), sync_to_thread=False) for name, part in given.items()
            },
        },
        translate=translate,
        static_dir=parts.static,
        kept_assets=parts.kept_assets,
        examples=api_examples.load,
        mounts={live.gateway.settings.path: cast("ASGIApp", live.gateway.asgi)},
    )


def _constant(part: Any) -> Any:
    return lambda: part


def _probe(db: Database) -> Any:
    async def probe() -> None:
        async with db.read() as tx:
            await tx.conn.execute("SELECT 1")

    return probe


def _http_settings(settings: Settings, version: str) -> HttpSettings:
    return HttpSettings(
        public_url=settings.public_url,
        allowed_origins=settings.allowed_origins,
        trusted_proxies=tuple(str(network) for network in settings.trusted_proxies),
        operations_token=settings.metrics_token.value if settings.metrics_token else None,
        title="Tertulia",
        version=version,
    )


def _origins(settings: Settings) -> frozenset[str]:
    return frozenset(map(origin_of, (settings.public_url, *settings.allowed_origins)))


def _follow(settings: Settings, db: Database, parts: Parts) -> Coroutine[Any, Any, None]:
    followers = Followers(
        wiring.followers(previews=settings.previews == "on"),
        db,
        parts.clock,
        wiring.HYDRATORS,
        parts.telemetry.registry,
    )
    db.tell(followers.hint)
    return followers.run()


def _own(stack: AsyncExitStack, work: Coroutine[Any, Any, None]) -> None:
    """Run beside the node, and end with it."""
    task = asyncio.create_task(work)

    async def end() -> None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    stack.push_async_callback(end)


# Sessions that ended


async def _load_revoked(db: Database, sessions: Sessions) -> None:
    async with db.read() as tx:
        sessions.load(await accounts_jobs.signed_out_lately(tx))


async def _quietly(work: Coroutine[Any, Any, object]) -> None:
    """A loop outlives a database that is away for a while."""
    try:
        await work
    except AppError:
        log.warning("upkeep_postponed", exc_info=True)


async def _watch_revoked(db: Database, sessions: Sessions, clock: Clock) -> None:
    while True:
        await clock.sleep(REVOCATION_SECONDS)
        await _quietly(_load_revoked(db, sessions))


async def _expire_devices(db: Database, clock: Clock) -> None:
    while True:
        await clock.sleep(EXPIRY_SECONDS)
        await _quietly(db.write(accounts_jobs.sign_out_expired))
