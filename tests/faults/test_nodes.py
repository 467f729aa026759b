"""Faults 4, 33, 34, 36: nodes that are restarted in turn, starved, paused, and wrong about the
time."""

import signal
from pathlib import Path

import pytest
from tests.faults.fixtures import nodes
from tests.faults.furniture import Furniture
from tests.faults.house import House
from tests.faults.party import by_home, homes, party, slowest
from tests.faults.places import starved
from tests.faults.postgres import Postgres
from tests.faults.test_redis import LATE, SWEEP, Pair, swift, talk
from tests.support.redis import RedisServer

AWAY = 3.0  # seconds that a client may be without a socket
SKEW = 300.0
HEARTBEAT, ANSWER = 2.0, 3.0
IDLE = 5.0  # of a transaction that nobody goes on with


@pytest.mark.faults
async def test_a_rolling_restart_is_noticed_by_nobody(  # fault 4
    pair: Pair, furniture: Furniture
) -> None:
    async with party(pair[0], furniture.people, others=pair[1:], homes=homes(pair)) as guests:
        await swift(guests)
        guests.struck()
        for house in pair:
            house.process.send_signal(signal.SIGTERM)
            assert await house.wait_end() == 0
            await house.start()
            await talk(guests, 2)
        guests.healed()
        report = await guests.finish()
        gaps = sorted(gap for bot in guests.bots for gap in bot.gaps)
        failed = [s for s in guests.ledger.sends.values() if len(s.attempts) > 2]
    assert len(gaps) >= len(guests.bots), "nobody was sent away: this proves nothing"
    assert gaps[-1] < AWAY
    assert report.heals_within(1 + LATE)
    print(f"{report}; without a socket at most {gaps[-1]:.2f} s, {len(failed)} sends tried thrice")


@pytest.mark.faults
async def test_a_starved_server_still_answers_heartbeats(  # fault 33
    postgres: Postgres, furniture: Furniture, tmp_path: Path
) -> None:
    """A fifth of a core: slow, and nobody is taken for dead."""
    house = House(tmp_path, database=postgres.dsn())
    await house.start(f"heartbeat={HEARTBEAT},{ANSWER}")
    try:
        async with party(house, furniture.people) as guests:
            began = guests.struck()
            with starved(house.process.pid, 20):
                before = house.cpu_seconds()
                await talk(guests, 12)
                assert (house.cpu_seconds() - before) / (guests.now - began) < 0.25
            assert {attempt.code for attempt in guests.ledger.attempts} == {None}
            assert sum(bot.disconnects for bot in guests.bots) == 0
            slow = slowest(guests.attempts_since(began))
            guests.healed()
            report = await guests.finish()
    finally:
        await house.stop()
    assert report.heals_within(1 + LATE)
    print(f"{report}; an answer took at most {slow:.2f} s")


@pytest.mark.faults
async def test_a_node_that_was_paused_goes_on_where_it_was(  # fault 34
    pair: Pair, furniture: Furniture
) -> None:
    """Twenty seconds in which the others go on; then it has to learn what it slept through."""
    async with party(pair[0], furniture.people, others=pair[1:]) as guests:
        await swift(guests)
        began = guests.struck()
        with pair[1].paused():
            await talk(guests, 20)
        awake = by_home(guests, began, 0)
        assert {attempt.code for attempt in awake} <= {None, "unavailable"}
        assert slowest(awake) < 2 + 2 + LATE  # behind another that waits for the same lock
        # What it held when it was paused is taken from it by then; nobody waits for its waking.
        stuck = max((a.ended for a in awake if a.code), default=began)
        assert stuck - began < IDLE + 2 + LATE, "the other node waited for it"
        guests.healed()
        report = await guests.finish()
        # The client's own timeout, at most; the server takes nobody for dead that it did not ask.
        assert all(bot.disconnects == 0 for bot in guests.bots[::2])
    assert report.heals_within(3 + LATE)
    assert report.hear_seconds is not None
    assert report.hear_seconds < 3 + LATE
    print(report)


@pytest.mark.faults
async def test_nodes_that_disagree_about_the_time_agree_about_the_order(  # fault 36
    postgres: Postgres, redis: RedisServer, furniture: Furniture, tmp_path: Path
) -> None:
    """Five minutes. A token of either opens both, and nobody is signed out."""
    clock = tmp_path / "clock"
    clock.write_text(str(SKEW))
    armed = ((), [f"clock={clock}"])
    async with nodes(postgres, redis.url, redis.url, armed=armed) as houses:
        both = party(houses[0], furniture.people, others=houses[1:])
        async with both as guests:
            await swift(guests)
            began = guests.struck()
            for bot in guests.bots:
                await bot.renew()  # by its own node
            for bot in guests.bots:  # and then by the other one's
                bot.urls = [next(one.url for one in houses if one.url != bot.url)]
                status, _, _ = await bot.request("GET", "/me")
                assert status == 200
            await guests.more(100)
            report = await guests.finish()
            assert {a.code for a in guests.attempts_since(began)} == {None}
            assert sum(bot.disconnects for bot in guests.bots) == 0
    assert report.delay is not None
    assert report.delay < SWEEP + LATE
    print(report)
