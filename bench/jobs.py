"""Work for later: what an enqueue costs the transaction that wants it, and empty jobs a second.

Beside them PostgreSQL alone: a transaction with one row of about a job's size; and the same claim
and ending of one job by two plain statements, each a commit.
"""

import asyncio
import itertools
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from prometheus_client import CollectorRegistry

from bench.clients import Stopwatch
from bench.report import Line
from bench.server import Server
from tertulia.core import jobs, postgres
from tertulia.core.bus import LocalBus
from tertulia.core.clock import SystemClock
from tertulia.core.db import Database, open_pool
from tertulia.core.failpoints import Failpoints
from tertulia.core.ids import SystemIds
from tertulia.core.tx import Tx

KIND = "bench.empty"
WRITERS = 16
WRITTEN = 12_000
RUN = 6_000


class Nothing(msgspec.Struct, frozen=True):
    number: int


async def measure(server: Server) -> list[Line]:
    async with _database(server) as db:
        await db.write(_make_table)
        row = await _written(db, _write_row)
        both = await _written(db, _write_row_and_job)
        await db.write(lambda tx: tx.conn.execute("TRUNCATE jobs"))
        few, many = [await _run(db, at_once) for at_once in (16, 64)]
    bare = await _bare(server)
    return [
        Line("a transaction with one row", f"{row:,.0f}/s", f"{WRITERS} connections"),
        Line(
            "the same, and a job enqueued",
            f"{both / row:.0%} of that",
            f"{both:,.0f}/s; {1e6 / both - 1e6 / row:,.0f} µs of the server each",
        ),
        Line("PostgreSQL alone, claim and end one job", f"{bare:,.0f}/s", f"{WRITERS} connections"),
        Line("empty jobs, 16 at once", f"{few / bare:.0%} of that", f"{few:,.0f}/s, one process"),
        Line("empty jobs, 64 at once", f"{many / bare:.0%} of that", f"{many:,.0f}/s, one process"),
    ]


@asynccontextmanager
async def _database(server: Server) -> AsyncGenerator[Database]:
    clock = SystemClock()
    async with postgres.visiting(server.folder / "postgres") as dsn:
        db = Database(
            await open_pool(dsn, size=WRITERS),
            bus=LocalBus(),
            clock=clock,
            ids=SystemIds(clock),
            reactions={},
            failpoints=Failpoints(),
        )
        yield db
        await db.close()


async def _make_table(tx: Tx) -> None:
    await tx.conn.execute("CREATE TABLE bench_rows (id uuid PRIMARY KEY, words text)")


async def _write_row(tx: Tx, number: int) -> None:
    del number
    words = "of about a job's size " * 4
    await tx.conn.execute("INSERT INTO bench_rows VALUES ($1, $2)", tx.ids.uuid7(), words)


async def _write_row_and_job(tx: Tx, number: int) -> None:
    await _write_row(tx, number)
    await jobs.enqueue(tx, KIND, Nothing(number), key=str(number))


async def _written(db: Database, write: Callable[[Tx, int], Awaitable[None]]) -> float:
    """Transactions a second."""
    numbers = itertools.count()

    async def work() -> None:
        while (number := next(numbers)) < WRITTEN:
            await db.write(lambda tx, number=number: write(tx, number))

    with Stopwatch() as watch:
        await asyncio.gather(*(work() for _ in range(WRITERS)))
    return WRITTEN / watch.seconds


async def _run(db: Database, at_once: int) -> float:
    """Empty jobs a second, from a queue that is full."""
    await db.write(_fill)

    async def nothing(run: jobs.Run, payload: Nothing) -> None:
        del run, payload

    kind = jobs.Job(KIND, Nothing, nothing, concurrency=at_once)
    clock = SystemClock()
    registry = CollectorRegistry()
    worker = jobs.Jobs(
        [kind], db, clock, SystemIds(clock), random.random, registry, kinds={KIND}, at_once=at_once
    )
    with Stopwatch() as watch:
        await worker.run_due()
    return RUN / watch.seconds


async def _fill(tx: Tx) -> None:
    for number in range(RUN):
        await jobs.enqueue(tx, KIND, Nothing(number))


async def _bare(server: Server) -> float:
    async with _database(server) as db:
        await db.write(_fill)
    left = itertools.count()

    async def work() -> None:
        async with server.database() as conn:
            while next(left) < RUN:
                await _claim_and_end(conn)

    with Stopwatch() as watch:
        await asyncio.gather(*(work() for _ in range(WRITERS)))
    return RUN / watch.seconds


async def _claim_and_end(conn: Any) -> None:
    id_ = await conn.fetchval(
        "UPDATE jobs SET state = 'running', attempt = attempt + 1, worker = id, beat_at = now(),"
        " started_at = now() WHERE id = ("
        " SELECT id FROM jobs WHERE kind = $1 AND state = 'waiting' AND priority = 0"
        " ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id",
        KIND,
    )
    await conn.execute(
        "UPDATE jobs SET state = 'done', worker = NULL, finished_at = now() WHERE id = $1", id_
    )
