"""Buckets in a real Redis whose time a test holds in its hand."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
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


@asynccontextmanager
async def redis_url() -> AsyncGenerator[str]:
    """A Redis of its own, in memory only."""
    with tempfile.TemporaryDirectory(prefix="tertulia-redis-") as folder:
        path = Path(folder) / "socket"
        process = await asyncio.create_subprocess_exec(
            *("redis-server", "--port", "0", "--unixsocket", str(path), "--save", ""),
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            assert process.stdout is not None
            async with asyncio.timeout(10):
                while b"eady to accept connections" not in await process.stdout.readline():
                    pass
            yield f"unix://{path}"
        finally:
            process.terminate()
            await process.communicate()
