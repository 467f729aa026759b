"""Two whole nodes on one database over a Redis that is hurt: everybody hears everything, once, in
order; and how long it took is said (`pytest -rP`, or the junit file's properties)."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from tests.support.clock import RunningClock
from tests.support.node import Listener, Running, running_node
from tests.support.redis import RedisCluster, RedisServer, running_redis
from tests.support.world import Person

from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import SendMessage
from tertulia.features.messages.service import Outgoing

SECONDS = 15.0


@dataclass
class Hall:
    """alice is on one node, bob on the other; both are in `room`."""

    redis: RedisServer
    nodes: tuple[Running, Running]
    people: tuple[Person, Person]
    room: UUID
    ears: tuple[Listener, Listener]
    said_at: dict[int, float] = field(default_factory=dict[int, float])
    heard_at: dict[int, float] = field(default_factory=dict[int, float])

    @property
    def stream(self) -> str:
        return f"room:{self.room}"

    async def say(self, number: int, *, node: int = 0, words: int = 1) -> None:
        """In one commit, and so in one breath of the bus."""
        running, who = self.nodes[node], self.people[node]
        drafts = [
            Outgoing(
                who.actor,
                self.room,
                SendMessage(client_id=running.world.ids.uuid7(), text="word " * words),
            )
            for _ in range(number)
        ]
        sent: Any = await running.world.db.write(lambda tx: messages.send_all(tx, drafts))
        now = time.monotonic()
        self.said_at.update({one.message.seq: now for one in sent})

    async def all_heard(self) -> None:
        """Both have everything, in order, nothing twice; when bob, far from who speaks, had it is
        noted."""
        last = max(self.said_at)
        for ear in self.ears:
            async with asyncio.timeout(SECONDS):
                await ear.until(lambda name, data: name == "message.sent" and data["seq"] == last)
            seqs = [seq for seq in ear.seqs(self.stream) if seq >= min(self.said_at)]
            assert seqs == sorted(self.said_at)
        now = time.monotonic()
        for seq in self.said_at.keys() - self.heard_at.keys():
            self.heard_at[seq] = now

    def worst(self) -> float:
        """Seconds from the commit until all had it."""
        return max(self.heard_at[seq] - at for seq, at in self.said_at.items())

    def repairs(self) -> float:
        registry = self.nodes[1].telemetry.registry
        return registry.get_sample_value("tertulia_stream_gaps_total") or 0.0

    def metric(self, node: int, name: str) -> float:
        return self.nodes[node].telemetry.registry.get_sample_value(name) or 0.0


@pytest.fixture
async def hall(dsn: str) -> AsyncIterator[Hall]:
    async with AsyncExitStack() as stack:
        redis = stack.enter_context(running_redis())
        clock = RunningClock()
        nodes = [
            await stack.enter_async_context(
                running_node(dsn, clock, seed=seed, redis_url=redis.url)
            )
            for seed in (1, 2)
        ]
        first, second = nodes
        alice = await first.world.person("alice")
        bob = await first.world.person("bob")
        room = await first.world.channel(alice, bob)
        ears = (await first.listen(alice), await second.listen(bob))
        hall = Hall(redis, (first, second), (alice, bob), room, ears)
        await hall.say(3)
        await hall.all_heard()
        yield hall


Hurt = Callable[[Hall], Awaitable[None]]


async def emptied(hall: Hall) -> None:
    hall.redis.ask("FLUSHALL")
    await hall.say(20)


async def cut(hall: Hall) -> None:
    """Every connection, while words are on their way."""
    for _ in range(5):
        hall.redis.ask("CLIENT", "KILL", "TYPE", "pubsub")
        hall.redis.ask("CLIENT", "KILL", "TYPE", "normal")
        await hall.say(4)


async def restarted(hall: Hall) -> None:
    """kill -9 and a new one, empty, with words said in between."""
    hall.redis.kill()
    await hall.say(20)
    hall.redis.start()
    await hall.say(20)


async def killed(hall: Hall) -> None:
    """And it stays away."""
    hall.redis.kill()
    for _ in range(5):
        await hall.say(4)


async def frozen(hall: Hall) -> None:
    """Connected and silent, for as long as it takes the log to make up for it."""
    with hall.redis.frozen():
        began = time.monotonic()
        await hall.say(20)
        assert time.monotonic() - began < 1.0, "a commit waited for Redis"
        await hall.all_heard()
    await hall.say(5)


async def cramped(hall: Hall) -> None:
    """What Redis holds for bob's node does not fit: it is cut off in the middle. Redis takes 16 kB
    of what we say before it passes any of it on."""
    hall.redis.ask("CONFIG", "SET", "client-output-buffer-limit", "pubsub 8kb 0 0")
    before = hall.metric(1, "tertulia_bus_connects_total")
    await hall.say(100, words=500)
    await hall.say(5)
    async with asyncio.timeout(SECONDS):
        while hall.metric(1, "tertulia_bus_connects_total") == before:
            await asyncio.sleep(0.005)
    hall.redis.ask("CONFIG", "SET", "client-output-buffer-limit", "pubsub 32mb 8mb 60")


@pytest.mark.parametrize("hurt", [emptied, cut, restarted, killed, frozen, cramped])
async def test_nobody_misses_anything(
    hall: Hall, hurt: Hurt, record_property: Callable[[str, object], None]
) -> None:
    await hurt(hall)
    await hall.all_heard()
    worst, repairs = hall.worst(), hall.repairs()
    print(f"{hurt.__name__}: worst {worst * 1000:.0f} ms, {repairs:.0f} readings of the log")
    record_property("worst_seconds", worst)
    assert worst < 2.5  # promised: 2 s; the rest is for a machine with other work
    # And it works again, both ways.
    if hurt is killed:
        hall.redis.start()
    await hall.say(3, node=1)
    await hall.all_heard()


async def test_a_node_without_redis_is_degraded_and_serves(hall: Hall) -> None:
    ready = await hall.nodes[0].request(None, "GET", "/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ok")
    hall.redis.kill()
    await hall.say(3)
    await hall.all_heard()
    async with asyncio.timeout(SECONDS):
        while (ready := await hall.nodes[0].request(None, "GET", "/readyz")).json()["status"] == (
            "ok"
        ):
            pass
    assert ready.status_code == 200
    assert ready.json()["status"] == "degraded"
    assert ready.json()["checks"]["redis"] == "BusAway"
    assert hall.metric(0, "tertulia_bus_connected") == 0
    assert hall.metric(0, "tertulia_dependency_up") == 0


async def test_a_node_starts_without_redis_and_finds_it_later(dsn: str) -> None:
    with running_redis() as redis:
        redis.kill()
        async with running_node(dsn, RunningClock(), redis_url=redis.url) as node:
            alice = await node.world.person("alice")
            room = await node.world.channel(alice)
            ear = await node.listen(alice)
            await node.world.say(alice, room, "alone")
            await ear.until_said("alone")
            redis.start()
            registry = node.telemetry.registry
            async with asyncio.timeout(SECONDS):
                while not registry.get_sample_value("tertulia_bus_connected"):
                    await asyncio.sleep(0.01)


async def test_two_nodes_over_a_cluster(dsn: str, redis_cluster: RedisCluster) -> None:
    clock = RunningClock()
    async with (
        running_node(dsn, clock, seed=1, redis_url=redis_cluster.url) as first,
        running_node(dsn, clock, seed=2, redis_url=redis_cluster.url) as second,
    ):
        alice, bob = await first.world.person("alice"), await first.world.person("bob")
        room = await first.world.channel(alice, bob)
        ear = await second.listen(bob)
        await first.world.say(alice, room, "over the shards")
        await ear.until_said("over the shards")
        received = second.telemetry.registry.get_sample_value("tertulia_bus_received_total")
        assert received  # by the bus, not by the log
