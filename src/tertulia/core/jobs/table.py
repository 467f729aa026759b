"""What processes that run jobs do with the table: claim, give signs of life, finish, take over.

Times are those of the transaction, so of the node's clock: nodes whose clocks differ by more than
`LEASE` would take each other's jobs (the fence keeps even that from finishing one twice).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec

from tertulia.core.tx import Tx

LEASE = timedelta(seconds=30)

Final = Literal["done", "dead", "cancelled"]


class Claimed(msgspec.Struct, frozen=True):
    """A row that this process holds."""

    id: UUID
    kind: str
    key: str | None
    payload: bytes
    attempt: int
    run_at: datetime
    enqueued_at: datetime


class Lease(NamedTuple):
    """The fence: what is written for a run counts only while the row is still that run's."""

    id: UUID
    worker: UUID
    attempt: int


# For each kind and priority one walk along its own index, no further than what is due and free.
CLAIM = """
WITH asked AS (
    SELECT kind, free FROM unnest($1::text[], $2::int[]) AS a (kind, free)
), found AS (
    SELECT each.id FROM asked CROSS JOIN LATERAL (
        SELECT due.id, due.run_at, level.priority
        FROM (VALUES (2), (1), (0), (-1), (-2)) AS level (priority) CROSS JOIN LATERAL (
            SELECT j.id, j.run_at FROM jobs j
            WHERE j.state = 'waiting' AND j.kind = asked.kind
                AND j.priority = level.priority AND j.run_at <= $3
                AND (j.key IS NULL OR NOT EXISTS (
                    SELECT FROM jobs r
                    WHERE r.state = 'running' AND r.kind = j.kind AND r.key = j.key))
            ORDER BY j.run_at, j.id LIMIT asked.free FOR UPDATE OF j SKIP LOCKED
        ) AS due
        ORDER BY level.priority DESC, due.run_at, due.id LIMIT asked.free
    ) AS each
    ORDER BY each.priority DESC, each.run_at, each.id LIMIT $4
)
UPDATE jobs SET state = 'running', worker = $5, beat_at = $3, started_at = $3, finished_at = NULL,
    attempt = attempt + 1, cancel_asked = false, done = 0, total = 0, note = ''
FROM found WHERE jobs.id = found.id
RETURNING jobs.id, kind, key, payload, attempt, run_at, enqueued_at
"""


async def claim(tx: Tx, worker: UUID, free: Mapping[str, int], limit: int) -> list[Claimed]:
    """Up to `limit` jobs that are due, of each kind as many as `free` says; now `worker`'s."""
    rows = await tx.conn.fetch(CLAIM, list(free), list(free.values()), tx.now, limit, worker)
    return [Claimed(**row) for row in rows]


NEXT = """
SELECT min(first.run_at) FROM unnest($1::text[]) AS asked (kind)
CROSS JOIN (VALUES (2), (1), (0), (-1), (-2)) AS level (priority)
CROSS JOIN LATERAL (
    SELECT j.run_at FROM jobs j
    WHERE j.state = 'waiting' AND j.kind = asked.kind AND j.priority = level.priority
        AND j.run_at > $2
    ORDER BY j.run_at LIMIT 1
) AS first
"""


async def next_due(tx: Tx, kinds: Collection[str]) -> datetime | None:
    """When the first job that is not due yet will be."""
    return await tx.conn.fetchval(NEXT, list(kinds), tx.now)


BEAT = """
UPDATE jobs SET beat_at = $2 WHERE worker = $1 AND state = 'running' RETURNING id, cancel_asked
"""


async def beat(tx: Tx, worker: UUID) -> dict[UUID, bool]:
    """A sign of life for everything `worker` runs: by id, whether it is asked to stop."""
    rows = await tx.conn.fetch(BEAT, worker, tx.now)
    return {row["id"]: row["cancel_asked"] for row in rows}


async def tell(tx: Tx, lease: Lease, done: int, total: int, note: str) -> bool:
    """Note how far it is. False: the row is another run's."""
    statement = """
    UPDATE jobs SET done = $4, total = $5, note = $6, beat_at = $7
    WHERE id = $1 AND worker = $2 AND attempt = $3 AND state = 'running'
    """
    return _changed(await tx.conn.execute(statement, *lease, done, total, note, tx.now))


async def finish(tx: Tx, lease: Lease, state: Final, error: str = "") -> bool:
    """End it. False: the row is another run's."""
    statement = """
    UPDATE jobs SET state = $4, error = $5, finished_at = $6, worker = NULL, beat_at = NULL,
        done = CASE WHEN $4 = 'done' THEN total ELSE done END
    WHERE id = $1 AND worker = $2 AND attempt = $3 AND state = 'running'
    """
    return _changed(await tx.conn.execute(statement, *lease, state, error, tx.now))


