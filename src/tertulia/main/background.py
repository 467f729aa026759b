"""What a process does when nobody is waiting: jobs, and the hints that wake them."""

import hashlib
import random
from collections.abc import Collection
from pathlib import Path

from tertulia.core.bus import Bus
from tertulia.core.clock import Clock
from tertulia.core.config import Settings
from tertulia.core.db import Database
from tertulia.core.ids import Ids
from tertulia.core.jobs import TOPIC, Jobs
from tertulia.core.outbound import Outbound, Places, resolve
from tertulia.core.pages import Reader
from tertulia.core.sessions import derive
from tertulia.core.storage import DirectBucket
from tertulia.core.telemetry import Telemetry
from tertulia.features.files.jobs import Settling
from tertulia.features.films.jobs import Works
from tertulia.features.integrations.jobs import Posting
from tertulia.features.previews.jobs import Fetching
from tertulia.main import wiring


class UnknownKinds(Exception):
    """The words name the kinds there are."""


def make_jobs(
    db: Database,
    clock: Clock,
    ids: Ids,
    telemetry: Telemetry,
    *,
    at_once: int,
    exports: Path,
    outbound: Outbound,
    hook_key: bytes,
    settling: Settling,
    films: Works,
    bucket: DirectBucket | None,
    kinds: Collection[str] | None = None,
) -> Jobs:
    """Everything there is to do, or only `kinds`. Raises UnknownKinds."""
    everything = wiring.jobs(
        exports,
        Fetching(outbound, Reader(), settling.looking.studio, ids),
        Posting(outbound, clock, hook_key),
        settling,
        films,
        bucket,
        clock,
    )
    known = {job.kind for job in everything}
    if unknown := set(kinds or ()) - known:
        words = ", ".join(sorted(unknown)), ", ".join(sorted(known))
        raise UnknownKinds(f"no such jobs: {words[0]}; there are: {words[1]}")
    return Jobs(
        everything,
        db,
        clock,
        ids,
        random.random,
        telemetry.registry,
        kinds=kinds,
        at_once=at_once,
    )


def make_outbound(settings: Settings, version: str) -> Outbound:
    """The one way out of this process, for addresses that people type."""
    return Outbound(
        Places(settings.outbound_allow),
        resolve,
        agent=f"Tertulia/{version} (+{settings.public_url})",
    )


def hook_key(settings: Settings) -> bytes:
    """What secrets of outgoing webhooks are derived from."""
    return derive(hashlib.sha256(settings.secret_key.value.encode()).digest(), "webhooks")


async def run_jobs(jobs: Jobs, bus: Bus) -> None:
    """For ever; `jobs` hears what the bus says on `TOPIC`."""
    await bus.subscribe([TOPIC])
    await jobs.run()
