"""Rate limits: how often, per whom, and when to come back.

Declare what is limited as data and take from it where it happens:

    LOGIN = Bucket("login", 10, 300)
    await limiter.hit(LOGIN, network_of(info.address))

GCRA (a leaky bucket kept as one number per key) of our own, ADR 7. Alone a node keeps its buckets
in memory; nodes that share a Redis share every bucket and allow together what one would alone. What
is shared, what a busy bucket costs and what happens while Redis is away: `shared`.
"""

from tertulia.core.buckets import Bucket
from tertulia.core.limits.limiter import BucketEmpty, Limiter
from tertulia.core.limits.memory import MemoryBuckets
from tertulia.core.limits.redis import RedisBuckets
from tertulia.core.limits.shared import SharedBuckets
from tertulia.core.limits.store import Buckets, BucketStore, Drawn

__all__ = [
    "Bucket",
    "BucketEmpty",
    "BucketStore",
    "Buckets",
    "Drawn",
    "Limiter",
    "MemoryBuckets",
    "RedisBuckets",
    "SharedBuckets",
]