# A newer one of the same key says what is wanted now: this one gives way to it.
WAITS = """
EXISTS (SELECT FROM jobs w WHERE w.state = 'waiting' AND w.kind = jobs.kind AND w.key = jobs.key)
"""


async def put_back(
    tx: Tx, lease: Lease, run_at: datetime, *, error: str = "", attempts: int = 0
) -> bool:
    """Let it wait again; `attempts` are not counted. False: the row is another run's."""
    statement = f"""
    UPDATE jobs SET state = CASE WHEN {WAITS} THEN 'cancelled' ELSE 'waiting' END,
        finished_at = CASE WHEN {WAITS} THEN $6::timestamptz END,
        error = $5, run_at = $4, attempt = attempt - $7, worker = NULL, beat_at = NULL
    WHERE id = $1 AND worker = $2 AND attempt = $3 AND state = 'running'
    """
    return _changed(await tx.conn.execute(statement, *lease, run_at, error, tx.now, attempts))


TAKE_OVER = f"""
WITH silent AS (
    SELECT j.id, j.attempt >= a.attempts AS spent
    FROM unnest($1::text[], $2::int[]) AS a (kind, attempts)
    JOIN jobs j ON j.kind = a.kind AND j.state = 'running' AND j.beat_at < $3
    ORDER BY j.id LIMIT 100 FOR UPDATE OF j SKIP LOCKED
), ends AS (
    SELECT jobs.id, CASE
        WHEN jobs.cancel_asked OR {WAITS} THEN 'cancelled'
        WHEN silent.spent THEN 'dead'
        ELSE 'waiting' END AS state
    FROM jobs JOIN silent ON silent.id = jobs.id
)
UPDATE jobs SET state = ends.state, run_at = $4::timestamptz, worker = NULL, beat_at = NULL,
    finished_at = CASE WHEN ends.state <> 'waiting' THEN $4::timestamptz END,
    error = 'its process fell silent'
FROM ends WHERE jobs.id = ends.id RETURNING jobs.kind, ends.state
"""


async def take_over(tx: Tx, attempts: Mapping[str, int]) -> list[tuple[str, str]]:
    """Let what lost its process wait again; the kind and new state of each."""
    rows = await tx.conn.fetch(
        TAKE_OVER, list(attempts), list(attempts.values()), tx.now - LEASE, tx.now
    )
    return [(row["kind"], row["state"]) for row in rows]


ENSURE = """
INSERT INTO jobs (id, kind, key, payload, priority, run_at, enqueued_at)
SELECT $1, $2, 'turn', '{}', 0, $3, $4
WHERE NOT EXISTS (SELECT FROM jobs WHERE kind = $2 AND key = 'turn' AND state = 'running')
ON CONFLICT (kind, key) WHERE state = 'waiting' AND key IS NOT NULL DO NOTHING
"""


async def ensure(tx: Tx, kind: str, run_at: datetime) -> None:
    """Let the next turn of a periodic job wait, where none waits or runs."""
    await tx.conn.execute(ENSURE, tx.ids.uuid7(), kind, run_at, tx.now)


async def sweep(tx: Tx, before: datetime, dead_before: datetime, limit: int) -> int:
    """Forget up to `limit` that are over for so long; how many."""
    statement = """
    DELETE FROM jobs WHERE id IN (
        SELECT id FROM jobs WHERE finished_at < $1 AND (state <> 'dead' OR finished_at < $2)
        ORDER BY finished_at LIMIT $3)
    """
    status = await tx.conn.execute(statement, before, dead_before, limit)
    return int(status.rpartition(" ")[2])


class Depth(NamedTuple):
    """Of one kind: jobs that are due and wait, seconds the oldest of them waits, dead ones."""

    queued: int
    oldest: float
    dead: int


async def depths(tx: Tx, kinds: Sequence[str]) -> dict[str, Depth]:
    statement = """
    SELECT kind, count(*) FILTER (WHERE state = 'waiting') AS queued,
        coalesce(
            extract(epoch FROM $2 - min(run_at) FILTER (WHERE state = 'waiting')), 0) AS oldest,
        count(*) FILTER (WHERE state = 'dead') AS dead
    FROM jobs WHERE kind = ANY ($1) AND (state = 'dead' OR (state = 'waiting' AND run_at <= $2))
    GROUP BY kind
    """
    rows = await tx.conn.fetch(statement, list(kinds), tx.now)
    return {row["kind"]: Depth(row["queued"], float(row["oldest"]), row["dead"]) for row in rows}


def _changed(status: str) -> bool:
    return status != "UPDATE 0"
