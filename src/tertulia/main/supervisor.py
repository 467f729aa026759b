"""`serve` with several workers: owns what the machine has once, and keeps the workers running.

It serves nobody itself. The listening sockets are its own, handed to the workers: a worker that is
replaced, or died and starts again, loses no connection that was waiting to be accepted.
"""

import asyncio
import signal
from collections.abc import Sequence
from contextlib import AsyncExitStack

import structlog

from tertulia.core.clock import SystemClock
from tertulia.core.config import Settings
from tertulia.core.db import POOL_SIZE
from tertulia.core.serving import bind_shared
from tertulia.main.control import Family, Ready, families, merged
from tertulia.main.exposition import Gathered, expose_metrics, registry_of
from tertulia.main.greeting import greet
from tertulia.main.place import Place
from tertulia.main.premises import open_premises, open_telemetry, with_port

CONNECTIONS = 100  # of the embedded database: core/postgres/tuning.py
SPARE_CONNECTIONS = 20  # for migrations, `doctor`, backups, a person

log = structlog.get_logger(__name__)


async def supervise(settings: Settings, command: Sequence[str]) -> None:
    """Run until cancelled. SIGHUP replaces the workers one after the other.

    Raises WorkerFailed where the first ones do not start, OSError where the port is taken.
    """
    async with AsyncExitStack() as stack:
        telemetry = open_telemetry(settings)
        sockets = bind_shared(settings.host, settings.port, settings.workers)
        for sock in sockets:
            stack.callback(sock.close)
        address = sockets[0].getsockname()[:2]
        settings = with_port(settings, address[1])
        premises = await stack.enter_async_context(open_premises(settings))
        places: list[Place] = []

        async def gather() -> list[Family]:
            asked = await asyncio.gather(*(place.metrics() for place in places))
            own = {"supervisor": _of_a_process(families(telemetry.registry.collect()))}
            return merged(own | dict(zip((place.name for place in places), asked, strict=True)))

        places += [
            Place(
                f"{number}",
                sock,
                settings,
                premises,
                command,
                clock=SystemClock(),
                gather=gather,
                pool=_pool(settings),
            )
            for number, sock in enumerate(sockets, 1)
        ]
        expose_metrics(stack, settings, registry_of(Gathered(asyncio.get_running_loop(), gather)))
        stack.push_async_callback(_stop, places, settings.drain_notice)
        owned = await _start(places)
        greet(settings, address, needs_owner=not owned, setup_token=premises.setup_token)
        await _keep(places)


def _of_a_process(told: list[Family]) -> list[Family]:
    """Without what is said of a node, which the supervisor is not."""
    ours = "tertulia_"
    return [
        one for one in told if not one.name.startswith(ours) or one.name == f"{ours}log_messages"
    ]


async def _start(places: Sequence[Place]) -> bool:
    """Whether the server has its owner. Of several failures the first is raised, once no worker is
    on its way any more."""
    ready = await asyncio.gather(*(place.start() for place in places), return_exceptions=True)
    for one in ready:
        if isinstance(one, BaseException):
            raise one
    return not any(one.needs_owner for one in ready if isinstance(one, Ready))


async def _keep(places: Sequence[Place]) -> None:
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, told.set)
    async with asyncio.TaskGroup() as tasks:
        for place in places:
            tasks.create_task(place.keep(), name=f"worker-{place.name}")
        while True:
            await told.wait()
            told.clear()
            await _replace_all(places)


async def _replace_all(places: Sequence[Place]) -> None:
    """One after the other; the first that does not start ends it, with the old ones still there."""
    log.info("workers_replacing")
    for place in places:
        if not await place.replace():
            log.error("workers_not_replaced", at=place.name)
            return
    log.info("workers_replaced")


async def _stop(places: Sequence[Place], notice: float) -> None:
    """All at once. Their sockets are let go after the notice: until then people are served."""
    leaving = [asyncio.create_task(place.stop(notice)) for place in places]
    await asyncio.wait(leaving, timeout=notice)
    for place in places:
        place.shut()
    await asyncio.gather(*leaving)


def _pool(settings: Settings) -> int:
    """Connections for each worker. The embedded database has so many, and while a worker is
    replaced there is one more; a database of one's own is sized by its owner."""
    if settings.database_url is not None:
        return POOL_SIZE
    return max(2, min(POOL_SIZE, (CONNECTIONS - SPARE_CONNECTIONS) // (settings.workers + 1)))
