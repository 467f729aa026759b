"""The bus over a Redis Cluster: the right shard, slots that move, masters that die."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.core.test_bus_redis import Make, Node, comes_true, said
from tests.support.redis import RedisCluster, remote_bus, running_cluster

from tertulia.core.bus import shards
from tertulia.core.bus.shards import PARTITIONS, SLOTS, owners, partition, slot, tags

TOPICS = [f"room:{number}" for number in range(400)]


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    made: list[Node] = []

    def one_more(url: str) -> Node:
        made.append(Node(remote_bus(url)))
        return made[-1]

    yield one_more
    for node in made:
        await node.bus.close()


def test_slots_are_those_of_redis() -> None:
    assert slot(b"123456789") == 0x31C3 % SLOTS  # the check value of the specification
    assert slot(b"foo") == 12182  # CLUSTER KEYSLOT foo


def test_partitions_lie_evenly_over_the_slots() -> None:
    assert [slot(tag) * PARTITIONS // SLOTS for tag in tags()] == list(range(PARTITIONS))
    held = [0] * 3
    for topic in TOPICS:
        held[slot(tags()[partition(topic)]) * 3 // SLOTS] += 1
    assert min(held) > len(TOPICS) / 3 * 0.75


NO_ANSWERS: list[Any] = [None, b"OK", 7, [7], [[0, 1]], [[0, 1, []]], [[0, 1, [b"h"]]]]


@pytest.mark.parametrize("reply", NO_ANSWERS)
def test_an_answer_without_slots_is_refused(reply: object) -> None:
    with pytest.raises(ValueError, match="SLOTS"):
        owners(reply, "asked")


def test_a_server_that_does_not_know_its_name_has_the_one_it_was_asked_by() -> None:
    rows = [[0, 1, [b"", 7000, b"id"]], [2, 2, [b"10.0.0.2", 7001, b"id"], [b"replica", 1]]]
    assert owners(rows, "asked") == {
        0: ("asked", 7000),
        1: ("asked", 7000),
        2: ("10.0.0.2", 7001),
    }


async def hear_all(speaker: Node, listener: Node, first: int) -> None:
    """Each topic's notice comes, numbered from `first`."""
    for number, topic in enumerate(TOPICS, first):
        speaker.bus.publish(said(number, topic))
    await listener.until(lambda: set(range(first, first + len(TOPICS))) <= set(listener.seqs))


async def test_every_server_carries_its_share_and_nothing_else(
    make: Make, redis_cluster: RedisCluster
) -> None:
    speaker, listener = make(redis_cluster.url), make(redis_cluster.url)
    await listener.bus.subscribe(TOPICS)
    await hear_all(speaker, listener, 1)
    for server in redis_cluster.servers:
        lines = server.ask("PUBSUB", "SHARDCHANNELS", "*")
        mine = [line for line in lines if line.startswith("tertulia:")]
        assert len(TOPICS) / 6 < len(mine) < len(TOPICS) / 2
        assert len(server.ask("PUBSUB", "CHANNELS", "*")) == 1  # none is broadcast to all


async def test_slots_that_move_are_followed(make: Make) -> None:
    with running_cluster() as cluster:
        speaker, listener = make(cluster.url), make(cluster.url)
        await listener.bus.subscribe(TOPICS)
        await hear_all(speaker, listener, 1)
        moved = [slot(tags()[number]) for number in range(20)]
        before = listener.losses
        for number in moved:
            cluster.move_slot(number, cluster.servers[2])
        # What is said on the way may be lost: the listener is told to look for itself.
        await listener.until_lost(before + 1)
        await comes_true(lambda: _held(cluster, 2) >= _share(moved))
        await hear_all(speaker, listener, 10_000)


def _held(cluster: RedisCluster, server: int) -> int:
    lines = cluster.servers[server].ask("PUBSUB", "SHARDCHANNELS", "*")
    return sum(line.startswith("tertulia:") for line in lines)


def _share(moved: list[int]) -> int:
    """How many of the topics now lie on the third server: its own third and the moved."""
    third = shards.SLOTS // 3 + 1
    places = [slot(tags()[partition(topic)]) for topic in TOPICS]
    return sum(place in moved or place >= 2 * third for place in places)


async def test_a_master_that_dies_takes_only_its_own_topics(make: Make) -> None:
    with running_cluster() as cluster:
        for server in cluster.servers:
            server.ask("CONFIG", "SET", "cluster-require-full-coverage", "no")
            server.ask("CONFIG", "SET", "cluster-allow-pubsubshard-when-down", "yes")
        speaker, listener = make(cluster.url), make(cluster.url)
        await listener.bus.subscribe(TOPICS)
        await hear_all(speaker, listener, 1)
        third = shards.SLOTS // 3 + 1
        alive = [t for t in TOPICS if slot(tags()[partition(t)]) < 2 * third]
        cluster.servers[2].kill()
        await comes_true(lambda: not listener.bus.whole)
        for number, topic in enumerate(alive, 10_000):
            speaker.bus.publish(said(number, topic))
        await listener.until_seq(10_000 + len(alive) - 1)
        before = listener.losses
        cluster.servers[2].start()  # with the slots its file of the cluster names
        await listener.until_lost(before + 1)
        cluster.await_ok()
        await comes_true(lambda: listener.bus.whole and speaker.bus.is_well)
        await hear_all(speaker, listener, 20_000)
