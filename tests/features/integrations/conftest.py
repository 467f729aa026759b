"""A node that may call this machine, and somebody else's server on it."""

from collections.abc import AsyncIterator

import pytest
from tests.support.clock import HandClock
from tests.support.node import Running, running_node
from tests.support.strangers import Stranger, stranger


@pytest.fixture
async def there() -> AsyncIterator[Stranger]:
    async with stranger() as there:
        yield there


@pytest.fixture
async def running(dsn: str, clock: HandClock) -> AsyncIterator[Running]:
    async with running_node(
        dsn, clock, outbound_allow="127.0.0.0/8", public_url="http://127.0.0.1"
    ) as running:
        yield running
