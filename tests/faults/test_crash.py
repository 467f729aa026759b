"""Fault 2: the server dies at each edge of a commit, and comes back."""

import pytest
from tests.faults.furniture import Furniture
from tests.faults.house import KILLED, House
from tests.faults.party import party

EDGES = ("before_commit", "after_commit", "before_ack", "after_ack", "mid_fanout")
SHORT = "after_commit"


@pytest.mark.parametrize(
    "edge",
    [pytest.param(edge, marks=() if edge == SHORT else pytest.mark.faults) for edge in EDGES],
)
async def test_death_at_an_edge_of_a_commit_loses_and_doubles_nothing(
    edge: str, house: House, furniture: Furniture
) -> None:
    await house.start(f"failpoint={edge}")
    async with party(house, furniture.people) as guests:
        house.trap.touch()
        assert await house.wait_end() == KILLED, "the trap did not bite"
        await house.start()
        guests.healed()
        report = await guests.finish()
    assert report.retried, "nobody noticed that the server was gone"
    assert report.heals_within(3)
    print(f"{edge}: {report}")
