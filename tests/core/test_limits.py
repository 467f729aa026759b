"""Rate limits: what passes and what waits. One suite, whether a node counts alone or all count in
Redis."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.limits import ManualClock, TimedBuckets
from tests.support.redis import RedisCluster, RedisServer

from tertulia.core.clock import SystemClock
from tertulia.core.errors import RateLimited
from tertulia.core.limits import (
    Bucket,
    BucketEmpty,
    BucketStore,
    Limiter,
    MemoryBuckets,
    RedisBuckets,
    SharedBuckets,
)
from tertulia.core.redis import open_redis
from tertulia.core.telemetry import Build, Telemetry

LOGIN = Bucket("login", 5, 60)  # five at once, then one every twelve seconds


@pytest.fixture
async def redis(redis_server: RedisServer) -> AsyncIterator[Any]:
    """Empty."""
    client: Any = open_redis(redis_server.url)
    yield client
    await client.aclose()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry(Build("1"))


@pytest.fixture(params=["memory", "redis"])
def store(
    request: pytest.FixtureRequest, clock: ManualClock, telemetry: Telemetry, redis: Any
) -> BucketStore:
    if request.param == "memory":
        return MemoryBuckets(clock)
    return SharedBuckets(TimedBuckets(redis, clock), clock, telemetry.registry)


@pytest.fixture
def limiter(store: BucketStore, telemetry: Telemetry) -> Limiter:
    return Limiter(store, telemetry.rate_limited)


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


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amount=st.integers(1, 20),
    seconds=st.floats(0.1, 1_000),
    gaps=st.lists(st.floats(0, 100), max_size=60),
)
async def test_no_window_lets_more_through_than_the_bucket_and_the_rate(
    store: BucketStore,
    clock: ManualClock,
    telemetry: Telemetry,
    redis: Any,
    amount: int,
    seconds: float,
    gaps: list[float],
) -> None:
    """GCRA's promise: at most `amount` at once and the rate after that."""
    limiter = Limiter(store, telemetry.rate_limited)
    bucket = Bucket("b", amount, seconds)
    await limiter.forget(bucket, "k")
    times: list[float] = []
    for gap in gaps:
        clock.seconds += gap
        if await passed(limiter, 1, "k", bucket=bucket):
            times.append(clock.seconds)
    for start, first in enumerate(times):
        for end in range(start, len(times)):
            allowed = amount + (times[end] - first) / bucket.interval
            # A microsecond is as exact as Redis is.
            assert end - start + 1 <= allowed + 1e-6 + 2e-6 / bucket.interval


async def test_redis_own_clock_decides(redis: Any) -> None:
    """The one test that waits for real: as long as the bucket says, and that is enough."""
    buckets = RedisBuckets(redis)
    wait = 0.0
    for _ in range(10):
        wait = wait or (await buckets.draw("k", 0.05, 0.05, 0.1)).wait
    assert 0 < wait <= 0.05
    await SystemClock().sleep(wait)
    assert (await buckets.draw("k", 0.05, 0.05, 0.1)).seconds == 0.05


async def test_a_clock_of_redis_that_is_set_back_shuts_no_bucket(
    redis: Any, clock: ManualClock
) -> None:
    buckets = TimedBuckets(redis, clock)
    assert (await buckets.draw("k", 60, 60, 60)).seconds == 60
    clock.seconds -= 600
    assert (await buckets.draw("k", 12, 12, 60)).wait == pytest.approx(12)
    clock.seconds += 12
    assert (await buckets.draw("k", 12, 12, 60)).seconds == 12


async def test_what_lies_in_redis_names_nobody_and_leaves_by_itself(redis: Any) -> None:
    await RedisBuckets(redis).draw("auth.login.account:5:alice", 1, 1, 60)
    [key] = await redis.keys("*")
    assert key.startswith(b"tertulia:limit:")
    assert b"alice" not in key
    assert 0 < await redis.pttl(key) <= 2_000


async def test_a_redis_that_forgot_the_script_is_told_it_again(redis: Any) -> None:
    buckets = RedisBuckets(redis)
    await buckets.draw("k", 1, 1, 60)
    await redis.script_flush()
    assert (await buckets.draw("k", 60, 60, 60)).wait > 0  # and what was taken is remembered


async def test_each_bucket_has_its_place_in_a_cluster(redis_cluster: RedisCluster) -> None:
    client: Any = open_redis(redis_cluster.url)
    buckets = RedisBuckets(client)
    for number in range(30):  # on all shards
        assert (await buckets.draw(f"guest-{number}", 1, 60, 60)).seconds == 60
        assert (await buckets.draw(f"guest-{number}", 1, 60, 60)).wait > 0
        await buckets.forget(f"guest-{number}")
        assert (await buckets.draw(f"guest-{number}", 1, 60, 60)).seconds == 60
    await client.aclose()
