"""What a process does when nobody is waiting: jobs, and the hints that wake them."""

import random
from collections.abc import Collection
from pathlib import Path

from tertulia.core.bus import Bus
from tertulia.core.clock import Clock
from tertulia.core.db import Database
from tertulia.core.ids import Ids
from tertulia.core.jobs import TOPIC, Jobs
from tertulia.core.telemetry import Telemetry
from tertulia.main import wiring


def make_jobs(
    db: Database,
    clock: Clock,
    ids: Ids,
    telemetry: Telemetry,
    *,
    at_once: int,
    exports: Path,
    kinds: Collection[str] | None = None,
) -> Jobs:
    """Everything there is to do, or only `kinds`."""
    return Jobs(
        wiring.jobs(exports),
        db,
        clock,
        ids,
        random.random,
        telemetry.registry,
        kinds=kinds,
        at_once=at_once,
    )


async def run_jobs(jobs: Jobs, bus: Bus) -> None:
    """For ever; `jobs` hears what the bus says on `TOPIC`."""
    await bus.subscribe([TOPIC])
    await jobs.run()
