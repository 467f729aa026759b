"""Concurrent commands of one kind share a transaction.

While one commit is in flight the next commands gather, and go together in one set-based verb: an
idle server waits for nobody, a busy one pays for a commit once per group. Commands with the same
key (a room) keep their order.

A key that somebody holds locked is set aside: its commands go apart, in a siding, until one gets
through, so that nobody else waits behind them.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from tertulia.core.db import Database, Locked
from tertulia.core.errors import AppError, Unavailable
from tertulia.core.tx import Tx

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")
GroupVerb = Callable[[Tx, Sequence[Item]], Awaitable[Sequence[Outcome | AppError]]]

GROUP_SIZE = 128  # commands; more only makes the first wait longer for its answer
WAITING = 4096  # commands; beyond this the database is behind and clients must hear it
LANES = 2
# Who waited so long behind a group that found no database is told so, instead of trying as well.
PATIENCE_SECONDS = 2.0


class _Asked(NamedTuple, Generic[Item, Outcome]):
    """A command that waits. `since` is the loop's time."""

    key: object
    item: Item
    future: asyncio.Future[Outcome]
    since: float


class Grouping(Generic[Item, Outcome]):
    """Runs a group verb; `submit` gives each command its own outcome or raises its own error."""

    def __init__(self, db: Database, verb: GroupVerb[Item, Outcome], *, lanes: int = LANES) -> None:
        self._db = db
        self._verb = verb
        self._lanes = [_Lane(db, verb, self._set_aside) for _ in range(lanes)]
        self._sidings: dict[object, _Lane[Item, Outcome]] = {}

    async def submit(self, key: object, item: Item) -> Outcome:
        return await self.start(key, item)

    def start(self, key: object, item: Item) -> asyncio.Future[Outcome]:
        """Give a command its place in the order now; its outcome comes later.

        Raises Unavailable where too many wait.
        """
        lane = self._sidings.get(key) or self._lanes[hash(key) % len(self._lanes)]
        if lane.waiting >= WAITING:
            raise Unavailable(retry_after=1.0)
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Outcome] = loop.create_future()
        lane.take([_Asked(key, item, future, loop.time())])
        return future

    async def close(self) -> None:
        """Wait for the groups in flight."""
        for lane in self._lanes:
            await lane.close()
        # Only now: a lane's last group may have been set aside.
        for siding in tuple(self._sidings.values()):
            await siding.close()

    def _set_aside(self, asked: Iterable[_Asked[Item, Outcome]]) -> None:
        """One of these met a lock, and nobody knows which: each key finds out by itself."""
        for one in asked:
            siding = self._sidings.get(one.key)
            if siding is None:
                siding = _Lane(self._db, self._verb, None, self._clear(one.key))
                self._sidings[one.key] = siding
            siding.take([one])

    def _clear(self, key: object) -> Callable[[], None]:
        def cleared() -> None:
            del self._sidings[key]

        return cleared


class _Lane(Generic[Item, Outcome]):
    """One transaction at a time. `set_aside` takes what met a lock with others; a lane of a single
    key has none, and calls `cleared` when it got through and has nothing more to do."""

    def __init__(
        self,
        db: Database,
        verb: GroupVerb[Item, Outcome],
        set_aside: Callable[[Iterable[_Asked[Item, Outcome]]], None] | None,
        cleared: Callable[[], None] | None = None,
    ) -> None:
        self._db = db
        self._verb = verb
        self._set_aside = set_aside
        self._cleared = cleared
        self._waiting: deque[_Asked[Item, Outcome]] = deque()
        self._running: asyncio.Task[None] | None = None
        self._got_through = False

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def take(self, asked: Iterable[_Asked[Item, Outcome]]) -> None:
        self._waiting.extend(asked)
        if self._running is None:
            self._running = asyncio.create_task(self._run(), name="grouping")

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
            if self._cleared is not None and self._got_through:
                self._cleared()

    async def _run_group(self, group: list[_Asked[Item, Outcome]]) -> None:
        items = [one.item for one in group]
        self._got_through = False
        try:
            outcomes = await self._db.write(lambda tx: self._verb(tx, items))
            if len(outcomes) != len(group):
                raise RuntimeError("a group verb owes every command an outcome")
        except Locked as error:
            if self._set_aside is None:
                _fail(group, error)
            else:
                self._divert(group, self._set_aside)
        except AppError as error:
            _fail(group, error)
            _fail(self._impatient(), error)
        except Exception as error:
            if len(group) == 1:
                _fail(group, error)
                return
            # One poisoned command must not fail its neighbours.
            for one in group:
                await self._run_group([one])
        else:
            self._got_through = True
            for one, outcome in zip(group, outcomes, strict=True):
                _settle(one.future, outcome)

    def _divert(
        self,
        group: list[_Asked[Item, Outcome]],
        set_aside: Callable[[Iterable[_Asked[Item, Outcome]]], None],
    ) -> None:
        """With what waits here for the same keys, so that they keep their order."""
        keys = {one.key for one in group}
        following = [one for one in self._waiting if one.key in keys]
        self._waiting = deque(one for one in self._waiting if one.key not in keys)
        set_aside([*group, *following])

    def _impatient(self) -> list[_Asked[Item, Outcome]]:
        now = asyncio.get_running_loop().time()
        found: list[_Asked[Item, Outcome]] = []
        while self._waiting and now - self._waiting[0].since > PATIENCE_SECONDS:
            found.append(self._waiting.popleft())
        return found


def _settle(future: asyncio.Future[Outcome], outcome: Outcome | AppError) -> None:
    if future.done():  # whoever asked has gone
        return
    if isinstance(outcome, AppError):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)


def _fail(group: Sequence[_Asked[Item, Outcome]], error: Exception) -> None:
    for one in group:
        if not one.future.done():
            one.future.set_exception(error)
