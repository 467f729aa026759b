"""Connection-state recovery, as socket.io-client asks for it by itself."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from tests.clients.client import connected
from tests.clients.conftest import Way
from tests.clients.hall import Hall, open_hall
from tests.clients.js_client import NodeClient

from tertulia.core.gateway import Connection

SECONDS = 60.0
ROOM = "everybody"


@pytest_asyncio.fixture(loop_scope="session")
async def hall() -> AsyncIterator[Hall]:
    async with open_hall(recovery_seconds=SECONDS) as hall:
        yield hall


async def enter(node: NodeClient, hall: Hall, way: Way, **options: Any) -> Connection:
    """Connected, in the room, and told something: an offset to come back with."""
    await connected(node, hall.url, {"token": "good"}, transports=way.transports, **options)
    conn = await hall.connected()
    await node.speaks(way.ends_as)
    hall.gateway.topics.join(conn, ROOM)
    conn.emit("count", 0)
    await node.until("count")
    return conn


async def test_who_was_cut_goes_on_where_it_was(node: NodeClient, hall: Hall, way: Way) -> None:
    before = await enter(node, hall, way)
    await node.do("drop", "/")
    assert await hall.farewell() == "transport close"
    for number in (1, 2, 3):
        hall.say(ROOM, "count", number)
    await node.do("connectAgain", "/")
    [_, [id_, recovered]] = await node.until("$connect", 2)
    assert (id_, recovered) == (before.id, True)
    hall.say(ROOM, "count", 4)
    # Each with its offset behind it, as the protocol has it.
    assert [number for number, _ in await node.until("count", 5)] == [0, 1, 2, 3, 4]


async def test_who_left_comes_back_as_another(node: NodeClient, hall: Hall, way: Way) -> None:
    before = await enter(node, hall, way)
    await node.disconnect()
    assert await hall.farewell() == "client disconnect"
    hall.say(ROOM, "count", 1)
    await node.do("connectAgain", "/")
    [_, [id_, recovered]] = await node.until("$connect", 2)
    assert id_ != before.id
    assert not recovered
    assert [number for number, _ in await node.heard("count")] == [0]
