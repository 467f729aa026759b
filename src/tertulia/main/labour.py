"""`worker`: a process that serves nobody and runs jobs, beside servers or instead of them."""

import os
from collections.abc import Collection
from contextlib import AsyncExitStack

import structlog

from tertulia.core import migrate
from tertulia.core.bus import Bus, LocalBus
from tertulia.core.bus.remote import RedisBus
from tertulia.core.clock import SystemClock
from tertulia.core.config import Settings
from tertulia.core.db import Database, open_pool
from tertulia.core.failpoints import Failpoints
from tertulia.core.ids import SystemIds
from tertulia.core.images import Studio
from tertulia.core.sessions import Sessions
from tertulia.core.storage import open_direct, open_storage
from tertulia.features.accounts import jobs as accounts_jobs
from tertulia.main import wiring
from tertulia.main.background import hook_key, make_jobs, make_outbound, run_jobs
from tertulia.main.cinema import make_works
from tertulia.main.exposition import expose_metrics
from tertulia.main.laboratory import make_settling
from tertulia.main.premises import exports_folder, fresh_node_id, open_telemetry, version

SPARE_CONNECTIONS = 4  # beside one for every second job: most of them wait for others

log = structlog.get_logger(__name__)


async def labour(settings: Settings, dsn: str, kinds: Collection[str] | None) -> None:
    """Run jobs until cancelled, then give those that run `drain_seconds`. Raises UnknownKinds."""
    async with AsyncExitStack() as stack:
        node_id = fresh_node_id()
        telemetry = open_telemetry(settings, node_id=node_id)
        await migrate.up(
            settings.database_direct_url.value if settings.database_direct_url else dsn
        )
        clock = SystemClock()
        ids = SystemIds(clock)
        bus: Bus = LocalBus()
        if settings.redis_url is not None:
            bus = RedisBus(settings.redis_url.value, settings.secret_key.value, node_id, clock)
        else:
            log.warning("worker_unheard", advice="with redis_url servers hear at once what it does")
        stack.push_async_callback(bus.close)
        sessions = Sessions([settings.secret_key.value], clock)
        db = Database(
            await open_pool(dsn, size=settings.job_concurrency // 2 + SPARE_CONNECTIONS),
            bus=bus,
            clock=clock,
            ids=ids,
            reactions=wiring.reactions(accounts_jobs.reactions(sessions.revoke)),
            failpoints=Failpoints(),
        )
        stack.push_async_callback(db.close)
        storage, incoming = open_storage(settings, clock)
        studio = Studio()
        stack.push_async_callback(studio.close)
        jobs = make_jobs(
            db,
            clock,
            ids,
            telemetry,
            at_once=settings.job_concurrency,
            exports=exports_folder(settings),
            outbound=make_outbound(settings, version()),
            hook_key=hook_key(settings),
            settling=make_settling(settings, storage, incoming, studio, Failpoints()),
            films=make_works(settings, storage, clock),
            bucket=open_direct(settings),
            kinds=kinds,
        )
        expose_metrics(stack, settings, telemetry.registry)
        stack.push_async_callback(jobs.close, settings.drain_seconds)
        bus.listen(jobs.hear)
        log.info("worker_ready", pid=os.getpid(), kinds=sorted(jobs.jobs))
        await run_jobs(jobs, bus)
