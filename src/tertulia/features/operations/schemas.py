"""Shapes of operations on the wire."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from tertulia.core.wire import Shape

JobState = Literal["waiting", "running", "done", "dead", "cancelled"]


class JobRecord(Shape, frozen=True):
    """A piece of work. `attempt` is how often it was begun; `error` is what the last attempt ended
    with, whatever came after it; `done` of `total` (0: it does not say) and `note` are how far it
    is. `cancel_asked`: it runs, and was asked to stop. `run_at` is when it is due."""

    id: UUID
    kind: str
    key: str | None
    state: JobState
    attempt: int
    priority: int
    run_at: datetime
    enqueued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    cancel_asked: bool
    error: str
    done: int
    total: int
    note: str


class JobCounts(Shape, frozen=True):
    """How many there are; 10,000 stands for more."""

    waiting: int
    running: int
    done: int
    dead: int
    cancelled: int


class JobList(Shape, frozen=True):
    """Newest first. `counts` are of the `kind` asked for, or of all; `kinds` are those of which
    there is a job. What is over is forgotten after a day, what was given up on after a month."""

    jobs: list[JobRecord]
    counts: JobCounts
    kinds: list[str]
    next: str | None
