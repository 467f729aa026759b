"""Planted bugs, each caught by the fuzz: a suite that misses one of these proves nothing."""

from collections import Counter

import pytest
from tests.faults.fuzz_plan import plan
from tests.faults.mutants import MUTANTS, SCHEMA_MUTANTS, planted
from tests.faults.test_fuzz import PINNED, PINNED_SEEDS, run

from tertulia.core.postgres import EmbeddedPostgres

SEEDS = 120
STEPS = 90


@pytest.mark.faults
@pytest.mark.parametrize("name", [*MUTANTS, *SCHEMA_MUTANTS])
async def test_a_planted_bug_is_caught(name: str, cluster: EmbeddedPostgres) -> None:
    plans = [(seed, PINNED[name]) for seed in PINNED_SEEDS if name in PINNED]
    plans += [(seed, plan(seed, STEPS)) for seed in range(1, SEEDS)]
    with planted(name):
        for seed, steps in plans:
            sql = SCHEMA_MUTANTS.get(name, "")
            found = await run(cluster, seed, steps, Counter(), sql=sql)
            if found is not None:
                print(f"{name}: seed {seed}: {found.strip().splitlines()[-1][:200]}")
                return
    pytest.fail(f"{SEEDS} seeds did not notice: {name}")
