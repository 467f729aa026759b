"""Clearing away direct uploads that ran out."""

from datetime import timedelta
from typing import Any

import msgspec

from tertulia.core.clock import Clock
from tertulia.core.jobs import Job, Run
from tertulia.core.storage import DirectBucket
from tertulia.features.direct import service
from tertulia.features.direct.live import clear

SWEEP = "direct.sweep"


class Sweep(msgspec.Struct, frozen=True):
    """Nothing to say: it looks for itself."""


def jobs(bucket: DirectBucket | None, clock: Clock) -> list[Job[Any]]:
    async def sweep(run: Run, payload: Sweep) -> None:
        del payload
        if bucket is not None:
            await _sweep(run, bucket, clock)

    return [Job(SWEEP, Sweep, sweep, concurrency=1, every=timedelta(minutes=10), timeout=1800)]


async def _sweep(run: Run, bucket: DirectBucket, clock: Clock) -> None:
    """The bucket first: a row that is gone would leave what lies there to nobody."""
    while True:
        async with run.db.read() as tx:
            found = await service.expired(tx)
        for upload in found:
            await clear(bucket, upload, clock)
            await run.db.write(lambda tx, upload=upload: service.remove(tx, upload))
        if len(found) < service.SWEPT_AT_ONCE:
            return
