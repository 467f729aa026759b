"""Rate limits: what passes, what waits, and that nobody can fill the memory."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.errors import RateLimited
from tertulia.core.limits import Bucket, BucketEmpty, Limiter, MemoryBuckets
from tertulia.core.telemetry import Build, Telemetry

LOGIN = Bucket("login", 5, 60)  # five at once, then one every twelve seconds


@dataclass
class ManualClock:
    seconds: float = 1_000.0

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry(Build("1"))


@pytest.fixture
def limiter(clock: ManualClock, telemetry: Telemetry) -> Limiter:
    return Limiter(MemoryBuckets(clock), telemetry.rate_limited)


async def passed(limiter: Limiter, times: int, *keys: str, bucket: Bucket = LOGIN) -> int:
    count = 0
    for _ in range(times):
        try:
            await limiter.hit(bucket, *keys)
        except BucketEmpty:
            continue
        count += 1
    return count


async def test_a_bucket_holds_its_amount(limiter: Limiter) -> None:
    assert await passed(limiter, 20, "alice") == 5


async def test_refusals_say_when_and_waiting_that_long_is_enough(
    limiter: Limiter, clock: ManualClock, telemetry: Telemetry
) -> None:
    await passed(limiter, 5, "alice")
    clock.seconds += 2
    with pytest.raises(RateLimited) as refusal:
        await limiter.hit(LOGIN, "alice")
    assert refusal.value.retry_after == pytest.approx(10)
    clock.seconds += 9.9
    assert await passed(limiter, 1, "alice") == 0
    clock.seconds += 0.1
    assert await passed(limiter, 2, "alice") == 1
    refusals = telemetry.registry.get_sample_value(
        "tertulia_http_rate_limited_total", {"bucket": "login"}
    )
    assert refusals == 3


async def test_asking_again_does_not_make_it_longer(limiter: Limiter, clock: ManualClock) -> None:
    await passed(limiter, 500, "alice")
    clock.seconds += 12
    assert await passed(limiter, 1, "alice") == 1


async def test_an_idle_bucket_fills_up_and_no_further(limiter: Limiter, clock: ManualClock) -> None:
    await passed(limiter, 5, "alice")
    clock.seconds += 86_400
    assert await passed(limiter, 20, "alice") == 5


async def test_people_buckets_and_spellings_are_apart(limiter: Limiter) -> None:
    assert await passed(limiter, 5, "alice") == 5
    assert await passed(limiter, 5, "bob") == 5
    assert await passed(limiter, 5, "alice", bucket=Bucket("refresh", 5, 60)) == 5
    assert await passed(limiter, 5, "a:b", "c") == 5
    assert await passed(limiter, 5, "a", "b:c") == 5


async def test_dear_things_cost_more(limiter: Limiter) -> None:
    await limiter.hit(LOGIN, "alice", cost=4)
    with pytest.raises(BucketEmpty):
        await limiter.hit(LOGIN, "alice", cost=2)  # takes nothing
    await limiter.hit(LOGIN, "alice", cost=1)


async def test_what_can_never_pass_is_a_bug(limiter: Limiter) -> None:
    with pytest.raises(ValueError, match="never fits"):
        await limiter.hit(LOGIN, "alice", cost=6)


async def test_whoever_proves_who_they_are_starts_afresh(limiter: Limiter) -> None:
    await passed(limiter, 5, "alice")
    await limiter.forget(LOGIN, "alice")
    assert await passed(limiter, 5, "alice") == 5


async def test_memory_is_bounded_and_forgets_the_longest_unused(clock: ManualClock) -> None:
    store = MemoryBuckets(clock, capacity=100)
    await store.take("victim", 1, 1)
    for number in range(1_000):
        if number % 50 == 0:
            await store.take("busy", 0.001, 60)
        await store.take(f"flood-{number}", 1, 60)
    assert len(store) <= 101
    assert await store.take("victim", 1, 1) == 0
    assert await store.take("busy", 60, 60) > 0


async def test_full_buckets_leave_by_themselves(clock: ManualClock) -> None:
    store = MemoryBuckets(clock)
    for number in range(1_000):
        await store.take(f"guest-{number}", 1, 60)
    clock.seconds += 100
    for _ in range(600):
        await store.take("regular", 0.001, 60)
    assert len(store) == 1


@given(
    amount=st.integers(1, 20),
    seconds=st.floats(0.1, 1_000),
    gaps=st.lists(st.floats(0, 100), max_size=60),
)
async def test_no_window_lets_more_than_twice_the_amount_through(
    amount: int, seconds: float, gaps: list[float]
) -> None:
    """GCRA's promise: at most `amount` at once and the rate after that."""
    clock = ManualClock(0)
    limiter = Limiter(MemoryBuckets(clock), Telemetry(Build("1")).rate_limited)
    bucket = Bucket("b", amount, seconds)
    times: list[float] = []
    for gap in gaps:
        clock.seconds += gap
        if await passed(limiter, 1, "k", bucket=bucket):
            times.append(clock.seconds)
    for start, first in enumerate(times):
        for end in range(start, len(times)):
            allowed = amount + (times[end] - first) / bucket.interval
            assert end - start + 1 <= allowed + 1e-6
