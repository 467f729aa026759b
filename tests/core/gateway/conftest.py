from collections.abc import AsyncIterator

import pytest
from tests.core.gateway.stage import Stage, stage


@pytest.fixture
async def gate() -> AsyncIterator[Stage]:
    """A gateway with ordinary settings on a free port."""
    async with stage() as this:
        yield this
