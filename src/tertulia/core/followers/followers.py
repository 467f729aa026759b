"""All followers of one node, and the clock they are looked after by."""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from itertools import count
from typing import Any

import structlog
from prometheus_client import CollectorRegistry

from tertulia.core.bus import Notice
from tertulia.core.clock import Clock
from tertulia.core.db import Database
from tertulia.core.followers import marks
from tertulia.core.followers.course import AWAY_SECONDS, Course
from tertulia.core.followers.follower import Follower
from tertulia.core.followers.meter import FollowerMeter
from tertulia.core.history import Hydrators

AT_ONCE = 2  # steps of one node: its connections belong to those who wait for answers
LOOK_SECONDS = 5.0  # between looks for what is to be tried again
LOOKS_PER_SWEEP = 12
RETRIES = 1_000  # streams of one such look

log = structlog.get_logger(__name__)


class Followers:
    """`hint` is to be told of every commit of this node."""

    def __init__(
        self,
        followers: Sequence[Follower],
        db: Database,
        clock: Clock,
        hydrators: Hydrators,
        registry: CollectorRegistry,
    ) -> None:
        turns = asyncio.Semaphore(AT_ONCE)
        meter = FollowerMeter(registry)
        self.courses = {
            follower.name: Course(follower, db, clock, hydrators, meter, turns)
            for follower in followers
        }
        self._db = db
        self._clock = clock
        self._interested: dict[str, list[Course]] = {}
        for course in self.courses.values():
            for type_ in course.follower.types:
                self._interested.setdefault(type_, []).append(course)

    def hint(self, notices: Sequence[Notice]) -> None:
        for notice in notices:
            for course in self._interested.get(notice.type, ()):
                course.hint(notice.topic)

    async def run(self) -> None:
        """Follow for ever. Ended in the middle of a step, it leaves nothing half done."""
        if not self.courses:
            return
        async with asyncio.TaskGroup() as group:
            group.create_task(self._retry())
            for course in self.courses.values():
                group.create_task(self._follow(course))

    async def _follow(self, course: Course) -> None:
        await self._insist(course.begin)
        async with asyncio.TaskGroup() as group:
            group.create_task(course.follow())
            group.create_task(self._sweep(course))

    async def _sweep(self, course: Course) -> None:
        await self._insist(course.sweep)
        for look in count(1):
            await self._clock.sleep(LOOK_SECONDS)
            if course.overflowed or (look % LOOKS_PER_SWEEP == 0 and await self._claims(course)):
                course.overflowed = False
                await self._insist(course.sweep)

    async def _claims(self, course: Course) -> bool:
        name = course.follower.name
        due_again = self._clock.now() + timedelta(seconds=LOOK_SECONDS * LOOKS_PER_SWEEP)
        try:
            return await self._db.write(lambda tx: marks.claim_sweep(tx, name, due_again))
        except Exception:
            log.warning("follower_sweep_postponed", follower=name, exc_info=True)
            return False

    async def _retry(self) -> None:
        """What failed, on whatever node, is tried again when its time has come."""
        while True:
            await self._clock.sleep(LOOK_SECONDS)
            try:
                async with self._db.read() as tx:
                    found = await marks.due(tx, RETRIES)
            except Exception:
                log.warning("follower_retries_postponed", exc_info=True)
                continue
            for name, stream in found:
                if name in self.courses:
                    self.courses[name].hint(stream.name)

    async def _insist(self, work: Any) -> None:
        """A loop outlives a database that is away for a while."""
        while True:
            attempt: Coroutine[Any, Any, None] = work()
            try:
                return await attempt
            except Exception:
                log.warning("follower_waits", exc_info=True)
                await self._clock.sleep(AWAY_SECONDS)
