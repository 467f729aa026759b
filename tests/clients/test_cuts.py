"""What befalls a connection, and what socket.io-client makes of it, by every transport."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from tests.clients.client import connected
from tests.clients.conftest import Way
from tests.clients.hall import MAX_PAYLOAD, Hall
from tests.clients.js_client import NodeClient
from tests.support.network import Proxy

from tertulia.core.gateway import CloseCode

HASTE: dict[str, Any] = {"reconnection": True, "reconnectionDelay": 20, "reconnectionDelayMax": 50}


@pytest_asyncio.fixture(loop_scope="session")
async def wire(hall: Hall) -> AsyncIterator[Proxy]:
    """The way to the hall, to be cut."""
    async with Proxy(("127.0.0.1", hall.port)) as wire:
        yield wire


def address(wire: Proxy) -> str:
    return f"http://127.0.0.1:{wire.port}"


async def test_a_cut_connection_comes_back_as_another_one(
    node: NodeClient, hall: Hall, wire: Proxy, way: Way
) -> None:
    url = address(wire)
    first = await connected(node, url, {"token": "good"}, transports=way.transports, **HASTE)
    before = await hall.connected()
    await node.speaks(way.ends_as)
    while not await node.heard("$disconnect"):  # between two polls nothing is there to be cut
        wire.reset()
    [[reason]] = await node.heard("$disconnect")
    assert reason in ("transport close", "transport error")
    [_, [second, _]] = await node.until("$connect", 2)
    after = await hall.connected()
    assert second != first
    assert (after.id, after.principal) == (second, before.principal)
    assert await node.ask("double", 21) == 42


async def test_what_is_said_before_connecting_waits_unless_volatile(
    node: NodeClient, hall: Hall, way: Way
) -> None:
    await node.begin(hall.url, transports=way.transports, autoConnect=False)
    await node.do("emitVolatile", "/", "n", [1])
    await node.emit("n", 2)
    await node.do("connectAgain", "/")
    await node.until("$connect")
    assert await node.ask("double", 1) == 2
    assert hall.numbers == [2]


async def test_a_client_that_is_sent_away_for_good_stays_away(
    node: NodeClient, hall: Hall, way: Way
) -> None:
    await connected(node, hall.url, transports=way.transports, **HASTE)
    conn = await hall.connected()
    await node.speaks(way.ends_as)
    assert await conn.call("sum", 1, 1, timeout=20) == (2,)  # the server has moved, too
    conn.close(CloseCode.KICKED)
    assert await node.until("$disconnect") == [["io server disconnect"]]
    assert await hall.farewell() == "kicked"
    # It would have tried at once: the library does so before it tells of the disconnect.
    assert await node.heard("$attempt") == []


async def test_a_client_that_is_sent_away_for_now_comes_back(
    node: NodeClient, hall: Hall, way: Way
) -> None:
    await connected(node, hall.url, transports=way.transports, **HASTE)
    (await hall.connected()).close(CloseCode.GOING_AWAY)
    [[reason]] = await node.until("$disconnect")
    assert reason == "transport close"
    await node.until("$connect", 2)
    assert await node.ask("double", 2) == 4


async def test_a_message_may_be_as_large_as_told(node: NodeClient, hall: Hall, way: Way) -> None:
    await connected(node, hall.url, transports=way.transports)
    await node.speaks(way.ends_as)
    # 42["mirror","…"] with an ack's number before the bracket
    largest = "x" * (MAX_PAYLOAD - len('420["mirror",""]'))
    assert await node.ask("mirror", largest) == [largest]


async def test_a_larger_message_ends_the_connection(node: NodeClient, hall: Hall, way: Way) -> None:
    await connected(node, hall.url, transports=way.transports)
    await node.speaks(way.ends_as)
    await node.emit("mirror", "x" * (MAX_PAYLOAD + 1))
    [[reason]] = await node.until("$disconnect")
    assert reason in ("transport close", "transport error", "io server disconnect")
    assert await hall.farewell() != "client disconnect"


async def test_what_the_server_says_may_be_larger(node: NodeClient, hall: Hall, way: Way) -> None:
    """The bound is on what comes in."""
    await connected(node, hall.url, transports=way.transports)
    book = "ñ" * MAX_PAYLOAD
    (await hall.connected()).emit("book", book, bytes(MAX_PAYLOAD))
    assert await node.until("book") == [[book, bytes(MAX_PAYLOAD)]]
