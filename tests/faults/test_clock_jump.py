"""Fault 35: the wall clock jumps an hour ahead, and then behind where it was."""

from pathlib import Path

import pytest
from tests.faults.furniture import Furniture
from tests.faults.house import House
from tests.faults.party import party

JUMPS = (3600.0, -600.0, 0.0)  # seconds off


@pytest.mark.faults
async def test_a_wall_clock_that_jumps_changes_no_order_and_signs_nobody_out(
    house: House, furniture: Furniture, tmp_path: Path
) -> None:
    """The order of things is their seq; sockets outlive their tokens (W6), and devices do not end
    by it. Whoever asks with a token that ran out renews it and goes on."""
    clock = tmp_path / "clock"
    set_off(clock, 0)
    await house.start(f"clock={clock}")
    async with party(house, furniture.people) as guests:
        for seconds in JUMPS:
            set_off(clock, seconds)
            for bot in guests.bots:
                await bot.renew()
            await guests.more(100)
        codes = {attempt.code for attempt in guests.ledger.attempts}
        assert codes <= {None, "token_expired"}
        assert all(bot.disconnects == 0 for bot in guests.bots), "a jump cost people their sockets"
        report = await guests.finish()
    print(report)


def set_off(clock: Path, seconds: float) -> None:
    """In one step: the server reads it at any moment."""
    unfinished = clock.with_suffix(".new")
    unfinished.write_text(str(seconds))
    unfinished.rename(clock)
