"""Houses to break, each on its own copy of a furnished data folder."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from tests.faults.furniture import Furniture, furnish
from tests.faults.house import House
from tests.faults.postgres import Postgres


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
