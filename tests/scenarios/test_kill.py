"""Many people talk while the server is killed again and again."""

import random

import pytest
from tests.faults.furniture import Furniture
from tests.faults.house import House
from tests.faults.party import party


@pytest.mark.parametrize("kills", [2, pytest.param(10, marks=pytest.mark.faults)])
async def test_kill_9_at_random_moments_loses_nothing_acknowledged(  # C3, E2, fault 1
    kills: int, house: House, furniture: Furniture
) -> None:
    """Every acknowledged message is there once, in order, and every client converges."""
    dice = random.Random(kills)
    await house.start()
    async with party(house, furniture.people, rooms=3) as guests:
        for _ in range(kills):
            await guests.more(dice.randrange(20, 200))
            await house.kill()
            await house.start()
        guests.healed()
        report = await guests.finish()
        # A bot that was still waiting to come back was not cut off once more.
        assert all(bot.disconnects >= 1 for bot in guests.bots)
    assert report.heals_within(3)
    print(f"{kills} kills: {report}")
