"""Clients that look in now and then, while everybody does everything, catch up (E6, S1-S3)."""

import random
from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.features.sync.conftest import House
from tests.features.sync.test_equivalence import ROWS, say_much
from tests.support.verify import Watcher

from tertulia.core.errors import AppError

STEPS = 15
CASES = [row.case for row in ROWS if row.case is not say_much]  # beyond 100 unread is only "many"


@given(seed=st.integers(0, 2**32))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whoever_looks_in_now_and_then_sees_what_is(house: House, seed: int) -> None:
    """The house is not made anew between examples: it only gets older."""
    dice = random.Random(seed)
    watchers = [await Watcher.begin(house.world, person) for person in house.people]
    for _ in range(STEPS):
        with suppress(AppError):  # by now not everything is possible
            await dice.choice(CASES)(house)
        for watcher in watchers:
            if dice.random() < 0.2:
                assert await watcher.by_sync() == await watcher.fresh()
    for watcher in watchers:
        assert await watcher.by_sync() == await watcher.fresh()
