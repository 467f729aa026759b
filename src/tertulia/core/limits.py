"""Rate limits: how often, per whom, and when to come back.

Declare what is limited as data and take from it where it happens:

    LOGIN = Bucket("login", 10, 300)
    await limiter.hit(LOGIN, network_of(info.address))

GCRA (a leaky bucket kept as one number per key) of our own: the `limits` library reads
`time.time()` itself, keeps one entry per hit, and starts a thread to forget them.
"""

from collections import OrderedDict
from math import ceil
from typing import Protocol

from prometheus_client import Counter

from tertulia.core.buckets import Bucket
from tertulia.core.clock import Clock
from tertulia.core.errors import RateLimited


class BucketEmpty(RateLimited):
    """`retry_after` is when the same request would pass, were it the only one."""

    def __init__(self, bucket: Bucket, retry_after: float) -> None:
        super().__init__(retry_after=retry_after)
        self.bucket = bucket

    @property
    def headers(self) -> dict[str, str]:
        """draft-ietf-httpapi-ratelimit-headers: quota, window, remaining, reset; in seconds."""
        bucket, retry_after = self.bucket, max(1, ceil(self.retry_after or 0))
        return {
            "RateLimit-Policy": f'"{bucket.name}";q={bucket.amount};w={ceil(bucket.seconds)}',
            "RateLimit": f'"{bucket.name}";r=0;t={retry_after}',
        }


class BucketStore(Protocol):
    async def take(self, key: str, cost: float, window: float) -> float:
        """Take `cost` seconds from a bucket that holds `window` seconds and gains one a second.

        Returns 0.0 when taken; otherwise nothing was taken and the answer is the wait in seconds.
        """
        ...

    async def forget(self, key: str) -> None: ...


class MemoryBuckets:
    """Of one node. Keeps the `capacity` keys used last; about 200 B each."""

    def __init__(self, clock: Clock, *, capacity: int = 100_000) -> None:
        self._clock = clock
        self._capacity = capacity
        self._full_at: OrderedDict[str, float] = OrderedDict()
        """When the bucket will be full again (GCRA's theoretical arrival time)."""

    def __len__(self) -> int:
        return len(self._full_at)

    async def take(self, key: str, cost: float, window: float) -> float:
        now = self._clock.monotonic()
        full_at = max(now, self._full_at.get(key, now)) + cost
        wait = full_at - window - now
        if wait > 1e-9:
            return wait
        self._full_at[key] = full_at
        self._full_at.move_to_end(key)
        self._prune(now)
        return 0.0

    async def forget(self, key: str) -> None:
        self._full_at.pop(key, None)

    def _prune(self, now: float) -> None:
        """Two looks per hit at the oldest keys: full buckets go, and at capacity any."""
        for _ in range(2):
            key, full_at = next(iter(self._full_at.items()))
            if full_at > now and len(self._full_at) <= self._capacity:
                return
            del self._full_at[key]


class Limiter:
    def __init__(self, store: BucketStore, refused: Counter) -> None:
        """`refused` counts by the label `bucket`."""
        self._store = store
        self._refused = refused

    async def hit(self, bucket: Bucket, *keys: str, cost: int = 1) -> None:
        """Take from the bucket of `keys`, or raise BucketEmpty and take nothing.

        `cost` must not exceed `bucket.amount`: such a request could never pass.
        """
        if cost > bucket.amount:
            raise ValueError(f"cost {cost} never fits into bucket {bucket.name}")
        wait = await self._store.take(
            _key(bucket, keys), cost * bucket.interval, bucket.amount * bucket.interval
        )
        if wait > 0:
            self._refused.labels(bucket.name).inc()
            raise BucketEmpty(bucket, wait)

    async def forget(self, bucket: Bucket, *keys: str) -> None:
        """Fill the bucket of `keys`: they proved to be who they claim."""
        await self._store.forget(_key(bucket, keys))


def _key(bucket: Bucket, keys: tuple[str, ...]) -> str:
    # Length-prefixed, so that ("a:b", "c") and ("a", "b:c") are different customers.
    return bucket.name + "".join(f":{len(key)}:{key}" for key in keys)
