"""How a run ends: decided from what it raised."""

import asyncio
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from tertulia.core.errors import AppError
from tertulia.core.jobs.job import Dead, Job, Retry
from tertulia.core.jobs.running import LeaseLost
from tertulia.core.jobs.table import Claimed, Final

Result = Literal["done", "retried", "dead", "cancelled", "handed_back", "lost"]
MAX_ERROR = 500


@dataclass(frozen=True)
class Ending:
    """With a `pause` (seconds) the job waits again. `error` is for administrators."""

    result: Result
    error: str = ""
    pause: float | None = None
    unexpected: bool = False

    @property
    def state(self) -> Final:
        return self.result if self.result in ("done", "cancelled") else "dead"


def ending(
    error: BaseException | None, job: Job[Any], claimed: Claimed, *, chance: float, asked: bool
) -> Ending:
    """`chance` in [0, 1) spreads retries; `asked`: somebody wanted it to stop."""
    match error:
        case None:
            return Ending("done")
        case asyncio.CancelledError():
            return Ending("cancelled") if asked else Ending("handed_back", pause=0.0)
        case LeaseLost():
            return Ending("lost")
        case Retry():
            return Ending("retried", str(error), pause=max(0.0, error.after))
        case Dead() | msgspec.MsgspecError():
            return Ending("dead", _words(error))
        case _ if claimed.attempt >= job.retries.attempts:
            return Ending("dead", _words(error), unexpected=not isinstance(error, AppError))
        case _:
            return Ending(
                "retried",
                _words(error),
                pause=job.retries.pause(claimed.attempt, chance),
                unexpected=not isinstance(error, AppError | TimeoutError),
            )


def _words(error: BaseException) -> str:
    name = type(error).__name__
    return f"{name}: {error}"[:MAX_ERROR] if str(error) else name
