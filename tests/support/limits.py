"""Buckets in a real Redis whose time a test holds in its hand."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tertulia.core.limits import Drawn, RedisBuckets

NOW = "tertulia:test:now"


@dataclass
class ManualClock:
    seconds: float = 1_000.0

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


class TimedBuckets:
    """`RedisBuckets` by a clock of ours: the script reads the time we leave in a key."""

    def __init__(self, redis: Any, clock: ManualClock) -> None:
        self._redis = redis
        self._clock = clock
        self._buckets = RedisBuckets(redis, now=f"tonumber(redis.call('GET', '{NOW}'))")

    async def draw(self, key: str, least: float, most: float, window: float) -> Drawn:
        await self._redis.set(NOW, repr(self._clock.seconds * 1e6))
        return await self._buckets.draw(key, least, most, window)

    async def forget(self, key: str) -> None:
        await self._buckets.forget(key)
