"""Houses to break, each on its own copy of a furnished data folder."""

import shutil
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from tests.faults.furniture import Furniture, furnish
from tests.faults.house import House
from tests.faults.places import Place
from tests.faults.postgres import Postgres
from tests.support.redis import RedisServer, free_port, running_redis


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def furniture() -> AsyncIterator[Furniture]:
    folder = Path(tempfile.mkdtemp(prefix="tertulia-faults-"))
    try:
        yield await furnish(folder / "data")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest_asyncio.fixture(loop_scope="session")
async def house(furniture: Furniture) -> AsyncIterator[House]:
    """On the embedded PostgreSQL. Not started yet."""
    folder = Path(tempfile.mkdtemp(prefix="tertulia-faults-"))
    furniture.copy(folder)
    house = House(folder)
    try:
        yield house
    finally:
        await house.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest_asyncio.fixture(loop_scope="session")
async def postgres(furniture: Furniture) -> AsyncIterator[Postgres]:
    """Running, durable, in the test's hands."""
    folder = Path(tempfile.mkdtemp(prefix="tertulia-faults-"))
    furniture.copy(folder)
    postgres = Postgres(folder)
    try:
        await postgres.start()
        yield postgres
    finally:
        await postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest_asyncio.fixture(loop_scope="session")
async def guest_house(postgres: Postgres) -> AsyncIterator[House]:
    """A running server on that PostgreSQL."""
    folder = Path(tempfile.mkdtemp(prefix="tertulia-faults-"))
    house = House(folder, database=postgres.dsn())
    try:
        await house.start()
        yield house
    finally:
        postgres.thaw()
        await house.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """Of this test alone; on TCP, as between machines."""
    with running_redis(port=free_port()) as server:
        yield server


@asynccontextmanager
async def nodes(
    postgres: Postgres,
    *redis: str | None,
    places: Sequence[Place | None] = (None, None),
    databases: Sequence[str] = (),
    armed: Sequence[Sequence[str]] = ((), ()),
) -> AsyncGenerator[tuple[House, House]]:
    """Two running nodes of one database. `redis`: each one's way to it; `armed`: of armed.py."""
    folder = Path(tempfile.mkdtemp(prefix="tertulia-faults-"))
    houses: list[House] = []
    try:
        for number, (url, place) in enumerate(zip(redis, places, strict=True)):
            home = folder / str(number)
            home.mkdir()
            dsn = databases[number] if databases else postgres.dsn()
            houses.append(House(home, database=dsn, place=place, redis=url))
            await houses[-1].start(*armed[number])
        yield houses[0], houses[1]
    finally:
        for house in houses:
            await house.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest_asyncio.fixture(loop_scope="session")
async def pair(postgres: Postgres, redis: RedisServer) -> AsyncIterator[tuple[House, House]]:
    async with nodes(postgres, redis.url, redis.url) as houses:
        yield houses
