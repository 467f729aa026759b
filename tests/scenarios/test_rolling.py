"""Two nodes are restarted one after the other while people talk: they lose and double nothing."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from tests.faults.furniture import Furniture
from tests.faults.house import House
from tests.faults.party import Party, party
from tests.faults.postgres import Postgres
from tests.scenarios.balancer import balancer
from tests.support.redis import RedisServer

NOTICE = {"TERTULIA_DRAIN_NOTICE": "500ms"}  # ten looks of the balancer
EXIT_SECONDS = 10.0


@pytest_asyncio.fixture(loop_scope="session")
async def pair(postgres: Postgres, redis_server: RedisServer) -> AsyncIterator[tuple[House, House]]:
    """Two running nodes on one database and one Redis."""
    folders = [Path(tempfile.mkdtemp(prefix="tertulia-rolling-")) for _ in range(2)]
    first, second = (
        House(folder, database=postgres.dsn(), redis=redis_server.url) for folder in folders
    )
    try:
        await first.start(settings=NOTICE)
        await second.start(settings=NOTICE)
        yield first, second
    finally:
        await first.stop()
        await second.stop()
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


async def _restart(house: House) -> float:
    """As an upgrade does it; how long the old one took to leave."""
    began = asyncio.get_running_loop().time()
    await house.stop()
    assert house.process.returncode == 0
    left = asyncio.get_running_loop().time() - began
    await house.start(settings=NOTICE)
    return left


def _answers(guests: Party) -> dict[str | None, int]:
    codes = [attempt.code for attempt in guests.ledger.attempts]
    return {code: codes.count(code) for code in set(codes)}


async def test_a_rolling_restart_under_traffic_loses_and_doubles_nothing(
    pair: tuple[House, House], furniture: Furniture
) -> None:
    first, second = pair
    async with (
        balancer(first, second) as front,
        party(first, furniture.people, rooms=3, others=[second], homes=[[front.url]]) as guests,
    ):
        for house in pair:
            assert await _restart(house) < EXIT_SECONDS
            await guests.more(100)
        guests.healed()
        report = await guests.finish()
        # Everybody was told when to come back, and by whom they were sent away nobody else was.
        farewells = [told for bot in guests.bots for told in bot.farewells]
        assert len(farewells) >= len(guests.bots)
        assert {(told["code"], told["reason"]) for told in farewells} == {(4000, "going_away")}
        assert all("retry_after" in told for told in farewells)
        assert sum(bot.disconnects for bot in guests.bots) == len(farewells)
        # Whoever asked was answered, but for words that crossed the goodbye on their way (W12);
        # that those asked before are answered first: tests/core/gateway/test_gateway_leaving.py.
        answers = _answers(guests)
        assert "unavailable" not in answers
        assert answers.get("unknown", 0) <= len(farewells), answers
        print(f"{report} {answers}")
