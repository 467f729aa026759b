"""All jobs of one process: which to take, how they end, and the loops they are looked after by."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
import structlog
from prometheus_client import CollectorRegistry

from tertulia.core.bus import Notice
from tertulia.core.clock import Clock
from tertulia.core.db import Database
from tertulia.core.ids import Ids
from tertulia.core.jobs import table
from tertulia.core.jobs.ending import Ending, ending
from tertulia.core.jobs.job import Job, next_turn
from tertulia.core.jobs.meter import JobMeter
from tertulia.core.jobs.queue import END
from tertulia.core.jobs.running import Run, age
from tertulia.core.jobs.table import Claimed, Lease
from tertulia.core.tx import Tx

AT_ONCE = 16  # jobs of one process
LOOK_SECONDS = 5.0  # between looks for what no hint told of
BEAT_SECONDS = 5.0
RESCUE_SECONDS = 10.0
DEPTH_SECONDS = 15.0
GOODBYE_SECONDS = 2.0  # for writing down what became of the rest
AWAY_SECONDS = 2.0  # for a database that is away
SWEEP = timedelta(hours=1)
KEPT = timedelta(days=1)
DEAD_KEPT = timedelta(days=30)
SWEPT_AT_ONCE = 1_000

log = structlog.get_logger(__name__)


class Sweep(msgspec.Struct):
    """Nothing to say."""


@dataclass
class _Seat:
    """A task and its job. `asked`: somebody wants it to stop. `ending`: the work is over, and what
    became of it is being written."""

    claimed: Claimed
    asked: bool = False
    ending: bool = False


class Jobs:
    """`hear` is to be told of notices on `TOPIC`. `kinds` leaves out the others."""

    def __init__(
        self,
        jobs: Sequence[Job[Any]],
        db: Database,
        clock: Clock,
        ids: Ids,
        chance: Callable[[], float],
        registry: CollectorRegistry,
        *,
        kinds: Collection[str] | None = None,
        at_once: int = AT_ONCE,
    ) -> None:
        mine = [*jobs, Job("jobs.sweep", Sweep, sweep, concurrency=1, every=SWEEP)]
        self.jobs = {job.kind: job for job in mine if kinds is None or job.kind in kinds}
        self._db = db
        self._clock = clock
        self._chance = chance
        self._meter = JobMeter(registry)
        self._worker = ids.uuid7()
        self._at_once = at_once
        self._running: dict[asyncio.Task[None], _Seat] = {}
        self._news = asyncio.Event()  # something to take, perhaps
        self._asked = asyncio.Event()  # something to stop, perhaps
        self._closed = False

    def hear(self, notice: Notice) -> None:
        if notice.type == END.type:
            self._asked.set()
        self._news.set()

    async def run(self) -> None:
        """Look after jobs for ever. Ended, it leaves its jobs running: `close` ends them."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._take())
            group.create_task(self._live())
            group.create_task(self._repeat(RESCUE_SECONDS, self._rescue))
            group.create_task(self._repeat(DEPTH_SECONDS, self._measure))

    async def run_due(self) -> None:
        """For tests and tools: run what is due until nothing is."""
        while await self._claim() or self._running:
            await self.idle()

    async def idle(self) -> None:
        """Returns when nothing runs here."""
        while self._running:
            await asyncio.wait(self._running)

    async def close(self, grace: float = 0.0) -> None:
        """Take nothing new, wait `grace` seconds, hand the rest back."""
        self._closed = True
        if self._running and grace > 0:
            await asyncio.wait(self._running, timeout=grace)
        for task, seat in self._running.items():
            if not seat.ending:
                task.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=GOODBYE_SECONDS)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    # Taking

    async def _take(self) -> None:
        await self._insist(self._ensure)
        while not self._closed:
            self._news.clear()
            try:
                taken = await self._claim()
                pause = 0.0 if taken else await self._until_next()
            except Exception:
                log.warning("jobs_wait", exc_info=True)
                taken, pause = 0, AWAY_SECONDS
            if not taken:
                await self._rest(self._news, pause)

    async def _claim(self) -> int:
        free = self._free()
        if self._closed or not free:
            return 0
        limit = self._at_once - len(self._running)
        claimed = await self._db.write(lambda tx: table.claim(tx, self._worker, free, limit))
        for each in claimed:
            self._start(each)
        return len(claimed)

    def _free(self) -> dict[str, int]:
        if len(self._running) >= self._at_once:
            return {}
        counts = {kind: job.concurrency for kind, job in self.jobs.items()}
        for seat in self._running.values():
            counts[seat.claimed.kind] -= 1
        return {kind: count for kind, count in counts.items() if count > 0}

    async def _until_next(self) -> float:
        async with self._db.read() as tx:
            due = await table.next_due(tx, self.jobs)
        if due is None:
            return LOOK_SECONDS
        return min(LOOK_SECONDS, max(0.01, (due - self._clock.now()).total_seconds()))

    async def _rest(self, event: asyncio.Event, seconds: float) -> None:
        """Until it happens, but no longer."""
        waiting = [
            asyncio.ensure_future(event.wait()),
            asyncio.ensure_future(self._clock.sleep(seconds)),
        ]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waiting:
                each.cancel()

    # Running

    def _start(self, claimed: Claimed) -> None:
        seat = _Seat(claimed)
        task = asyncio.create_task(self._run(seat))
        self._running[task] = seat
        task.add_done_callback(self._ended)
        self._meter.wait.labels(claimed.kind).observe(age(claimed.run_at, self._clock.now()))
        self._meter.running.labels(claimed.kind).inc()

    def _ended(self, task: asyncio.Task[None]) -> None:
        claimed = self._running.pop(task).claimed
        self._meter.running.labels(claimed.kind).dec()
        self._news.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("job_unfinished", kind=claimed.kind, job=str(claimed.id), exc_info=error)

    async def _run(self, seat: _Seat) -> None:
        claimed, job = seat.claimed, self.jobs[seat.claimed.kind]
        run = Run(claimed, self._worker, self._db, self._clock)
        began = self._clock.monotonic()
        error: BaseException | None = None
        try:
            payload = msgspec.json.decode(claimed.payload, type=job.payload)
            async with asyncio.timeout(job.timeout):
                await job.run(run, payload)
        except (Exception, asyncio.CancelledError) as raised:
            error = raised
        seat.ending = True
        self._meter.duration.labels(job.kind).observe(self._clock.monotonic() - began)
        end = Ending("done")
        if not run.completed:
            end = ending(error, job, claimed, chance=self._chance(), asked=seat.asked)
            await self._insist(lambda: self._finish(job, claimed, end))
        self._tell(claimed, end, error)

    async def _finish(self, job: Job[Any], claimed: Claimed, end: Ending) -> None:
        lease = Lease(claimed.id, self._worker, claimed.attempt)

        async def write(tx: Tx) -> None:
            if end.result == "lost":
                return
            if end.pause is not None:
                run_at = tx.now + timedelta(seconds=end.pause)
                back = int(end.result == "handed_back")
                await table.put_back(tx, lease, run_at, error=end.error, attempts=back)
            elif await table.finish(tx, lease, end.state, end.error) and job.every is not None:
                await table.ensure(tx, job.kind, next_turn(job.every, tx.now))

        await self._db.write(write)

    def _tell(self, claimed: Claimed, end: Ending, error: BaseException | None) -> None:
        self._meter.finished.labels(claimed.kind, end.result).inc()
        if end.result in ("retried", "dead"):
            log.warning(
                f"job_{end.result}",
                kind=claimed.kind,
                job=str(claimed.id),
                attempt=claimed.attempt,
                error=end.error,
                exc_info=error if end.unexpected else None,
            )

    # Looking after

    async def _ensure(self) -> None:
        """Every periodic job has its next turn waiting."""

        async def write(tx: Tx) -> None:
            for job in self.jobs.values():
                if job.every is not None:
                    await table.ensure(tx, job.kind, next_turn(job.every, tx.now))

        await self._db.write(write)

    async def _live(self) -> None:
        while True:
            await self._rest(self._asked, BEAT_SECONDS)
            self._asked.clear()
            await self._try(self._beat)

    async def _beat(self) -> None:
        before = dict(self._running)
        if not before:
            return
        held = await self._db.write(lambda tx: table.beat(tx, self._worker))
        for task, seat in before.items():
            # Asked to stop, or no longer ours.
            if held.get(seat.claimed.id, True) and not (seat.ending or seat.asked):
                seat.asked = True
                task.cancel()

    async def _rescue(self) -> None:
        attempts = {kind: job.retries.attempts for kind, job in self.jobs.items()}
        for kind, state in await self._db.write(lambda tx: table.take_over(tx, attempts)):
            log.warning("job_taken_over", kind=kind, state=state)
            self._meter.taken_over.labels(kind).inc()
            self._news.set()
        await self._ensure()

    async def _measure(self) -> None:
        async with self._db.read() as tx:
            depths = await table.depths(tx, list(self.jobs))
        for kind in self.jobs:
            depth = depths.get(kind, table.Depth(0, 0.0, 0))
            self._meter.queued.labels(kind).set(depth.queued)
            self._meter.oldest.labels(kind).set(depth.oldest)
            self._meter.dead.labels(kind).set(depth.dead)

    async def _repeat(self, seconds: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            await self._clock.sleep(seconds)
            await self._try(work)

    async def _try(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await work()
        except Exception:
            log.warning("jobs_upkeep_postponed", exc_info=True)

    async def _insist(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """A database that is away for a while does not lose an ending."""
        while True:
            try:
                return await work()
            except Exception:
                log.warning("jobs_wait", exc_info=True)
            await self._clock.sleep(AWAY_SECONDS)


async def sweep(run: Run, payload: Sweep) -> None:
    """What is over is kept for a day, what was given up on for a month."""
    del payload

    async def some(tx: Tx) -> int:
        return await table.sweep(tx, tx.now - KEPT, tx.now - DEAD_KEPT, SWEPT_AT_ONCE)

    while await run.db.write(some) == SWEPT_AT_ONCE:
        pass
