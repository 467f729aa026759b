"""Rate limits over several nodes: together they allow what one alone would, and while Redis is away
each still limits."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry
from redis.exceptions import ConnectionError as RedisAway
from structlog.testing import capture_logs
from tests.support.limits import ManualClock, TimedBuckets
from tests.support.redis import RedisServer

from tertulia.core.limits import Bucket, Drawn, MemoryBuckets, RedisBuckets, SharedBuckets
from tertulia.core.limits.shared import CAPACITY, RETRY_SECONDS
from tertulia.core.redis import open_redis

SAY = Bucket("say", 6_000, 60, hot=True)
LOGIN = Bucket("login", 10, 300)


class Weather:
    """Buckets that count the questions, and may not answer."""

    def __init__(self, clock: ManualClock) -> None:
        self._buckets = MemoryBuckets(clock)
        self.asked = 0
        self.answer: Callable[[], Any] | None = None

    async def draw(self, key: str, least: float, most: float, window: float) -> Drawn:
        await self._look()
        return await self._buckets.draw(key, least, most, window)

    async def forget(self, key: str) -> None:
        await self._look()
        await self._buckets.forget(key)

    async def _look(self) -> None:
        self.asked += 1
        await asyncio.sleep(0)
        if self.answer is not None:
            await self.answer()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def weather(clock: ManualClock) -> Weather:
    return Weather(clock)


def nodes(weather: Any, clock: ManualClock, number: int) -> list[SharedBuckets]:
    return [SharedBuckets(weather, clock, CollectorRegistry()) for _ in range(number)]


async def takes(store: SharedBuckets, bucket: Bucket, key: str = "alice") -> bool:
    window = bucket.amount * bucket.interval
    return not await store.take(key, bucket.interval, window, hot=bucket.hot)


async def test_nodes_allow_together_what_one_would(weather: Weather, clock: ManualClock) -> None:
    house = nodes(weather, clock, 3)
    allowed = [await takes(house[number % 3], LOGIN) for number in range(60)]
    assert allowed == [True] * 10 + [False] * 50


async def test_every_guess_at_a_password_is_asked_about(
    weather: Weather, clock: ManualClock
) -> None:
    [node] = nodes(weather, clock, 1)
    for _ in range(30):
        await takes(node, LOGIN)
    assert weather.asked == 30


async def test_what_one_node_forgets_is_forgotten_by_all(
    weather: Weather, clock: ManualClock
) -> None:
    one, other = nodes(weather, clock, 2)
    while await takes(one, LOGIN):
        pass
    await other.forget("alice")
    assert await takes(one, LOGIN)


# Hot buckets


async def test_a_flood_costs_a_question_for_every_few_hundred(
    weather: Weather, clock: ManualClock
) -> None:
    [node] = nodes(weather, clock, 1)
    said = [await takes(node, SAY) for _ in range(20_000)]
    assert sum(said) == 5_625  # a sixteenth is held back
    assert weather.asked < 30


async def test_many_at_once_ask_once(weather: Weather, clock: ManualClock) -> None:
    [node] = nodes(weather, clock, 1)
    await asyncio.gather(*(takes(node, SAY) for _ in range(3)))
    assert weather.asked == 1


@pytest.mark.parametrize("pace", [0.1, 1, 3, 11, 40])
async def test_whoever_talks_at_an_even_pace_is_never_stopped(
    weather: Weather, clock: ManualClock, pace: float
) -> None:
    """Round a balancer over four nodes, so that each sees a quarter: nothing much is wasted."""
    house = nodes(weather, clock, 4)
    for number in range(int(300 * pace)):
        clock.seconds += 1 / pace
        assert await takes(house[number % 4], SAY)


async def test_a_word_now_and_then_wastes_little(weather: Weather, clock: ManualClock) -> None:
    house = nodes(weather, clock, 8)
    for node in house:
        await takes(node, SAY)
    flood = 0
    while await takes(house[0], SAY):
        flood += 1
    assert flood > 5_500


async def test_a_node_that_slept_does_not_spend_old_credit(
    weather: Weather, clock: ManualClock
) -> None:
    """Fault 34: its clock went on while it stood still."""
    sleepy, awake = nodes(weather, clock, 2)
    for _ in range(1_000):
        await takes(sleepy, SAY)
    clock.seconds += 20
    for _ in range(10_000):
        await takes(awake, SAY)
    assert not await takes(sleepy, SAY)


async def test_what_refilled_behind_held_credit_is_not_allowed_on_top(
    weather: Weather, clock: ManualClock
) -> None:
    """A node draws; until it spends, the shared bucket gains: both in one instant would be more
    than the bucket, but for what is held back."""
    bucket = Bucket("b", 160, 160, hot=True)  # credit lives ten seconds
    holder, other = nodes(weather, clock, 2)
    while await takes(holder, bucket):
        pass
    clock.seconds += 1_000
    assert await takes(holder, bucket)  # and draws as much as it used last
    clock.seconds += 9.9
    allowed = 0
    for node in (holder, other):
        while await takes(node, bucket):
            allowed += 1
    assert 140 < allowed <= 160


async def test_how_many_are_remembered_is_bounded(weather: Weather, clock: ManualClock) -> None:
    [node] = nodes(weather, clock, 1)
    for number in range(CAPACITY + 50):
        await takes(node, SAY, f"guest-{number}")
    assert len(node) == CAPACITY


TURNS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 120), st.floats(0, 12)), min_size=1, max_size=40
)


def check(times: list[float], bucket: Bucket) -> None:
    """No stretch of time let more through than the bucket and the rate."""
    for start, first in enumerate(times):
        for end in range(start, len(times), 7):
            allowed = bucket.amount + (times[end] - first) / bucket.interval
            assert end - start + 1 <= allowed + 1e-3


async def play(
    house: list[SharedBuckets],
    clock: ManualClock,
    turns: list[tuple[int, int, float]],
    bucket: Bucket,
) -> None:
    """Each turn a node is asked some times in a row, then time passes."""
    times: list[float] = []
    for node, hits, pause in turns:
        for _ in range(hits):
            if await takes(house[node], bucket):
                times.append(clock.seconds)
        clock.seconds += pause
    check(times, bucket)


@settings(max_examples=150)
@given(turns=TURNS, amount=st.integers(16, 200), seconds=st.floats(1, 60), hot=st.booleans())
async def test_however_nodes_take_turns_the_bound_holds(
    turns: list[tuple[int, int, float]], amount: int, seconds: float, hot: bool
) -> None:
    clock = ManualClock()
    house = nodes(MemoryBuckets(clock), clock, 3)
    await play(house, clock, turns, Bucket("b", amount, seconds, hot=hot))


async def test_the_bound_holds_in_a_real_redis_too(redis_server: RedisServer) -> None:
    clock = ManualClock()
    redis: Any = open_redis(redis_server.url)
    house = nodes(TimedBuckets(redis, clock), clock, 3)
    turns = [(number % 3, 40 + number % 50, number % 4 * 0.7) for number in range(60)]
    for bucket in (Bucket("hot", 100, 30, hot=True), Bucket("cold", 100, 30)):
        await redis.flushall()
        await play(house, clock, turns, bucket)
        clock.seconds += 1_000
    await redis.aclose()


async def test_a_frozen_redis_is_waited_for_once(redis_server: RedisServer) -> None:
    """Fault 19, with the real client: a quarter of a second, once; then each counts alone."""
    clock = ManualClock()
    redis: Any = open_redis(redis_server.url)
    node = SharedBuckets(RedisBuckets(redis), clock, CollectorRegistry())
    await takes(node, LOGIN)
    loop = asyncio.get_running_loop()
    with redis_server.frozen():
        began = loop.time()
        allowed = sum([await takes(node, LOGIN) for _ in range(1_000)])
        assert loop.time() - began < 2
    assert allowed == LOGIN.amount
    clock.seconds += RETRY_SECONDS
    assert await takes(node, LOGIN)
    assert await node.take("alice", 9 * 30, 300) > 0, "Redis counts again: two were taken there"
    await redis.aclose()


# Redis away


async def refuse() -> None:
    raise RedisAway("nobody there")


async def break_off() -> None:
    """What uvloop says when the connection was reset since it was last used (fault 24)."""
    raise RuntimeError("unable to perform operation on <TCPTransport>; the handler is closed")


async def hang() -> None:
    await asyncio.get_running_loop().create_future()


@pytest.mark.parametrize("bucket", [LOGIN, SAY])
@pytest.mark.parametrize("trouble", [refuse, break_off, hang])
async def test_without_redis_a_node_limits_by_itself(
    weather: Weather, clock: ManualClock, bucket: Bucket, trouble: Any
) -> None:
    """Fault 19: while it hangs, one question a second waits for it, the others do not."""
    registry = CollectorRegistry()
    node = SharedBuckets(weather, clock, registry)
    weather.answer = trouble
    with capture_logs() as logs:
        allowed = sum([await takes(node, bucket) for _ in range(7_000)])
    assert allowed == bucket.amount
    assert weather.asked == 1
    assert [line["event"] for line in logs] == ["rate_limits_alone"]
    assert registry.get_sample_value("tertulia_rate_limits_shared") == 0


@pytest.mark.parametrize("trouble", [refuse, hang])
async def test_when_redis_is_back_all_count_together_again(
    weather: Weather, clock: ManualClock, trouble: Any
) -> None:
    registry = CollectorRegistry()
    node, [other] = SharedBuckets(weather, clock, registry), nodes(weather, clock, 1)
    weather.answer = trouble
    await takes(node, LOGIN)
    weather.answer = None
    while await takes(other, LOGIN):
        pass
    assert await takes(node, LOGIN), "still alone"
    clock.seconds += RETRY_SECONDS
    with capture_logs() as logs:
        assert not await takes(node, LOGIN)
    assert [line["event"] for line in logs] == ["rate_limits_shared"]
    assert registry.get_sample_value("tertulia_rate_limits_shared") == 1


async def test_of_many_one_finds_out_whether_redis_is_back(
    weather: Weather, clock: ManualClock
) -> None:
    """The others would all wait a quarter of a second, every second, for as long as it hangs."""
    [node] = nodes(weather, clock, 1)
    weather.answer = hang
    await takes(node, LOGIN)
    clock.seconds += RETRY_SECONDS
    weather.asked = 0
    await asyncio.gather(*(takes(node, LOGIN) for _ in range(100)))
    assert weather.asked == 1


async def test_a_forgiveness_reaches_the_nodes_own_bucket_while_redis_is_away(
    weather: Weather, clock: ManualClock
) -> None:
    [node] = nodes(weather, clock, 1)
    weather.answer = refuse
    while await takes(node, LOGIN):
        pass
    await node.forget("alice")
    assert await takes(node, LOGIN)


def test_a_bucket_too_small_to_share_in_parts_is_a_bug() -> None:
    with pytest.raises(ValueError, match="too small"):
        Bucket("b", 15, 60, hot=True)
