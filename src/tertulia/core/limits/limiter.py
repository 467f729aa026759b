"""The question asked before anything that is limited."""

from math import ceil

from prometheus_client import Counter

from tertulia.core.buckets import Bucket
from tertulia.core.errors import RateLimited
from tertulia.core.limits.store import BucketStore


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
            _key(bucket, keys),
            cost * bucket.interval,
            bucket.amount * bucket.interval,
            hot=bucket.hot,
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
