"""What every test may ask for: a database of its own, a node on it, a clock, named people.

Time stands still until a test turns `clock`.
"""

from collections.abc import AsyncIterator

import pytest
from hypothesis import settings
from tests.support.clamav import clamd
from tests.support.clock import HandClock
from tests.support.database import cluster, dsn
from tests.support.redis import redis_cluster, redis_server, shared_redis
from tests.support.world import Person, World, open_world

from tertulia.core.db import Database
from tertulia.core.ids import Ids

__all__ = ["clamd", "cluster", "dsn", "redis_cluster", "redis_server", "shared_redis"]

# Support that asserts says as much as a test when it fails.
pytest.register_assert_rewrite("tests.support.verify", "tests.support.reducer")

# No deadline: it would measure the machine's other work. The blob replays a failure elsewhere.
settings.register_profile("tertulia", deadline=None, print_blob=True)
# The same cases each time: what lands is judged by its change, not by luck. Else drawn anew.
settings.register_profile("landing", settings.get_profile("tertulia"), derandomize=True)
settings.load_profile("tertulia")

# With `--reruns`, a test that fails once and passes once is named, and is a fault of its own to
# mend. More of them than this are no accident.
FLAKY_AT_MOST = 3


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    if not isinstance(reporter, pytest.TerminalReporter):
        return  # a worker of xdist: who started it counts
    flaky = {report.nodeid for report in reporter.stats.get("rerun", [])}
    if len(flaky) > FLAKY_AT_MOST:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def world(dsn: str, clock: HandClock) -> AsyncIterator[World]:
    async with open_world(dsn, clock) as world:
        yield world


@pytest.fixture
def db(world: World) -> Database:
    return world.db


@pytest.fixture
def ids(world: World) -> Ids:
    return world.ids


@pytest.fixture
async def alice(world: World) -> Person:
    """Who makes rooms, and (by coming first) owns the server."""
    return await world.person("alice")


@pytest.fixture
async def bob(alice: Person, world: World) -> Person:
    """Whom alice talks with."""
    del alice  # comes first, always
    return await world.person("bob")


@pytest.fixture
async def mallory(bob: Person, world: World) -> Person:
    """Who should not be here."""
    del bob
    return await world.person("mallory")
