"""Time and dice that a test holds in its hand."""

import asyncio
import heapq
import random
import time
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

from tertulia.core.clock import Clock
from tertulia.core.ids import uuid7

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
TURNS = 25  # of the loop: deep enough for a woken task to reach its next wait


class HandClock:
    """Stands still until a test turns it; whoever sleeps wakes when their moment is passed."""

    def __init__(self) -> None:
        self._elapsed = 0.0
        self._numbers = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return START + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed + seconds, next(self._numbers), future))
        await future

    @property
    def sleepers(self) -> int:
        """How many wait for time to pass."""
        return sum(not future.done() for _, _, future in self._sleepers)

    async def advance(self, seconds: float) -> None:
        """Let time pass: sleepers wake one after the other, each at its own moment, and get to
        their next wait (if that is not for the database) before the next one wakes."""
        await turns()
        until = self._elapsed + seconds
        while self._sleepers and self._sleepers[0][0] <= until:
            due, _, future = heapq.heappop(self._sleepers)
            self._elapsed = max(self._elapsed, due)
            if not future.done():
                future.set_result(None)
                await turns()
        self._elapsed = until


async def turns(number: int = TURNS) -> None:
    """Let everybody else run."""
    for _ in range(number):
        await asyncio.sleep(0)


class SeededIds:
    """The same names in the same order for the same seed."""

    def __init__(self, clock: Clock, seed: int = 1) -> None:
        self._clock = clock
        self._random = random.Random(seed)

    def uuid7(self) -> UUID:
        milliseconds = int(self._clock.now().timestamp() * 1000)
        return uuid7(milliseconds, self._random.randbytes(10))

    def token(self, size: int = 32) -> str:
        return self._random.randbytes(size).hex()


class RunningClock(HandClock):
    """Goes by itself: for what talks to things that have clocks of their own."""

    def __init__(self) -> None:
        super().__init__()
        self._began = time.monotonic()

    def now(self) -> datetime:
        return START + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return time.monotonic() - self._began

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
