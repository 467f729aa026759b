"""Sweeping, a few times a minute, whatever has expired meanwhile."""

from datetime import timedelta
from typing import Any

import msgspec

from tertulia.core.jobs import Job, Run
from tertulia.features.expiry import service

EVERY = timedelta(seconds=15)


class Sweep(msgspec.Struct, frozen=True):
    """Nothing to say: it looks for itself."""


def jobs() -> list[Job[Any]]:
    return [Job("expiry.sweep", Sweep, run, concurrency=1, every=EVERY)]


async def run(run: Run, _payload: Sweep) -> None:
    """Room by room, batch by batch, each in a transaction of its own: nobody who talks waits
    long."""
    async with run.db.read() as tx:
        due = await service.rooms_due(tx)
    for room_id in due:
        while await run.db.write(lambda tx, room_id=room_id: service.sweep(tx, room_id)):
            pass
