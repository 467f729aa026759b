"""Houses to break, and the fuzz's `--seed`."""

import pytest
from tests.faults.fixtures import furniture, guest_house, house, pair, postgres, redis

__all__ = ["furniture", "guest_house", "house", "pair", "postgres", "redis"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", type=int, help="Replay one seed of the fuzz, with its trace.")
