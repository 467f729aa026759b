"""Buckets that all nodes share, and what a node does while it cannot reach them."""

import asyncio
from collections import OrderedDict

import structlog
from prometheus_client import CollectorRegistry, Gauge

from tertulia.core.clock import Clock
from tertulia.core.limits.credit import Credit, shared_window
from tertulia.core.limits.memory import MemoryBuckets
from tertulia.core.limits.store import Buckets, Drawn
from tertulia.core.redis import UNREACHABLE

ANSWER_SECONDS = 0.25  # nobody waits longer for permission
RETRY_SECONDS = 1.0  # between questions to a store that did not answer
CAPACITY = 20_000  # keys of hot buckets remembered, about 600 B each

log = structlog.get_logger(__name__)


class _Held:
    """A node's share of one hot bucket. The lock: of those who find it empty, one asks."""

    __slots__ = ("credit", "lock")

    def __init__(self) -> None:
        self.credit = Credit()
        self.lock = asyncio.Lock()


class SharedBuckets:
    """A `BucketStore`. Every question goes to `shared`, but those about hot buckets, for which
    credit is drawn (`credit`).

    While `shared` fails or takes longer than ANSWER_SECONDS the node keeps its own buckets, so that
    all is still limited, on each node for itself; one question a second finds out when it is back.
    """

    def __init__(self, shared: Buckets, clock: Clock, registry: CollectorRegistry) -> None:
        self._shared = shared
        self._own = MemoryBuckets(clock)
        self._clock = clock
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._ask_at: float | None = None  # while it is away: when to try again
        self._joined = Gauge(
            "tertulia_rate_limits_shared",
            "1 while rate limits count over all nodes, 0 while this node counts alone.",
            registry=registry,
        )
        self._joined.set(1)

    def __len__(self) -> int:
        """Hot buckets this node remembers its credit of."""
        return len(self._held)

    async def take(self, key: str, cost: float, window: float, *, hot: bool = False) -> float:
        if hot:
            return await self._take_hot(key, cost, window)
        drawn = await self._ask(key, cost, cost, window)
        return await self._own.take(key, cost, window) if drawn is None else drawn.wait

    async def forget(self, key: str) -> None:
        await self._own.forget(key)
        if self._is_due():
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    await self._shared.forget(key)
            except UNREACHABLE as error:
                self._lost(error)
            else:
                self._found()

    # Hot buckets

    async def _take_hot(self, key: str, cost: float, window: float) -> float:
        held = self._hold(key)
        if held.credit.spend(cost, self._clock.monotonic()):
            return 0.0
        async with held.lock:
            now = self._clock.monotonic()
            if held.credit.spend(cost, now):  # somebody drew while we waited
                return 0.0
            if wait := held.credit.refusal(now):
                return wait
            most = held.credit.wanted(cost, window, now)
            drawn = await self._ask(key, cost, most, shared_window(window))
            if drawn is None:
                return await self._own.take(key, cost, window)
            held.credit.add(drawn, window, now)
            if drawn.wait > 0:
                return drawn.wait
            # Whoever came back after a pause finds their credit expired, but it was drawn for them.
            held.credit.spend(cost, now)
            return 0.0

    def _hold(self, key: str) -> _Held:
        held = self._held.get(key)
        if held is None:
            held = self._held[key] = _Held()
            if len(self._held) > CAPACITY:
                self._held.popitem(last=False)
        else:
            self._held.move_to_end(key)
        return held

    # The way there

    async def _ask(self, key: str, least: float, most: float, window: float) -> Drawn | None:
        """None: there is nobody to ask."""
        if not self._is_due():
            return None
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                drawn = await self._shared.draw(key, least, most, window)
        except UNREACHABLE as error:
            self._lost(error)
            return None
        self._found()
        return drawn

    def _is_due(self) -> bool:
        if self._ask_at is None:
            return True
        now = self._clock.monotonic()
        if now < self._ask_at:
            return False
        self._ask_at = now + RETRY_SECONDS  # one finds out, the others go on without
        return True

    def _lost(self, error: Exception) -> None:
        if self._ask_at is None:
            log.warning("rate_limits_alone", error=repr(error))
            self._joined.set(0)
        self._ask_at = self._clock.monotonic() + RETRY_SECONDS

    def _found(self) -> None:
        if self._ask_at is not None:
            log.info("rate_limits_shared")
            self._joined.set(1)
        self._ask_at = None
