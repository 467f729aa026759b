"""Concurrent commands of one kind share a transaction.

While one commit is in flight the next commands gather, and go together in one set-based verb: an
idle server waits for nobody, a busy one pays for a commit once per group. Commands with the same
key (a room) keep their order.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from tertulia.core.db import Database
from tertulia.core.errors import AppError, Unavailable
from tertulia.core.tx import Tx

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")
GroupVerb = Callable[[Tx, Sequence[Item]], Awaitable[Sequence[Outcome | AppError]]]

GROUP_SIZE = 128  # commands; more only makes the first wait longer for its answer
WAITING = 4096  # commands; beyond this the database is behind and clients must hear it
LANES = 2


class Grouping(Generic[Item, Outcome]):
    """Runs a group verb; `submit` gives each command its own outcome or raises its own error."""

    def __init__(self, db: Database, verb: GroupVerb[Item, Outcome], *, lanes: int = LANES) -> None:
        self._lanes = [_Lane(db, verb) for _ in range(lanes)]

    async def submit(self, key: object, item: Item) -> Outcome:
        return await self._lanes[hash(key) % len(self._lanes)].submit(item)

    async def close(self) -> None:
        """Wait for the groups in flight."""
        for lane in self._lanes:
            await lane.close()


class _Lane(Generic[Item, Outcome]):
    def __init__(self, db: Database, verb: GroupVerb[Item, Outcome]) -> None:
        self._db = db
        self._verb = verb
        self._waiting: deque[tuple[Item, asyncio.Future[Outcome]]] = deque()
        self._running: asyncio.Task[None] | None = None

    async def submit(self, item: Item) -> Outcome:
        if len(self._waiting) >= WAITING:
            raise Unavailable(retry_after=1.0)
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._running is None:
            self._running = asyncio.create_task(self._run(), name="grouping")
        return await future

    async def close(self) -> None:
        if self._running is not None:
            await self._running

    async def _run(self) -> None:
        try:
            while self._waiting:
                size = min(GROUP_SIZE, len(self._waiting))
                await self._run_group([self._waiting.popleft() for _ in range(size)])
        finally:
            self._running = None

    async def _run_group(self, group: list[tuple[Item, asyncio.Future[Outcome]]]) -> None:
        items = [item for item, _ in group]
        try:
            outcomes = await self._db.write(lambda tx: self._verb(tx, items))
        except AppError as error:
            _fail(group, error)
        except Exception as error:
            if len(group) == 1:
                _fail(group, error)
                return
            # One poisoned command must not fail its neighbours.
            for one in group:
                await self._run_group([one])
        else:
            for (_, future), outcome in zip(group, outcomes, strict=True):
                _settle(future, outcome)


def _settle(future: asyncio.Future[Outcome], outcome: Outcome | AppError) -> None:
    if future.done():  # whoever asked has gone
        return
    if isinstance(outcome, AppError):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)


def _fail(group: list[tuple[Item, asyncio.Future[Outcome]]], error: Exception) -> None:
    for _, future in group:
        if not future.done():
            future.set_exception(error)
