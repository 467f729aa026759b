"""Processes that run jobs, by hand: their loops run only where a test starts them."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import msgspec
from prometheus_client import CollectorRegistry
from tests.support.clock import SeededIds
from tests.support.world import World

from tertulia.core import jobs
from tertulia.core.jobs import Job, Jobs, Run


class Note(msgspec.Struct):
    text: str = ""


def worker(
    world: World, *kinds: Job[Any], seed: int = 7, at_once: int = 16, chance: float = 0.0
) -> Jobs:
    """One process; two on one database need a `seed` each. With `chance` 0 pauses are whole."""
    ids = SeededIds(world.clock, seed)
    return Jobs(
        kinds, world.db, world.clock, ids, lambda: chance, CollectorRegistry(), at_once=at_once
    )


@asynccontextmanager
async def looping(process: Jobs) -> AsyncGenerator[Jobs]:
    """With its loops, on the world's clock."""
    task = asyncio.create_task(process.run())
    try:
        yield process
    finally:
        await process.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def put(world: World, text: str, **options: Any) -> UUID:
    """Enqueue a `note`."""
    kind = options.pop("kind", "note")
    return await world.db.write(lambda tx: jobs.enqueue(tx, kind, Note(text), **options))


async def row(world: World, job_id: UUID) -> Any:
    async with world.db.read() as tx:
        return await tx.conn.fetchrow("SELECT * FROM jobs WHERE id = $1", job_id)


async def states(world: World) -> list[str]:
    """Of all jobs but those of the queue itself, oldest first."""
    statement = "SELECT state FROM jobs WHERE kind NOT LIKE 'jobs.%' ORDER BY enqueued_at, id"
    async with world.db.read() as tx:
        return [found["state"] for found in await tx.conn.fetch(statement)]


class Desk:
    """A kind `note` whose runs a test holds, and lets go. `read` is what ran, in order."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.finished: list[str] = []
        self.at_once = 0
        self.most = 0
        self.held = False
        self._released = asyncio.Event()
        self._begun = asyncio.Condition()

    def job(self, **options: Any) -> Job[Note]:
        return Job("note", Note, self.run, **options)

    async def run(self, run: Run, note: Note) -> None:
        del run
        self.read.append(note.text)
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        async with self._begun:
            self._begun.notify_all()
        try:
            if self.held:
                await self._released.wait()
        finally:
            self.at_once -= 1
        self.finished.append(note.text)

    def release(self) -> None:
        self._released.set()

    async def begun(self, count: int) -> None:
        """Returns when so many runs have begun, ever."""
        async with asyncio.timeout(10), self._begun:
            await self._begun.wait_for(lambda: len(self.read) >= count)


def failing(errors: Sequence[Exception | None], read: list[int]) -> Callable[..., Awaitable[None]]:
    """A run that fails with each of these in turn; `read` gets the attempts."""

    async def run(run: Run, note: Note) -> None:
        del note
        read.append(run.attempt)
        error = errors[min(len(read), len(errors)) - 1]
        if error is not None:
            raise error

    return run
