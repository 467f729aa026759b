"""What a keeper of buckets promises; tests/core/test_limits_stores.py holds all of them to it."""

from typing import NamedTuple, Protocol


class Drawn(NamedTuple):
    """`seconds` of the bucket, now mine; 0.0 when it held too little, and then `wait` is how many
    seconds later it will hold enough, if nobody else takes any."""

    seconds: float
    wait: float


class Buckets(Protocol):
    """Buckets measured in seconds: each holds `window` of them and gains one a second."""

    async def draw(self, key: str, least: float, most: float, window: float) -> Drawn:
        """Take up to `most` seconds in whole multiples of `least`, or nothing at all.

        `0 < least <= most`; `least` that is above `window` is never drawn.
        """
        ...

    async def forget(self, key: str) -> None:
        """The bucket of `key` is full again."""
        ...


class BucketStore(Protocol):
    """What `Limiter` asks."""

    async def take(self, key: str, cost: float, window: float, *, hot: bool = False) -> float:
        """Take `cost` seconds from a bucket that holds `window` seconds and gains one a second.

        Returns 0.0 when taken; otherwise nothing was taken and the answer is the wait in seconds.
        `hot`: asked so often that a store far away should be asked for several at once.
        """
        ...

    async def forget(self, key: str) -> None: ...
