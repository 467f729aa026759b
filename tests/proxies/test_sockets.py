"""Sockets through a proxy: every transport, below a prefix, over restarts."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from tests.clients.client import connected
from tests.clients.conftest import Way, way
from tests.clients.hall import Hall, open_hall
from tests.clients.js_client import NodeClient, node_client
from tests.proxies.fronts import DEPLOY, Front, free_port, front

from tertulia.core.gateway import GatewaySettings

__all__ = ["way"]

HASTE: dict[str, Any] = {"reconnectionDelay": 50, "reconnectionDelayMax": 100}  # ms


@pytest_asyncio.fixture(loop_scope="session")
async def node(hall_front: Front) -> AsyncIterator[NodeClient]:
    async with node_client(hall_front.authority) as client:
        yield client


async def talks(client: NodeClient, hall: Hall, url: str, way: Way, path: str) -> None:
    """Text and bytes, both ways, on the transport this way leads to."""
    await connected(client, url, {"token": "good"}, transports=way.transports, path=path)
    conn = await hall.connected()
    await client.speaks(way.ends_as)
    assert await client.ask("mirror", "ñ", bytes(range(256))) == ["ñ", bytes(range(256))]
    assert await conn.call("sum", 20, 22, timeout=20) == (42,)


async def test_a_client_talks_through_the_proxy(
    hall: Hall, hall_front: Front, node: NodeClient, way: Way
) -> None:
    await talks(node, hall, hall_front.url, way, "/socket.io/")


async def test_a_client_talks_below_a_prefix(kind: str, hall: Hall, way: Way) -> None:
    async with (
        front(kind, free_port(), [hall.port], prefix=True) as made,
        node_client(made.authority) as client,
    ):
        await talks(client, hall, made.url, way, "/chat/socket.io/")


async def test_who_loses_the_server_comes_back_to_the_next_one(kind: str, way: Way) -> None:
    port = free_port()
    async with front(kind, free_port(), [port]) as made, node_client(made.authority) as client:
        async with open_hall(port=port):
            await client.begin(made.url, transports=way.transports, reconnection=True, **HASTE)
            await client.until("$connect")
            assert await client.ask("double", 1) == 2
        await client.until("$disconnect")
        async with open_hall(port=port):
            await client.until("$connect", 2)
            assert await client.ask("double", 2) == 4
            await client.disconnect()


async def test_a_close_passes_through(
    hall: Hall, hall_front: Front, node: NodeClient, way: Way
) -> None:
    """A server that sends a client away for good, and a client that leaves."""
    await connected(node, hall_front.url, transports=way.transports)
    conn = await hall.connected()
    await node.speaks(way.ends_as)
    assert await conn.call("sum", 1, 1, timeout=20) == (2,)  # the server has moved, too
    conn.close()
    assert await node.until("$disconnect") == [["io server disconnect"]]
    await node.do("connectAgain", "/")
    await node.until("$connect", 2)
    await node.disconnect()
    assert await hall.farewell() == "kicked"
    assert await hall.farewell() == "client disconnect"


def test_the_proxy_is_more_patient_than_the_heartbeat() -> None:
    settings = GatewaySettings()
    silence = settings.ping_interval + settings.ping_timeout
    for name in ("tertulia.conf", "prefix.conf"):
        text = (DEPLOY / "nginx" / name).read_text()
        times = re.findall(r"proxy_(?:read|send)_timeout +(\d+)s;", text)
        assert len(times) >= 2, name
        assert all(int(time) > silence for time in times), name
    # Caddy has no such timeout, and its configuration names none.
    for name in ("Caddyfile", "prefix.Caddyfile"):
        assert "_timeout" not in (DEPLOY / "caddy" / name).read_text()
