"""One follower at work on one node."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import islice

import structlog

from tertulia.core.clock import Clock
from tertulia.core.db import Database
from tertulia.core.followers import marks
from tertulia.core.followers.follower import Follower
from tertulia.core.followers.meter import FollowerMeter
from tertulia.core.followers.resting import HOT_REST, rest_after
from tertulia.core.followers.step import STREAMS, Stepped, blame, step
from tertulia.core.history import Hydrators
from tertulia.core.streams import Stream, parse_stream

WAITING_LIMIT = 10_000  # streams remembered; more are left to a sweep
AWAY_SECONDS = 1.0  # before asking again a database that is away
PAGE = 256  # streams of one look of a sweep
MARK_PAGE = 5_000  # streams marked at once when a follower begins

log = structlog.get_logger(__name__)


class Course:
    """`turns` bounds how many followers of a node use the database at once: those who wait for
    an answer come first."""

    def __init__(
        self,
        follower: Follower,
        db: Database,
        clock: Clock,
        hydrators: Hydrators,
        meter: FollowerMeter,
        turns: asyncio.Semaphore,
    ) -> None:
        self.follower = follower
        self.overflowed = False  # more news than is remembered: sweep
        self._db = db
        self._clock = clock
        self._hydrators = hydrators
        self._turns = turns
        self._news = asyncio.Event()
        self._waiting: dict[str, None] = {}  # streams by name, in the order of their news
        self._heard = 0  # news since the last step
        self._rested_at = clock.monotonic()
        self._late = 0.0  # seconds, of what was handled last
        name = follower.name
        self._handled = meter.handled.labels(name)
        self._failed = meter.failed.labels(name)
        self._stepped_over = meter.stepped_over.labels(name)
        self._lag = meter.lag.labels(name)
        meter.waiting.labels(name).set_function(lambda: len(self._waiting))

    def hint(self, topic: str) -> None:
        """That stream has news."""
        self._heard += 1
        if len(self._waiting) >= WAITING_LIMIT:
            self.overflowed = True
            return
        self._waiting[topic] = None
        self._news.set()

    async def begin(self) -> None:
        """Take a place in the log, once for ever."""
        name, kind = self.follower.name, self.follower.kind
        if await self._db.write(lambda tx: marks.enlist(tx, name)):
            return
        if not self.follower.from_beginning:
            after = None
            while True:
                last = after
                after = await self._db.write(
                    lambda tx, at=last: marks.mark_heads(tx, name, kind, at, MARK_PAGE)
                )
                if after is None:
                    break
        await self._db.write(lambda tx: marks.begin(tx, name))

    async def follow(self) -> None:
        """Handle what is hinted at, for ever."""
        while True:
            await self._news.wait()
            topics = list(islice(self._waiting, STREAMS))
            for topic in topics:
                del self._waiting[topic]
            if not self._waiting:
                self._news.clear()
            for stream in await self.work([parse_stream(topic) for topic in topics]):
                self.hint(stream.name)

    async def sweep(self) -> None:
        """Bring every stream written since the last sweep to its head, whoever failed to say so."""
        name = self.follower.name
        async with self._db.read() as tx:
            reached, last = await marks.horizon(tx), await marks.swept(tx, name)
        since = last.xmin if last.epoch == reached.epoch else 0
        after = None
        while True:
            async with self._db.read() as tx:
                found = await marks.behind(tx, self.follower, since, after, PAGE)
            for start in range(0, len(found), STREAMS):
                await self._catch_up(found[start : start + STREAMS])
            if len(found) < PAGE:
                break
            after = found[-1]
        await self._db.write(lambda tx: marks.finish_sweep(tx, name, reached))

    async def _catch_up(self, ids: Iterable[object]) -> None:
        streams = [parse_stream(f"{self.follower.kind}:{id_}") for id_ in ids]
        while streams:
            streams = await self.work(streams)

    async def work(self, streams: Sequence[Stream]) -> list[Stream]:
        """One step; answers what has more. A failure holds up none but its own stream."""
        began = self._clock.monotonic()
        more, alone = await self._try(streams)
        for stream in alone:
            more += (await self._try([stream]))[0]
        await self._rest(self._clock.monotonic() - began)
        return more

    async def _rest(self, took: float) -> None:
        """By the loop's own time HOT_REST at most: a clock that was moved while we worked, and
        stands still now, must not hold up what follows."""
        now = self._clock.monotonic()
        rest = rest_after(took, heard=self._heard, within=now - self._rested_at, lag=self._late)
        self._heard, self._rested_at = 0, now
        if rest > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(HOT_REST):
                    await self._clock.sleep(rest)

    async def _try(self, streams: Sequence[Stream]) -> tuple[list[Stream], list[Stream]]:
        """Answers what has more, and what is to be tried alone."""
        try:
            async with self._turns:
                stepped = await self._db.write(
                    lambda tx: step(tx, self.follower, streams, self._hydrators)
                )
        except Exception as error:
            if len(streams) > 1:
                return [], list(streams)
            return await self._blame(streams[0], error), []
        self._count(stepped)
        return stepped.more, stepped.alone

    def _count(self, stepped: Stepped) -> None:
        self._handled.inc(stepped.handled)
        self._late = 0.0
        if stepped.oldest is not None:
            self._late = (self._clock.now() - stepped.oldest).total_seconds()
            self._lag.observe(self._late)

    async def _blame(self, stream: Stream, error: Exception) -> list[Stream]:
        self._failed.inc()
        try:
            blamed = await self._db.write(lambda tx: blame(tx, self.follower, stream, error))
        except Exception:
            # Not even that can be written: the database is away, and this is not forgotten.
            log.warning("follower_waits", follower=self.follower.name, exc_info=True)
            await self._clock.sleep(AWAY_SECONDS)
            return [stream]
        about = {"follower": self.follower.name, "stream": stream.name}
        if blamed.over is None:
            log.warning("follower_failed", **about, wait=blamed.wait, exc_info=error)
            return []
        self._stepped_over.inc()
        log.error("follower_stepped_over", **about, seq=blamed.over, exc_info=error)
        return [stream]
