"""One run of one job, as the function that does it sees it."""

from datetime import datetime, timedelta
from uuid import UUID

from tertulia.core.clock import Clock
from tertulia.core.db import Database
from tertulia.core.jobs import table
from tertulia.core.jobs.table import Claimed
from tertulia.core.tx import Tx

TELL_SECONDS = 1.0  # progress is written no more often
MAX_NOTE = 200


class LeaseLost(Exception):
    """This run was silent for too long, and the job is somebody else's now."""


class Run:
    """`attempt` counts from 1."""

    def __init__(self, claimed: Claimed, worker: UUID, db: Database, clock: Clock) -> None:
        self.id = claimed.id
        self.kind = claimed.kind
        self.key = claimed.key
        self.attempt = claimed.attempt
        self.db = db
        self.completed = False
        self._worker = worker
        self._clock = clock
        self._told = -TELL_SECONDS

    async def progress(self, done: int, total: int, note: str = "") -> None:
        """Say how far it is; shown to whoever may see the job. Only the last of a second counts,
        and the first. Raises LeaseLost."""
        now = self._clock.monotonic()
        if now - self._told < TELL_SECONDS and done < total:
            return
        self._told = now
        lease = table.Lease(self.id, self._worker, self.attempt)
        if not await self.db.write(lambda tx: table.tell(tx, lease, done, total, note[:MAX_NOTE])):
            raise LeaseLost

    async def complete(self, tx: Tx) -> None:
        """Done, if `tx` commits: what it writes happens exactly once. Raises LeaseLost."""
        lease = table.Lease(self.id, self._worker, self.attempt)
        if not await table.finish(tx, lease, "done"):
            raise LeaseLost
        tx.after_commit.append(self._complete)

    def _complete(self) -> None:
        self.completed = True


def age(since: datetime, now: datetime) -> float:
    """Seconds, never negative: clocks of nodes differ a little."""
    return max(timedelta(), now - since).total_seconds()
