"""Who serves this place: told in Redis, forgotten by expiry, remembered while Redis is away."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.support.clock import HandClock
from tests.support.limits import ManualClock
from tests.support.redis import RedisServer

from tertulia.core.ids import SystemIds
from tertulia.core.nodes import CUT_OFF, EXPIRY, INDEX, LINGER, Nodes, new_node_id
from tertulia.core.redis import open_redis

ANNA, BEN = ("127.0.0.1", 5001), ("10.0.0.7", 5002)


@pytest.fixture
async def redis(redis_server: RedisServer) -> AsyncIterator[Any]:
    client = open_redis(redis_server.url)
    yield client
    await client.aclose()


@pytest.fixture
def time() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def pair(redis: Any, time: ManualClock) -> tuple[Nodes, Nodes]:
    """Two that know each other."""
    anna, ben = Nodes(redis, time, "anna-001"), Nodes(redis, time, "ben--002")
    await anna.announce(ANNA)
    await ben.announce(BEN)
    await _look(anna, time)
    return anna, ben


async def _look(nodes: Nodes, time: ManualClock) -> None:
    """As `stay` does at its next turn."""
    time.seconds += 5
    await nodes._look_again()  # pyright: ignore[reportPrivateUsage]


async def _die(node: Nodes, redis: Any) -> None:
    """What Redis does when EXPIRY has passed."""
    assert 0 < await redis.ttl(f"{INDEX}:{node.id}") <= EXPIRY
    await redis.delete(f"{INDEX}:{node.id}")


def test_an_id_is_8_url_safe_characters_and_new_each_time(clock: HandClock) -> None:
    ids = SystemIds(clock)
    made = {new_node_id(ids) for _ in range(100)}
    assert len(made) == 100
    assert all(len(one) == 8 and one.replace("-", "").replace("_", "").isalnum() for one in made)


async def test_all_find_all(pair: tuple[Nodes, Nodes]) -> None:
    anna, ben = pair
    assert await anna.find(ben.id) == BEN
    assert await ben.find(anna.id) == ANNA
    assert await anna.find(anna.id) == ANNA
    assert anna.alive() == ben.alive() == {anna.id, ben.id}


async def test_a_newcomer_is_found_at_once_by_who_asks_for_it(
    pair: tuple[Nodes, Nodes], redis: Any, time: ManualClock
) -> None:
    anna, _ = pair
    carl = Nodes(redis, time, "carl-003")
    await carl.announce(("127.0.0.1", 5003))
    assert await anna.find("carl-003") == ("127.0.0.1", 5003)
    assert "carl-003" in anna.alive()


async def test_forged_ids_do_not_become_load_on_redis(
    pair: tuple[Nodes, Nodes], redis: Any, time: ManualClock
) -> None:
    """However many ask for nodes that never were, Redis is asked once for all of them."""
    anna, _ = pair
    before = (await redis.info("stats"))["total_commands_processed"]
    found = await asyncio.gather(*(anna.find(f"forged{n:02}") for n in range(50)))
    assert set(found) == {None}
    after = (await redis.info("stats"))["total_commands_processed"]
    assert after - before < 8  # set, sadd, smembers, mget, info


async def test_who_dies_is_forgotten_by_expiry(
    pair: tuple[Nodes, Nodes], redis: Any, time: ManualClock
) -> None:
    anna, ben = pair
    await _die(ben, redis)
    time.seconds += LINGER
    await _look(anna, time)
    assert anna.alive() == {anna.id}
    assert await anna.find(ben.id) is None
    assert await redis.smembers(INDEX) == {anna.id.encode()}  # the index does not grow for ever


async def test_who_leaves_is_forgotten_without_waiting_for_expiry(
    pair: tuple[Nodes, Nodes], redis: Any, time: ManualClock
) -> None:
    anna, ben = pair
    await ben.leave()
    assert not await redis.exists(f"{INDEX}:{ben.id}")
    assert await ben.find(ben.id) is None
    time.seconds += LINGER
    await _look(anna, time)
    assert anna.alive() == {anna.id}


async def test_an_emptied_redis_makes_nobody_vanish(
    pair: tuple[Nodes, Nodes], redis: Any, time: ManualClock
) -> None:
    anna, ben = pair
    await redis.flushall()
    await _look(anna, time)
    assert anna.alive() == {anna.id, ben.id}
    assert await anna.find(ben.id) == BEN
    await ben.announce(BEN)  # its renewal, within LINGER
    time.seconds += LINGER
    await _look(anna, time)
    assert anna.alive() == {anna.id, ben.id}


async def test_with_redis_away_the_last_known_stay_known_for_a_while(
    pair: tuple[Nodes, Nodes], time: ManualClock
) -> None:
    anna, ben = pair
    anna._redis = open_redis("redis://127.0.0.1:1/0")  # pyright: ignore[reportPrivateUsage]
    await _look(anna, time)
    time.seconds += 3 * EXPIRY
    await _look(anna, time)
    assert await anna.find(ben.id) == BEN
    assert anna.alive() == {anna.id, ben.id}
    assert await anna.find("nobody-0") is None
    time.seconds += CUT_OFF
    await _look(anna, time)
    assert anna.alive() == {anna.id}
    assert await anna.find(anna.id) == ANNA


async def test_alone_without_redis(time: ManualClock) -> None:
    alone = Nodes(None, time, "alone--1")
    await alone.announce(ANNA)
    assert alone.alive() == {"alone--1"}
    assert await alone.find("alone--1") == ANNA
    assert await alone.find("nobody-0") is None
    await alone.leave()


async def test_who_asked_and_went_away_does_not_spoil_it_for_the_others(
    pair: tuple[Nodes, Nodes], redis: Any, time: ManualClock
) -> None:
    anna, _ = pair
    carl = Nodes(redis, time, "carl-003")
    await carl.announce(ANNA)
    impatient = asyncio.create_task(anna.find("carl-003"))
    patient = asyncio.create_task(anna.find("carl-003"))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient == ANNA
