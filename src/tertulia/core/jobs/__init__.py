"""Work for later: a queue in PostgreSQL whose jobs commit with the rows that caused them.

    await jobs.enqueue(tx, "reminder.ring", Ring(id), run_at=when, key=str(id))

    def jobs() -> list[Job[Any]]:
        return [Job("reminder.ring", Ring, ring, concurrency=4)]

    async def ring(run: Run, payload: Ring) -> None: ...

A job exists exactly if the transaction that enqueued it committed. Processes that run jobs hear of
it by a hint on the bus, published after the commit; what was not heard is found by looking every
few seconds. Nothing here says NOTIFY (docs/adr/0018: what that costs).

- `key`: of one kind at most one with the same key waits, and enqueuing again moves that one
  (payload, time, priority). While one runs another may wait, and never runs beside it.
- A run that raises is tried again after a growing pause, until its `Retries` are used up; then it
  is `dead`, kept for a month, and an administrator may try it again. `Retry(after)` is no failure
  and chooses the pause; `Dead(why)` ends it at once.
- Whoever runs a job gives a sign of life every 5 s. After 30 s without one others take it over: a
  run counts as an attempt, so what kills its process does not kill for ever. A job may therefore
  run twice; `run.complete(tx)` makes what one transaction writes happen once.
- `every`: runs once in each period, over all nodes, on the period's grid (UTC). What was missed is
  not made up for.
- Stopping gives running jobs a moment, then hands them back; that is no attempt.

Jobs never share a transaction with each other, and must not block the event loop: the sign of life
comes from it.
"""

from tertulia.core.jobs.job import Dead, Job, Retries, Retry
from tertulia.core.jobs.queue import TOPIC, cancel, enqueue
from tertulia.core.jobs.running import LeaseLost, Run
from tertulia.core.jobs.worker import Jobs

__all__ = [
    "TOPIC",
    "Dead",
    "Job",
    "Jobs",
    "LeaseLost",
    "Retries",
    "Retry",
    "Run",
    "cancel",
    "enqueue",
]
