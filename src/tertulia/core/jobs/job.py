"""What a feature declares: a kind of job, its payload, and how often it is tried."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from tertulia.core.jobs.running import Run

P = TypeVar("P")

DAY = 86_400.0
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Retry(Exception):
    """Raised by a run: not now, but after so many seconds. It never uses up the attempts."""

    def __init__(self, after: float, why: str = "") -> None:
        super().__init__(why or f"again in {after:g} s")
        self.after = after


class Dead(Exception):
    """Raised by a run: it will never work; the words say why."""


@dataclass(frozen=True)
class Retries:
    """Pauses between attempts: `first` seconds, each `factor` times as long as the one before, up
    to `longest`; each is shortened by chance by up to half, so that a crowd spreads."""

    attempts: int = 8
    first: float = 5.0
    factor: float = 4.0
    longest: float = DAY

    def pause(self, attempt: int, chance: float) -> float:
        """Seconds after the failure of `attempt` (from 1); `chance` is in [0, 1)."""
        whole = min(self.longest, self.first * self.factor ** min(attempt - 1, 40))
        return whole * (1 - chance / 2)


@dataclass(frozen=True)
class Job(Generic[P]):
    """`concurrency` is per process, `timeout` in seconds. With `every` the payload's defaults are
    used, and the job needs no `enqueue`."""

    kind: str
    payload: type[P]
    run: Callable[[Run, P], Awaitable[None]]
    concurrency: int = 4
    retries: Retries = Retries()
    timeout: float = 300.0
    every: timedelta | None = None


def next_turn(every: timedelta, now: datetime) -> datetime:
    """The first moment of the grid after `now`."""
    return EPOCH + ((now - EPOCH) // every + 1) * every
