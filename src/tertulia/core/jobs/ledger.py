"""What who looks after the server sees of the table, and what they may do with a job.

Payloads stay out of it: they may hold what is nobody else's business.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import asyncpg
import msgspec

from tertulia.core.jobs.queue import END, WORK
from tertulia.core.tx import Tx

State = Literal["waiting", "running", "done", "dead", "cancelled"]
STATES: tuple[State, ...] = ("waiting", "running", "done", "dead", "cancelled")
COUNTED = 10_000  # of a state: nobody counts further


class Entry(msgspec.Struct, frozen=True):
    """A row, without its payload."""

    id: UUID
    kind: str
    key: str | None
    state: State
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


_COLUMNS = """j.id, j.kind, j.key, j.state, j.attempt, j.priority, j.run_at, j.enqueued_at,
    j.started_at, j.finished_at, j.cancel_asked, j.error, j.done, j.total, j.note"""

# Of each state the newest, by an index of its own: what is rare is not searched among the rest.
_PAGE = f"""
SELECT {_COLUMNS} FROM unnest($1::text[]) AS asked (state) CROSS JOIN LATERAL (
    SELECT * FROM jobs
    WHERE jobs.state = asked.state AND ($2::uuid IS NULL OR jobs.id < $2) AND %s
    ORDER BY jobs.id DESC LIMIT $3
) AS j
ORDER BY j.id DESC LIMIT $3
"""
PAGE = _PAGE % "true"
PAGE_OF_KIND = _PAGE % "jobs.kind = $4"


async def page(
    tx: Tx, kind: str | None, state: State | None, before: UUID | None, limit: int
) -> list[Entry]:
    """The newest first."""
    states = STATES if state is None else (state,)
    if kind is None:
        rows = await tx.conn.fetch(PAGE, states, before, limit)
    else:
        rows = await tx.conn.fetch(PAGE_OF_KIND, states, before, limit, kind)
    return _entries(rows)


_COUNTS = """
SELECT asked.state, (
    SELECT count(*) FROM (
        SELECT FROM jobs WHERE jobs.state = asked.state AND %s LIMIT $2) AS first
) AS count FROM unnest($1::text[]) AS asked (state)
"""
COUNTS = _COUNTS % "true"
COUNTS_OF_KIND = _COUNTS % "jobs.kind = $3"


async def counts(tx: Tx, kind: str | None) -> dict[State, int]:
    """How many there are in each state, up to `COUNTED`."""
    if kind is None:
        rows = await tx.conn.fetch(COUNTS, STATES, COUNTED)
    else:
        rows = await tx.conn.fetch(COUNTS_OF_KIND, STATES, COUNTED, kind)
    return {row["state"]: row["count"] for row in rows}


# From each kind to the next: as many looks into the index as there are kinds, not jobs.
KINDS = """
WITH RECURSIVE kinds AS (
    (SELECT kind FROM jobs ORDER BY kind LIMIT 1)
    UNION ALL
    SELECT (SELECT j.kind FROM jobs j WHERE j.kind > kinds.kind ORDER BY j.kind LIMIT 1)
    FROM kinds WHERE kinds.kind IS NOT NULL
)
SELECT kind FROM kinds WHERE kind IS NOT NULL ORDER BY kind
"""


async def kinds(tx: Tx) -> list[str]:
    """Of which there is a job, in the order of the alphabet."""
    return [row["kind"] for row in await tx.conn.fetch(KINDS)]


async def find(tx: Tx, job_id: UUID) -> Entry | None:
    found = _entries(await tx.conn.fetch(f"SELECT {_COLUMNS} FROM jobs j WHERE j.id = $1", job_id))
    return found[0] if found else None


# A dead job may have a successor of the same key by now: two of them cannot wait.
REVIVE = """
UPDATE jobs SET state = 'waiting', run_at = $2, attempt = 0, finished_at = NULL,
    cancel_asked = false, done = 0, total = 0, note = ''
WHERE id = $1 AND state = 'dead' AND NOT EXISTS (
    SELECT FROM jobs w WHERE w.kind = jobs.kind AND w.key = jobs.key AND w.state = 'waiting')
RETURNING id
"""


async def revive(tx: Tx, job_id: UUID) -> bool:
    """Let a dead job wait again, with all its attempts before it; its last error stays to be read.
    False: it is not dead, or one of its key waits already."""
    try:
        revived = await tx.conn.fetchval(REVIVE, job_id, tx.now)
    except asyncpg.UniqueViolationError:  # whose successor came this very moment
        return False
    if revived is not None:
        tx.hint(WORK)
    return revived is not None


DROP = """
UPDATE jobs SET state = 'cancelled', finished_at = $2 WHERE id = $1 AND state = 'waiting'
RETURNING id
"""
STOP = """
UPDATE jobs SET cancel_asked = true WHERE id = $1 AND state = 'running' RETURNING id
"""


async def stop(tx: Tx, job_id: UUID) -> bool:
    """As `cancel`, of one row. False: it is over."""
    if await tx.conn.fetchval(DROP, job_id, tx.now) is not None:
        return True
    if await tx.conn.fetchval(STOP, job_id) is None:
        return False
    tx.hint(END)
    return True


def _entries(rows: Sequence[Any]) -> list[Entry]:
    return [Entry(**row) for row in rows]
