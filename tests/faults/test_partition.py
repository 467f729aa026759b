"""Fault 22: nodes on machines of their own, and the network between them and Redis, or the
database, is cut, both ways and one way; and a node that dies between a commit and telling of it."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
import pytest_asyncio
from tests.faults.fixtures import nodes
from tests.faults.furniture import Furniture
from tests.faults.house import KILLED, House, status_of
from tests.faults.party import Party, by_home, homes, party, slowest
from tests.faults.places import Place, places
from tests.faults.postgres import Postgres
from tests.faults.test_redis import LATE, SWEEP, Pair, swift, talk, unharmed
from tests.faults.waiting import until
from tests.support.network import Proxy
from tests.support.redis import RedisServer, free_port, running_redis

# What the cut node sees no more: Redis, or itself to Redis, or Redis to it.
CUTS = {"both ways": ("to", "from"), "what it says": ("from",), "what it hears": ("to",)}


@pytest.fixture
def two_places() -> Iterator[list[Place]]:
    with places(2) as made:
        yield made


@pytest.fixture
def far_redis(two_places: list[Place]) -> Iterator[RedisServer]:
    """Where both machines reach it."""
    gateways = [place.gateway for place in two_places]
    config = ("--bind", "127.0.0.1", *gateways, "--protected-mode", "no")
    with running_redis(*config, port=free_port()) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def far_pair(
    two_places: list[Place], far_redis: RedisServer, postgres: Postgres
) -> AsyncIterator[Pair]:
    urls = [f"redis://{place.gateway}:{far_redis.port}" for place in two_places]
    async with nodes(postgres, *urls, places=two_places) as houses:
        yield houses


@pytest.mark.faults
@pytest.mark.parametrize("cut", CUTS)
async def test_a_node_cut_off_from_redis_sends_and_reads_on(
    cut: str,
    far_pair: Pair,
    two_places: list[Place],
    far_redis: RedisServer,
    furniture: Furniture,
) -> None:
    async with party(far_pair[0], furniture.people, others=far_pair[1:]) as guests:
        await swift(guests)
        guests.struck()
        two_places[0].cut(*CUTS[cut], port=far_redis.port)
        await talk(guests, 6)
        two_places[0].heal()
        await unharmed(guests)


@pytest.mark.faults
async def test_a_node_cut_off_from_everything_says_so_and_comes_back(
    two_places: list[Place], far_redis: RedisServer, postgres: Postgres, furniture: Furniture
) -> None:
    """It answers `unavailable`; the other does not notice. Afterwards nothing is there twice."""
    socket = postgres.socket
    lonely = two_places[0]
    async with Proxy(socket, host=lonely.gateway) as way:
        urls = [f"redis://{place.gateway}:{far_redis.port}" for place in two_places]
        databases = [f"postgresql://tertulia@{lonely.gateway}:{way.port}/tertulia", postgres.dsn()]
        async with (
            nodes(postgres, *urls, places=two_places, databases=databases) as (cut_off, other),
            party(other, furniture.people, others=[cut_off]) as guests,
        ):
            await swift(guests)
            began = guests.struck()
            lonely.cut(port=far_redis.port)
            lonely.cut(port=way.port)
            await guests.refusals("unavailable", 8, since=began)
            during = by_home(guests, began, 0)
            assert slowest(during) < 1 + LATE, "the other node noticed"
            assert {attempt.code for attempt in during} == {None}
            async with aiohttp.ClientSession() as http:
                assert await status_of(http, f"{cut_off.url}/healthz") == 200
                await until_unready(http, cut_off)
            lonely.heal()
            guests.healed()
            report = await guests.finish()
    assert report.heals_within(1 + LATE)
    print(report)


async def until_unready(http: aiohttp.ClientSession, house: House) -> None:
    async with asyncio.timeout(10):
        while await status_of(http, f"{house.url}/readyz") != 503:
            await asyncio.sleep(0.1)


async def test_a_node_that_dies_before_it_tells_is_told_for(
    postgres: Postgres, redis: RedisServer, furniture: Furniture
) -> None:
    """It committed, and died before it published: the other node finds it in the log."""
    async with (
        nodes(postgres, redis.url, redis.url, armed=(["failpoint=after_commit"], [])) as houses,
        party(houses[1], furniture.people, others=houses[:1], homes=homes(houses)) as guests,
    ):
        await swift(guests)
        guests.struck()
        houses[0].trap.touch()
        assert await houses[0].wait_end() == KILLED, "the trap did not bite"
        gone = guests.now
        await guests.more(60)  # the other serves everybody
        await until(lambda: all(bot.connected for bot in guests.bots), guests.bots)
        await houses[0].start()
        guests.healed()
        report = await guests.finish()
        gaps = [gap for bot in guests.bots for gap in bot.gaps]
        orphans = unanswered(guests, gone)
    assert report.delay is not None
    assert report.delay < SWEEP + LATE
    assert max(gaps) < 3
    assert orphans, "nothing was committed and not told: this proves nothing"
    print(f"{report}; back after {max(gaps):.2f} s; told for: {orphans} within {SWEEP + LATE} s")


def unanswered(guests: Party, gone: float) -> int:
    """How many sends the death left in the dark."""
    return sum(
        any(a.code in ("unknown", "disconnected") and abs(a.ended - gone) < 1 for a in s.attempts)
        for s in guests.ledger.sends.values()
    )
