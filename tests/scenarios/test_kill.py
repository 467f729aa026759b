"""Many people talk while the server is killed again and again."""

import asyncio
import random

import pytest
from tests.faults.bot import bots, until
from tests.faults.checks import check, make_rooms, talk
from tests.faults.furniture import Furniture
from tests.faults.house import House
from tests.faults.ledger import Ledger


@pytest.mark.parametrize("kills", [2, pytest.param(10, marks=pytest.mark.faults)])
async def test_kill_9_at_random_moments_loses_nothing_acknowledged(  # C3, E2, fault 1
    kills: int, house: House, furniture: Furniture
) -> None:
    """Every acknowledged message is there once, in order, and every client converges."""
    await house.start()
    rooms = await make_rooms(house, furniture.people, 3)
    ledger, done, dice = Ledger(), asyncio.Event(), random.Random(kills)
    async with bots(furniture.people, house.url, ledger) as made:
        talking = [asyncio.create_task(talk(bot, rooms, done, 0.01)) for bot in made]
        for _ in range(kills):
            enough = len(ledger.acknowledged) + dice.randrange(20, 200)
            await until(lambda enough=enough: len(ledger.acknowledged) > enough, made)
            await house.kill()
            await house.start()
        back, enough = asyncio.get_running_loop().time(), len(ledger.acknowledged) + 50
        await until(lambda: len(ledger.acknowledged) > enough, made)
        done.set()
        await asyncio.gather(*talking)
        report = await check(house, ledger, made, heal_from=back)
        assert all(bot.disconnects >= kills for bot in made)
    assert report.heal_seconds is not None
    assert report.heal_seconds < 3
    print(f"{kills} kills: {report}")
