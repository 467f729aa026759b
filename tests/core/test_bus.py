"""What every bus promises (core/bus), one suite for all of them."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from tests.support.redis import RedisCluster, RedisServer, remote_bus

from tertulia.core.bus import Bus, LocalBus, LocalHub, Notice

MakeBus = Callable[[], Bus]
PATIENCE = 5.0  # seconds; a bus that needs longer has lost the notice


class Ear:
    """Listens on a bus; the test waits for what it expects."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self._heard: asyncio.Queue[Notice] = asyncio.Queue()
        bus.listen(self._heard.put_nowait)

    async def hear(self, number: int) -> list[Notice]:
        async with asyncio.timeout(PATIENCE):
            return [await self._heard.get() for _ in range(number)]


def local_buses(request: pytest.FixtureRequest) -> MakeBus:
    del request
    hub = LocalHub()
    return lambda: LocalBus(hub)


def redis_buses(request: pytest.FixtureRequest) -> MakeBus:
    server: RedisServer = request.getfixturevalue("redis_server")
    return lambda: remote_bus(server.url)


def cluster_buses(request: pytest.FixtureRequest) -> MakeBus:
    cluster: RedisCluster = request.getfixturevalue("redis_cluster")
    return lambda: remote_bus(cluster.url)


@pytest.fixture(params=[local_buses, redis_buses, cluster_buses])
async def make_bus(request: pytest.FixtureRequest) -> AsyncIterator[MakeBus]:
    """Nodes that hear one another. Every implementation adds its own maker to the list."""
    make: MakeBus = request.param(request)
    made: list[Bus] = []

    def one_more() -> Bus:
        made.append(make())
        return made[-1]

    yield one_more
    for bus in made:
        await bus.close()


@pytest.fixture
async def ear(make_bus: MakeBus) -> Ear:  # async: a bus needs its loop
    return Ear(make_bus())


def said(topic: str, seq: int) -> Notice:
    return Notice(topic, seq, "test.said", b'{"n":%d}' % seq)


async def test_a_notice_comes_as_it_was_published(ear: Ear) -> None:
    await ear.bus.subscribe(["room:a"])
    notice = Notice("room:a", 7, "message.sent", '{"text":"olé \U0001f3b6"}'.encode())
    ear.bus.publish(notice)
    assert await ear.hear(1) == [notice]


async def test_other_nodes_hear_it_too(make_bus: MakeBus, ear: Ear) -> None:
    await ear.bus.subscribe(["room:a"])
    make_bus().publish(said("room:a", 1))
    assert await ear.hear(1) == [said("room:a", 1)]


async def test_one_publishers_notices_to_a_topic_keep_their_order(
    make_bus: MakeBus, ear: Ear
) -> None:
    await ear.bus.subscribe(["room:a"])
    other = make_bus()
    for seq in range(200):
        other.publish(said("room:a", seq))
    assert [notice.seq for notice in await ear.hear(200)] == list(range(200))


async def test_only_subscribed_topics_are_heard(make_bus: MakeBus, ear: Ear) -> None:
    await ear.bus.subscribe(["room:a"])
    other = make_bus()
    other.publish(said("room:b", 1))
    other.publish(said("room:a", 2))
    assert await ear.hear(1) == [said("room:a", 2)]


async def test_a_topic_left_is_heard_no_more(make_bus: MakeBus, ear: Ear) -> None:
    await ear.bus.subscribe(["room:a", "room:b"])
    ear.bus.unsubscribe("room:a")
    other = make_bus()
    other.publish(said("room:a", 1))
    other.publish(said("room:b", 2))
    assert await ear.hear(1) == [said("room:b", 2)]


async def test_subscribing_twice_is_hearing_once(make_bus: MakeBus, ear: Ear) -> None:
    await ear.bus.subscribe(["room:a"])
    await ear.bus.subscribe(["room:a"])
    other = make_bus()
    other.publish(said("room:a", 1))
    other.publish(said("room:a", 2))
    assert [notice.seq for notice in await ear.hear(2)] == [1, 2]


async def test_leaving_a_topic_never_joined_is_nothing(ear: Ear) -> None:
    ear.bus.unsubscribe("room:never")


async def test_a_listeners_bug_does_not_reach_the_publisher(make_bus: MakeBus, ear: Ear) -> None:
    """The publisher has committed already: its command must not look failed."""
    broken = make_bus()

    def fail(notice: Notice) -> None:
        raise RuntimeError(notice.topic)

    broken.listen(fail)
    await broken.subscribe(["room:a"])
    await ear.bus.subscribe(["room:a"])
    broken.publish(said("room:a", 1))
    assert await ear.hear(1) == [said("room:a", 1)]


async def test_nobody_listening_is_no_error(make_bus: MakeBus) -> None:
    make_bus().publish(said("room:a", 1))


async def test_a_closed_bus_hears_nothing(make_bus: MakeBus, ear: Ear) -> None:
    deaf = make_bus()
    heard: list[Notice] = []
    deaf.listen(heard.append)
    await deaf.subscribe(["room:a"])
    await ear.bus.subscribe(["room:a"])
    await deaf.close()
    ear.bus.publish(said("room:a", 1))
    await ear.hear(1)
    assert heard == []
