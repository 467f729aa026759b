"""What every Socket.IO client does all day, by every transport."""

import pytest
from tests.clients.client import Client, connected
from tests.clients.conftest import Way
from tests.clients.hall import Hall


async def test_it_connects_with_its_auth_and_ends_on_the_best_transport(
    client: Client, hall: Hall, way: Way
) -> None:
    id_ = await connected(client, hall.url, {"token": "good"}, transports=way.transports)
    conn = await hall.connected()
    assert (id_, conn.principal) == (conn.id, {"token": "good"})
    assert await client.until("welcome") == [[{"token": "good"}]]
    await client.speaks(way.ends_as)


async def test_a_refusal_says_why(client: Client, hall: Hall, way: Way) -> None:
    await client.begin(hall.url, {"token": "bad"}, transports=way.transports)
    [[message, data]] = await client.until("$connect_error")
    assert (message, data) == ("Sign in first.", {"code": "unauthorized"})


async def test_acks_go_both_ways(client: Client, hall: Hall, way: Way) -> None:
    await connected(client, hall.url, transports=way.transports)
    conn = await hall.connected()
    assert await client.ask("double", 21) == 42
    assert await conn.call("sum", 20, 22, timeout=20) == (42,)


async def test_who_gets_no_answer_stops_waiting(client: Client, hall: Hall, way: Way) -> None:
    await connected(client, hall.url, transports=way.transports)
    with pytest.raises(TimeoutError):
        await client.ask("silence", patience=0.2)
    assert await client.ask("double", 4) == 8, "and all goes on"


async def test_binary_goes_both_ways(client: Client, hall: Hall, way: Way) -> None:
    await connected(client, hall.url, transports=way.transports)
    conn = await hall.connected()
    every_byte = bytes(range(256))
    said = {"name": "pictures", "parts": [every_byte, {"thumb": b""}], "last": b"\xff\x00\x1e"}
    assert await client.ask("mirror", said, b"beside it") == [said, b"beside it"]
    assert await conn.call("mirror", said, b"beside it", timeout=20) == (said, b"beside it")
    conn.emit("pictures", said, 1, every_byte)
    assert await client.until("pictures") == [[said, 1, every_byte]]


async def test_text_of_every_kind_survives(client: Client, hall: Hall, way: Way) -> None:
    await connected(client, hall.url, transports=way.transports)
    said = 'ñ 漢 🙂 \u2028 \x1e \\n "quoted" \x00'
    assert await client.ask("mirror", said) == [said]


async def test_a_hundred_at_once_keep_their_order(client: Client, hall: Hall, way: Way) -> None:
    await connected(client, hall.url, transports=way.transports)
    conn = await hall.connected()
    for number in range(100):
        conn.emit("count", number)
        await client.emit("n", number)
    assert await client.until("count", 100) == [[number] for number in range(100)]
    await client.ask("double", 1)
    assert hall.numbers == list(range(100))


async def test_who_leaves_is_known_to_have_left(client: Client, hall: Hall, way: Way) -> None:
    await connected(client, hall.url, transports=way.transports)
    await hall.connected()
    await client.disconnect()
    # python-socketio may close its WebSocket before its own goodbye went out.
    assert await hall.farewell() in ("client disconnect", "transport close")
