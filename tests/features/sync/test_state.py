"""What an answer of `GET sync` holds: pure."""

from uuid import UUID

import pytest

from tertulia.features.sync import state

ROOMS = [UUID(int=number) for number in range(1, 6)]


@pytest.mark.parametrize(
    ("gaps", "fresh", "whole"),
    [
        ([10, 20, 30], [], []),
        ([10, 501, 30], [], [1]),  # one that is too long by itself
        ([10, 20, 30], [0], [0]),  # one I am new in
        ([400, 300, 200, 150], [], [0]),  # the widest make room for the rest
        ([300, 400, 400, 400], [], [2, 3]),
        ([0, 0, 0], [], []),
    ],
)
def test_an_answer_holds_no_more_events_than_it_may(
    gaps: list[int], fresh: list[int], whole: list[int]
) -> None:
    known = dict(zip(ROOMS, gaps, strict=False))
    found = state.told_whole(known, [ROOMS[at] for at in fresh], longest=500, budget=700)
    assert found == {ROOMS[at] for at in whole}
