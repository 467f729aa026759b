"""Faults 1 and 2: the server dies at a bad moment, and comes back."""

import asyncio

import pytest
from tests.faults.bot import bots, until
from tests.faults.checks import check, make_rooms, talk
from tests.faults.furniture import Furniture
from tests.faults.house import KILLED, House
from tests.faults.ledger import Ledger

EDGES = ("before_commit", "after_commit", "before_ack", "after_ack", "mid_fanout")


@pytest.mark.parametrize(
    "edge",
    [
        pytest.param(edge, marks=() if edge == "after_commit" else pytest.mark.faults)
        for edge in EDGES
    ],
)
async def test_death_at_an_edge_of_a_commit_loses_and_doubles_nothing(  # fault 2
    edge: str, house: House, furniture: Furniture
) -> None:
    await house.start(f"failpoint={edge}")
    rooms = await make_rooms(house, furniture.people, 2)
    ledger, done = Ledger(), asyncio.Event()
    async with bots(furniture.people, house.url, ledger) as made:
        talking = [asyncio.create_task(talk(bot, rooms, done, 0.02)) for bot in made]
        await until(lambda: len(ledger.acknowledged) > 40, made)
        house.trap.touch()
        assert await house.wait_end() == KILLED, "the trap did not bite"
        await house.start()
        back = asyncio.get_running_loop().time()
        enough = len(ledger.acknowledged) + 40
        await until(lambda: len(ledger.acknowledged) > enough, made)
        done.set()
        await asyncio.gather(*talking)
        report = await check(house, ledger, made, heal_from=back)
    assert report.retried, "nobody noticed that the server was gone"
    assert report.heal_seconds is not None
    assert report.heal_seconds < 3
    print(f"{edge}: {report}")
