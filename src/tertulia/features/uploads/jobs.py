"""Clearing away uploads that nobody goes on with."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from tertulia.core.jobs import Job, Run
from tertulia.core.storage import Incoming
from tertulia.features.uploads import service

SWEEP = "uploads.sweep"
ORPHANED = timedelta(days=2)  # bytes untouched for so long, that nothing in the database knows
LOOKED_UP = 500  # names asked for at a time


class Sweep(msgspec.Struct, frozen=True):
    """Nothing to say: it looks for itself."""


def jobs(incoming: Incoming) -> list[Job[Any]]:
    async def sweep(run: Run, payload: Sweep) -> None:
        del payload
        await _sweep_rows(run, incoming)
        await _sweep_orphans(run, incoming)

    return [Job(SWEEP, Sweep, sweep, concurrency=1, every=timedelta(minutes=30), timeout=1800)]


async def _sweep_rows(run: Run, incoming: Incoming) -> None:
    while True:
        count, ids = await run.db.write(service.sweep)
        for id_ in ids:
            await incoming.remove(id_)
        if not count:
            return


async def _sweep_orphans(run: Run, incoming: Incoming) -> None:
    """What a crash between a commit and the removal left behind."""
    async with run.db.read() as tx:
        before = tx.now - ORPHANED
    async for ids in _old(incoming, before):
        async with run.db.read() as tx:
            lost = await service.orphans(tx, ids)
        for id_ in lost:
            await incoming.remove(id_)


async def _old(incoming: Incoming, before: datetime) -> AsyncIterator[list[UUID]]:
    """Names of what lies there untouched for long, some at a time."""
    ids: list[UUID] = []
    async for id_, changed_at in incoming.begun():
        if changed_at < before:
            ids.append(id_)
        if len(ids) == LOOKED_UP:
            yield ids
            ids = []
    if ids:
        yield ids
