"""What a node does for ever beside its edges: follow the log, and end sessions whose time is up."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

import structlog

from tertulia.core.clock import Clock
from tertulia.core.config import Settings
from tertulia.core.db import Database
from tertulia.core.errors import AppError
from tertulia.core.followers import Followers
from tertulia.core.sessions import Sessions
from tertulia.features.accounts import jobs as accounts_jobs
from tertulia.main import wiring
from tertulia.main.ground import Parts

EXPIRY_SECONDS = 300.0  # between looks for devices whose time is up
REVOCATION_SECONDS = 1.0  # between looks for devices signed out on other nodes

log = structlog.get_logger(__name__)


def own(stack: AsyncExitStack, work: Coroutine[Any, Any, None]) -> None:
    """Run beside the node, and end with it."""
    task = asyncio.create_task(work)

    async def end() -> None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    stack.push_async_callback(end)


def follow(settings: Settings, db: Database, parts: Parts) -> Coroutine[Any, Any, None]:
    followers = Followers(
        wiring.followers(previews=settings.previews == "on"),
        db,
        parts.clock,
        wiring.HYDRATORS,
        parts.telemetry.registry,
    )
    db.tell(followers.hint)
    return followers.run()


async def load_revoked(db: Database, sessions: Sessions) -> None:
    async with db.read() as tx:
        sessions.load(await accounts_jobs.signed_out_lately(tx))


async def _quietly(work: Coroutine[Any, Any, object]) -> None:
    """A loop outlives a database that is away for a while."""
    try:
        await work
    except AppError:
        log.warning("upkeep_postponed", exc_info=True)


async def watch_revoked(db: Database, sessions: Sessions, clock: Clock) -> None:
    while True:
        await clock.sleep(REVOCATION_SECONDS)
        await _quietly(load_revoked(db, sessions))


async def expire_devices(db: Database, clock: Clock) -> None:
    while True:
        await clock.sleep(EXPIRY_SECONDS)
        await _quietly(db.write(accounts_jobs.sign_out_expired))
