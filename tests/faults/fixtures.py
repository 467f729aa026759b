"""Houses to break, each on its own copy of a furnished data folder."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from tests.faults.furniture import Furniture, furnish
from tests.faults.house import House


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
