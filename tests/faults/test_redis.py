"""Faults 18 to 21: the Redis between two nodes dies, forgets, hangs, drops us, and lies. Messages
go by PostgreSQL; Redis only makes them quick. So nobody may be refused, cut off or skipped for it,
and what it loses comes from the log within two seconds."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
import pytest_asyncio
from tests.faults.fixtures import nodes
from tests.faults.furniture import Furniture
from tests.faults.house import House, status_of
from tests.faults.party import Party, party, slowest
from tests.faults.postgres import Postgres
from tests.support.network import Proxy
from tests.support.redis import RedisServer

SWEEP = 2.0  # the log is looked at so often
LATE = 1.0  # a machine that does eight things at once
SWIFT = 0.5  # seconds; what comes by Redis comes sooner
BACK = 2.5  # seconds after which the bus is whole again, its backoff included
LONG = "long words " * 600

Pair = tuple[House, House]


@pytest.mark.parametrize(
    "how",
    [
        "killed",
        pytest.param("emptied", marks=pytest.mark.faults),
        pytest.param("restarted", marks=pytest.mark.faults),
    ],
)
async def test_a_redis_that_is_lost_costs_two_seconds(  # fault 18
    how: str, pair: Pair, redis: RedisServer, furniture: Furniture
) -> None:
    async with party(pair[0], furniture.people, others=pair[1:]) as guests:
        await swift(guests)
        guests.struck()
        if how == "killed":
            redis.kill()
            await talk(guests, 4)
            await serving(pair)
            redis.start()
        elif how == "emptied":
            for _ in range(4):
                redis.ask("FLUSHALL")
                await talk(guests, 1)
        else:
            for _ in range(3):
                redis.restart()
                await talk(guests, 1)
        await unharmed(guests)


@pytest.mark.faults
async def test_a_redis_that_hangs_holds_up_nobody(  # fault 19
    pair: Pair, redis: RedisServer, furniture: Furniture
) -> None:
    async with party(pair[0], furniture.people, others=pair[1:]) as guests:
        await swift(guests)
        began = guests.struck()
        with redis.frozen():
            await talk(guests, 10)
            await serving(pair)
        assert slowest(guests.attempts_since(began)) < LATE
        await unharmed(guests)


@pytest.mark.faults
async def test_a_redis_that_drops_us_is_asked_again(  # fault 20
    pair: Pair, redis: RedisServer, furniture: Furniture
) -> None:
    async with party(pair[0], furniture.people, others=pair[1:]) as guests:
        await swift(guests)
        guests.struck()
        for _ in range(8):
            redis.ask("CLIENT", "KILL", "TYPE", "pubsub")
            await talk(guests, 0.5)
        await unharmed(guests)


@pytest.mark.faults
async def test_a_node_that_reads_too_slowly_is_dropped_and_catches_up(  # fault 20
    pair: Pair, redis: RedisServer, furniture: Furniture
) -> None:
    """Redis closes a subscriber that owes it more than its output buffer."""
    redis.ask("CONFIG", "SET", "client-output-buffer-limit", "pubsub 32kb 0 0")
    async with party(pair[0], furniture.people, others=pair[1:]) as guests:
        await swift(guests)
        subscribers = pubsub_clients(redis)
        guests.words = LONG
        guests.struck()
        with pair[1].paused():
            for _ in range(20):
                await asyncio.gather(
                    *(bot.say(guests.rooms[0], LONG) for bot in guests.bots[::2] * 8)
                )
                if subscribers - pubsub_clients(redis):
                    break
        assert subscribers - pubsub_clients(redis), "nobody was dropped: this proves nothing"
        guests.words = ""
        guests.healed()
        report = await guests.finish()
    print(report)


def pubsub_clients(redis: RedisServer) -> set[str]:
    lines = redis.ask("CLIENT", "LIST", "TYPE", "pubsub")
    return {line.split()[0] for line in lines if line.startswith("id=")}


@pytest_asyncio.fixture(loop_scope="session")
async def crooked(postgres: Postgres, redis: RedisServer) -> AsyncIterator[tuple[Pair, Proxy]]:
    """One of the nodes reaches Redis only by a way that is not to be trusted."""
    async with (
        Proxy(("127.0.0.1", redis.port)) as proxy,
        nodes(postgres, redis.url, f"redis://127.0.0.1:{proxy.port}") as houses,
    ):
        yield houses, proxy


@pytest.mark.faults
@pytest.mark.parametrize("lie", ["loses", "breaks off", "is late", "says nothing"])
async def test_a_bus_that_lies_is_not_believed(  # fault 21
    lie: str, crooked: tuple[Pair, Proxy], furniture: Furniture
) -> None:
    pair, proxy = crooked
    async with party(pair[0], furniture.people, others=pair[1:]) as guests:
        await swift(guests)
        guests.struck()
        await LIES[lie](proxy, guests)
        await unharmed(guests)


async def loses(proxy: Proxy, guests: Party) -> None:
    """Chunks vanish from the middle of a connection: what follows may mean anything."""
    proxy.there.loss = proxy.back.loss = 0.2
    await talk(guests, 5)
    proxy.there.loss = proxy.back.loss = 0.0
    proxy.reset()


async def breaks_off(proxy: Proxy, guests: Party) -> None:
    for limit in (301, 2_003, 5_001, 9_999):
        proxy.there.limit = proxy.back.limit = limit
        proxy.reset()
        await talk(guests, 1)
    proxy.there.limit = proxy.back.limit = None
    proxy.reset()


async def is_late(proxy: Proxy, guests: Party) -> None:
    proxy.back.latency, proxy.back.jitter, proxy.back.slices = 0.6, 0.5, 3
    await talk(guests, 4)
    proxy.back.latency = proxy.back.jitter = proxy.back.slices = 0


async def says_nothing(proxy: Proxy, guests: Party) -> None:
    """The connection stands, and nothing comes: only asking tells."""
    await proxy.hold(there=False)
    await talk(guests, 6)
    await proxy.release()


LIES: dict[str, Callable[[Proxy, Party], Awaitable[None]]] = {
    "loses": loses,
    "breaks off": breaks_off,
    "is late": is_late,
    "says nothing": says_nothing,
}


# What all of them promise


async def swift(guests: Party) -> None:
    """As long as nothing is wrong, things come by Redis and not by a look at the log."""
    await guests.more()
    since = guests.now
    await guests.more(100)
    late = guests.ledger.delays(since)
    assert late, "nobody hears anything"
    assert late[len(late) * 9 // 10] < SWIFT, "Redis brings nothing"


async def talk(guests: Party, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await guests.more(10)


async def serving(pair: Pair) -> None:
    """Without Redis a node is degraded, and ready."""
    async with aiohttp.ClientSession() as http:
        for house in pair:
            assert await status_of(http, f"{house.url}/readyz") == 200


async def unharmed(guests: Party) -> None:
    guests.healed()
    healed = guests.now
    await talk(guests, BACK)
    await swift(guests)
    report = await guests.finish()
    assert {attempt.code for attempt in guests.ledger.attempts} == {None}
    assert sum(bot.disconnects for bot in guests.bots) == 0
    assert report.delay is not None
    assert report.delay < SWEEP + LATE
    whole = guests.ledger.swift_after(healed, SWIFT)
    assert whole is not None
    print(f"{report}; by Redis again after {whole:.1f} s")
