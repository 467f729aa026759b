"""What a node stands on: the world it is given, and what its edges and loops share."""

import os
import random
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tertulia.core.admission import Admission
from tertulia.core.bus import Bus, LocalBus, LocalHub
from tertulia.core.bus.remote import RedisBus
from tertulia.core.clock import Clock
from tertulia.core.config import Settings
from tertulia.core.cookies import SessionCookies
from tertulia.core.db import POOL_SIZE, Database, open_pool
from tertulia.core.failpoints import Failpoints
from tertulia.core.grouping import Grouping
from tertulia.core.http import Check, Readiness
from tertulia.core.ids import Ids
from tertulia.core.limits import (
    BucketStore,
    Limiter,
    MemoryBuckets,
    RedisBuckets,
    SharedBuckets,
)
from tertulia.core.nodes import Nodes, new_node_id
from tertulia.core.passwords import MEMORY_KIB, Passwords
from tertulia.core.redis import RedisClient, open_redis
from tertulia.core.sessions import Sessions
from tertulia.core.storage import DirectBucket, Incoming, Storage, open_direct, open_storage
from tertulia.core.telemetry import Telemetry
from tertulia.core.telemetry.bus import BusCollector
from tertulia.features.accounts import jobs as accounts_jobs
from tertulia.features.accounts.service import Rules
from tertulia.features.members import service as members
from tertulia.features.members.service import Reading
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import MAX_TEXT
from tertulia.features.messages.service import Outgoing, Sent
from tertulia.features.presence.live import Here
from tertulia.features.receipts.live import Due
from tertulia.main import wiring


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


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What edges and loops of a node share."""

    redis: RedisClient | None
    nodes: Nodes
    bus: Bus
    db: Database
    storage: Storage
    incoming: Incoming
    bucket: DirectBucket | None
    sessions: Sessions
    session_cookies: SessionCookies
    passwords: Passwords
    limiter: Limiter
    admission: Admission
    sending: Grouping[Outgoing, Sent]
    reading: Grouping[Reading, None]
    here: Here
    receipts: Due
    rules: Rules
    readiness: Readiness


async def lay_ground(stack: AsyncExitStack, settings: Settings, dsn: str, parts: Parts) -> Ground:
    """Open everything; `stack` closes it in the opposite order."""
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
    storage, incoming = open_storage(settings, parts.clock)
    checks.append(Check("storage", storage.probe))
    passwords = Passwords(cores=os.cpu_count() or 1, memory_kib=parts.password_memory_kib)
    stack.callback(passwords.close)
    here = Here()
    sending = Grouping[Outgoing, Sent](db, partial(messages.send_all, present=here))
    stack.push_async_callback(sending.close)
    reading = Grouping[Reading, None](db, members.read_together)
    stack.push_async_callback(reading.close)
    return Ground(
        redis=redis,
        nodes=nodes,
        bus=bus,
        db=db,
        storage=storage,
        incoming=incoming,
        bucket=open_direct(settings),
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
        reading=reading,
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


def _probe(db: Database) -> Any:
    async def probe() -> None:
        async with db.read() as tx:
            await tx.conn.execute("SELECT 1")

    return probe
