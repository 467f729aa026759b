"""Buckets of one node."""

from collections import OrderedDict
from math import floor

from tertulia.core.clock import Clock
from tertulia.core.limits.store import Drawn

EPSILON = 1e-9  # seconds; sums of floats end a little off


class MemoryBuckets:
    """Keeps the `capacity` keys used last; about 200 B each. Both a `Buckets` and a `BucketStore`.

    GCRA of our own: the `limits` library reads `time.time()` itself, keeps one entry per hit, and
    starts a thread to forget them.
    """

    def __init__(self, clock: Clock, *, capacity: int = 100_000) -> None:
        self._clock = clock
        self._capacity = capacity
        self._full_at: OrderedDict[str, float] = OrderedDict()
        """When the bucket will be full again (GCRA's theoretical arrival time)."""

    def __len__(self) -> int:
        return len(self._full_at)

    async def draw(self, key: str, least: float, most: float, window: float) -> Drawn:
        now = self._clock.monotonic()
        full_at = max(now, self._full_at.get(key, now))
        room = now + window - full_at + EPSILON
        if room < least:
            return Drawn(0.0, least - room)
        seconds = floor(min(room, most) / least) * least
        self._full_at[key] = full_at + seconds
        self._full_at.move_to_end(key)
        self._prune(now)
        return Drawn(seconds, 0.0)

    async def take(self, key: str, cost: float, window: float, *, hot: bool = False) -> float:
        del hot  # nothing is nearer than this
        return (await self.draw(key, cost, cost, window)).wait

    async def forget(self, key: str) -> None:
        self._full_at.pop(key, None)

    def _prune(self, now: float) -> None:
        """Two looks per hit at the oldest keys: full buckets go, and at capacity any."""
        for _ in range(2):
            key, full_at = next(iter(self._full_at.items()))
            if full_at > now and len(self._full_at) <= self._capacity:
                return
            del self._full_at[key]
