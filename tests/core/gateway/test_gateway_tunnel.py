"""Upgrades that reach another node than their session's: bytes both ways, and where they end."""

import asyncio
import json
from itertools import pairwise
from typing import Any, cast

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.gateway.crossroads import ANNA, BEN, Crossroads, Poller
from tests.core.gateway.stage import WAIT, until

from tertulia.core.gateway.tunnel import Boundary

# WebSockets


def _upgrade(roads: Crossroads, node: str, sid: str) -> str:
    host, port = roads.registry.addresses[node]
    return f"http://{host}:{port}/socket.io/?EIO=4&transport=websocket&sid={sid}"


def _transport(socket: aiohttp.ClientWebSocketResponse) -> Any:
    return cast("Any", socket)._response.connection.transport


async def _tunnelled(roads: Crossroads, poller: Poller) -> aiohttp.ClientWebSocketResponse:
    """A session of Anna's that moved to a WebSocket by way of Ben."""
    await poller.begin(ANNA)
    await poller.post(ANNA, "40")
    await poller.get(ANNA)
    socket = await poller.http.ws_connect(_upgrade(roads, BEN, poller.sid))
    await socket.send_str("2probe")
    assert await socket.receive_str() == "3probe"
    await socket.send_str("5")
    return socket


@pytest.mark.parametrize("sid", ["carl-003" + "x" * 20, ANNA + "x" * 20])
async def test_an_upgrade_to_nobodys_session_is_refused(
    roads: Crossroads, poller: Poller, sid: str
) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        await poller.http.ws_connect(_upgrade(roads, BEN, sid))
    assert refusal.value.status == 400
    await until(lambda: not roads.ben.gateway.tunnels)


async def test_the_end_of_one_side_is_the_end_of_the_other(
    roads: Crossroads, poller: Poller
) -> None:
    socket = await _tunnelled(roads, poller)
    conn = await roads.anna.connected()
    conn.close(reason="enough")
    message = await socket.receive(WAIT)
    while message.type is not aiohttp.WSMsgType.CLOSE:
        message = await socket.receive(WAIT)
    assert (message.data, json.loads(message.extra or "")) == (4501, {"reason": "enough"})
    await until(lambda: not roads.ben.gateway.tunnels)

    poller.sid = ""
    socket = await _tunnelled(roads, poller)
    await roads.anna.connected()
    _transport(socket).abort()
    assert await roads.anna.farewell() in ("kicked", "transport close")
    await until(lambda: not roads.anna.gateway.links)


async def test_a_slow_reader_behind_a_tunnel_is_the_owners_to_close(
    roads: Crossroads, poller: Poller
) -> None:
    """Back-pressure reaches the owner, and this node keeps no more than a buffer for it."""
    socket = await _tunnelled(roads, poller)
    conn = await roads.anna.connected()
    transport = _transport(socket)
    transport.pause_reading()
    tunnel = next(iter(roads.ben.gateway.tunnels))
    while conn.emit("flood", "x" * 50_000):
        await asyncio.sleep(0)
        waiting = tunnel._client.get_write_buffer_size()  # pyright: ignore[reportPrivateUsage]
        assert waiting < 500_000
    assert await roads.anna.farewell() == "slow"
    transport.abort()
    await until(lambda: not roads.ben.gateway.tunnels)


async def test_a_node_that_leaves_tells_those_in_its_tunnels_to_come_back(
    roads: Crossroads, poller: Poller
) -> None:
    socket = await _tunnelled(roads, poller)
    await roads.anna.connected()
    await roads.ben.gateway.close(retry_after=3, timeout=5)
    message = await socket.receive(WAIT)
    while message.type is not aiohttp.WSMsgType.CLOSE:
        message = await socket.receive(WAIT)
    assert message.data == 4000
    told = json.loads(message.extra or "")
    assert told["reason"] == "going_away"
    assert 0 <= told["retry_after"] <= 3
    assert await roads.anna.farewell() == "transport close"


async def test_nothing_may_come_before_the_answer_to_the_upgrade(
    roads: Crossroads, poller: Poller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes behind a request that this node took for an upgrade, and the owner might not."""
    await poller.begin(ANNA)
    holding = asyncio.Event()
    find = roads.registry.find

    async def slowly(node: str) -> tuple[str, int] | None:
        await holding.wait()
        return await find(node)

    monkeypatch.setattr(roads.registry, "find", slowly)
    reader, writer = await asyncio.open_connection(*roads.registry.addresses[BEN])
    request = (
        f"GET /socket.io/?EIO=4&transport=websocket&sid={poller.sid} HTTP/1.1\r\nHost: x\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    writer.write(request.encode())
    await until(lambda: roads.ben.gateway.tunnels)
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    assert await asyncio.wait_for(reader.read(), WAIT) == b""
    holding.set()
    writer.close()


# Where frames end


def _frame(size: int) -> bytes:
    body = b"\x81" * size  # looks like the beginning of a frame, everywhere
    if size < 126:
        return bytes([0x82, size]) + body
    if size < 65_536:
        return b"\x82\x7e" + size.to_bytes(2) + body
    return b"\x82\x7f" + size.to_bytes(8) + body


@given(
    sizes=st.lists(st.sampled_from([0, 1, 125, 126, 300, 65_535, 65_536]), max_size=6),
    cuts=st.lists(st.integers(0, 200_000), max_size=12),
)
def test_the_end_of_a_frame_is_known_however_the_stream_is_cut(
    sizes: list[int], cuts: list[int]
) -> None:
    head = b"HTTP/1.1 101 Switching Protocols\r\nA: b\r\n\r\n"
    ends = {len(head)}
    stream = head
    for size in sizes:
        stream += _frame(size)
        ends.add(len(stream))
    places = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    boundary = Boundary()
    for begin, end in pairwise(places):
        assert boundary.feed(stream[begin:end]) == (end in ends)
        assert boundary.at_end == (end in ends)
