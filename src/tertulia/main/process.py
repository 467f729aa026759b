"""One serving process: a node behind its doors, from the first request to the last goodbye."""

import gc
import socket
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog

from tertulia.core.clock import Clock, SystemClock
from tertulia.core.config import Settings
from tertulia.core.db import POOL_SIZE
from tertulia.core.ids import SystemIds
from tertulia.core.serving import Door, bind, serve_on
from tertulia.core.telemetry import Telemetry
from tertulia.main.ground import Parts
from tertulia.main.node import Node, open_node
from tertulia.main.premises import STATIC, Premises, kept_assets, version

YOUNG_OBJECTS = 5_000  # new objects between collections; a group of sends makes thousands

# Shares of the time a stopping process has: for sockets and their commands, and what is kept back
# for the database's goodbye.
FOR_SOCKETS = 0.7
RESERVE_SECONDS = 0.5
# Clients sent away come back spread over so long that a node meets so many a second: half of what
# it can take in, because it serves the others meanwhile.
RETURNS_PER_SECOND = 500
LONGEST_SPREAD = 30.0

log = structlog.get_logger(__name__)


@dataclass
class Serving:
    """`notice`: seconds that it goes on serving once told to stop, while it says it is unready."""

    node: Node
    telemetry: Telemetry
    address: tuple[str, int]
    notice: float


@asynccontextmanager
async def serving(
    settings: Settings,
    premises: Premises,
    listener: socket.socket,
    telemetry: Telemetry,
    *,
    node_id: str,
    pool: int = POOL_SIZE,
) -> AsyncGenerator[Serving]:
    """Serve `listener` until the block ends; then leave within `drain_seconds`."""
    clock = SystemClock()
    parts = Parts(
        clock=clock,
        ids=SystemIds(clock),
        telemetry=telemetry,
        version=version(),
        static=STATIC,
        kept_assets=kept_assets(settings),
        setup_token=premises.setup_token,
        node_id=node_id,
        pool_size=pool,
    )
    async with open_node(settings, premises.dsn, parts) as node, AsyncExitStack() as doors:
        if settings.redis_url is not None:
            own = await doors.enter_async_context(
                serve_on(node.app, node.gateway.uvicorn_options, bind(settings.node_host, 0))
            )
            own.patience = RESERVE_SECONDS
            # Before the first session id is given away: it must be found from anywhere.
            await node.nodes.announce(own.address)
        public = await doors.enter_async_context(
            serve_on(node.app, node.gateway.uvicorn_options, listener)
        )
        _spare_the_collector()
        here = Serving(node, telemetry, public.address, settings.drain_notice)
        try:
            yield here
        finally:
            await _leave(here, public, settings.drain_seconds, clock)


async def _leave(here: Serving, public: Door, seconds: float, clock: Clock) -> None:
    """Nobody new first, then everybody out: a client told to come back must not land here again.

    The door for other nodes stays open to the end: what they hand on belongs to sessions of ours,
    which get their goodbye by it.
    """
    until = clock.monotonic() + seconds - RESERVE_SECONDS
    here.node.readiness.draining = True
    public.let_go()
    clients = len(here.node.gateway.links)
    log.info("leaving", clients=clients, notice=here.notice)
    await clock.sleep(here.notice)
    public.shut()
    await here.node.uploads.close()
    await here.node.gateway.close(
        retry_after=min(LONGEST_SPREAD, max(1.0, clients / RETURNS_PER_SECOND)),
        timeout=max(0.1, FOR_SOCKETS * (until - clock.monotonic())),
    )
    public.patience = max(0.1, until - clock.monotonic())
    log.info("left", seconds=round(seconds - RESERVE_SECONDS - until + clock.monotonic(), 2))


def _spare_the_collector() -> None:
    """What was built by now lives as long as the process: walking it at every full collection would
    stop everybody for tens of milliseconds. Measured at 500 messages/s: p99 of send → seen."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 10, 50)
