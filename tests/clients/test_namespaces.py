"""Several namespaces over one connection."""

from collections.abc import AsyncIterator

import pytest_asyncio
from tests.clients.client import WAIT
from tests.clients.conftest import Way, send_away
from tests.clients.hall import Hall
from tests.clients.js_client import JsClient, NodeClient
from tests.clients.python_client import PythonClient, async_client

SIDE = "/side"


async def begin_both(client: JsClient, hall: Hall, way: Way) -> None:
    await client.begin(hall.url, {"at": "main"}, transports=way.transports)
    await client.begin(hall.url, {"at": "side"}, namespace=SIDE, transports=way.transports)


async def test_two_share_a_connection_and_nothing_else(
    node: NodeClient, hall: Hall, way: Way
) -> None:
    await begin_both(node, hall, way)
    main, side = await node.until("welcome"), await node.until("welcome", namespace=SIDE)
    assert (main, side) == ([[{"at": "main"}]], [[{"at": "side"}]])
    there = {conn.namespace: conn for conn in (await hall.connected(), await hall.connected())}
    assert there["/"].id != there[SIDE].id
    assert len(hall.gateway.links) == 1
    there[SIDE].emit("news", 1)
    there["/"].emit("news", b"2")
    assert await node.until("news", namespace=SIDE) == [[1]]
    assert await node.until("news") == [[b"2"]]
    assert await node.ask("mirror", b"x", namespace=SIDE) == [b"x"]
    assert await there[SIDE].call("sum", 1, 2, timeout=WAIT) == (3,)
    assert len(await node.heard("news")) == 1


async def test_leaving_one_keeps_the_other(node: NodeClient, hall: Hall, way: Way) -> None:
    await begin_both(node, hall, way)
    await node.until("$connect", namespace=SIDE)
    await node.until("$connect")
    await node.do("disconnect", SIDE)
    assert await hall.farewell() == "client disconnect"
    assert await node.ask("double", 2) == 4
    await node.do("connectAgain", SIDE)
    await node.until("$connect", 2, namespace=SIDE)
    assert await node.ask("double", 4, namespace=SIDE) == 8


async def test_an_unknown_one_is_refused_and_the_other_lives(
    node: NodeClient, hall: Hall, way: Way
) -> None:
    await node.begin(hall.url, transports=way.transports)
    await node.begin(hall.url, namespace="/unknown", transports=way.transports)
    assert await node.until("$connect_error", namespace="/unknown") == [["Invalid namespace", None]]
    assert await node.ask("double", 2) == 4


async def test_a_refusal_in_one_is_not_the_others(node: NodeClient, hall: Hall, way: Way) -> None:
    await node.begin(hall.url, transports=way.transports)
    await node.begin(hall.url, {"token": "bad"}, namespace=SIDE, transports=way.transports)
    [[message, _]] = await node.until("$connect_error", namespace=SIDE)
    assert message == "Sign in first."
    assert await node.ask("double", 2) == 4


@pytest_asyncio.fixture(loop_scope="session")
async def python(hall: Hall) -> AsyncIterator[PythonClient]:
    async with async_client() as client:
        yield client
        send_away(hall.gateway)


async def test_python_takes_both_at_once(python: PythonClient, hall: Hall, way: Way) -> None:
    sio = python.sio
    await sio.connect(hall.url, namespaces=["/", SIDE], transports=way.transports)
    assert await sio.call("double", 2, namespace="/", timeout=WAIT) == 4
    assert await sio.call("double", 4, namespace=SIDE, timeout=WAIT) == 8
    there = {(await hall.connected()).namespace for _ in range(2)}
    assert there == {"/", SIDE}
