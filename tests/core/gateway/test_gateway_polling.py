"""HTTP long-polling: the same events and acks as by WebSocket (protocol T1-T3, T7)."""

import asyncio
from typing import Any

import aiohttp
import pytest
import socketio  # pyright: ignore[reportMissingTypeStubs]
from tests.core.gateway.polls import carrier, polling, waits
from tests.core.gateway.stage import ORIGIN, WAIT, Stage, stage, until

from tertulia.core.gateway import CloseCode, encode_event


async def test_a_session_opens_by_http(gate: Stage) -> None:
    async with polling(gate) as client:
        assert {name: client.open[name] for name in client.open if name != "sid"} == {
            "upgrades": ["websocket"],
            "pingInterval": 25_000,
            "pingTimeout": 20_000,
            "maxPayload": 65_536,
        }
        assert gate.gateway.polling == 1
        await client.connect()
        conn = await gate.connected()
        assert conn.connected
        assert conn.handshake.client == "127.0.0.1"
        assert conn.id != client.sid


async def test_session_ids_cannot_be_guessed_and_name_their_node() -> None:
    async with stage(node="nodeAbc1") as gate, polling(gate) as one, polling(gate) as two:
        assert one.sid != two.sid
        assert one.sid[:8] == two.sid[:8] == "nodeAbc1"
        assert len(one.sid) == 8 + 20
        assert gate.gateway.owner_of(one.sid) is None
        assert gate.gateway.owner_of("nodeXyz9" + one.sid[8:]) == "nodeXyz9"
        assert gate.gateway.owner_of("short") is None


async def test_events_and_acks_go_both_ways(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.connect()
        conn = await gate.connected()
        await client.say('421["a",1]', '422["b"]')
        assert [await client.poll(), gate.seen] == [
            ["431[[1]]", "432[[]]"],
            [("a", [1]), ("b", [])],
        ]
        asking = asyncio.create_task(conn.call("name", timeout=WAIT))
        (question,) = await client.poll()
        assert question.endswith('["name"]')
        number = question.removeprefix("42").removesuffix('["name"]')
        await client.say(f'43{number}["ana"]')
        assert await asking == ("ana",)


async def test_a_get_waits_and_gets_all_frames_of_one_turn(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.connect()
        conn = await gate.connected()
        waiting = asyncio.create_task(client.poll())
        await until(lambda: waits(gate))
        for number in range(3):
            conn.emit("n", number)
        assert await waiting == ['42["n",0]', '42["n",1]', '42["n",2]']


async def test_a_burst_comes_in_payloads_that_python_takes(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.connect()
        conn = await gate.connected()
        for number in range(20):
            conn.emit("n", number)
        conn.emit("pictures", *[b"\x01"] * 14)
        got = [await client.poll() for _ in range(3)]
        assert [len(payload) for payload in got] == [16, 16, 3]
        packets = [packet for payload in got for packet in payload]
        assert packets[:20] == [f'42["n",{number}]' for number in range(20)]
        assert packets[20].startswith("4514-")
        assert packets[21:] == ["bAQ=="] * 14


async def test_binary_goes_both_ways_in_base64(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.connect()
        await client.say('452-7["a",{"_placeholder":true,"num":0}]', "bAQIDBA==")
        await client.say("b/w==")
        assert await client.poll() == ['461-7[[{"_placeholder":true,"num":0}]]', "bAQIDBA=="]
    assert gate.seen == [("a", [b"\x01\x02\x03\x04"])]


async def test_a_broadcast_reaches_both_transports_with_the_same_frame(gate: Stage) -> None:
    async with polling(gate) as slow, gate.raw() as quick:
        await slow.connect()
        for conn in (await gate.connected(), await gate.connected()):
            gate.gateway.topics.join(conn, "room")
        frame = encode_event("news", "x" * 300, b"\x00\xff")
        assert gate.gateway.topics.publish("room", frame) == 2
        text = f'451-["news","{"x" * 300}",{{"_placeholder":true,"num":0}}]'
        assert await quick.text() == text
        assert (await quick.next()).data == b"\x00\xff"
        assert await slow.poll() == [text, "bAP8="]


async def test_the_library_client_lives_by_polling_alone(gate: Stage) -> None:
    client: Any = socketio.AsyncClient(reconnection=False)
    client.on("picture", lambda data: data)  # pyright: ignore[reportUnknownLambdaType]
    await client.connect(gate.url, transports=["polling"], wait_timeout=30)
    conn = await gate.connected()
    assert await client.call("echo", (b"\x00", "é"), timeout=10) == [b"\x00", "é"]
    assert await conn.call("picture", b"png", timeout=WAIT) == (b"png",)
    left: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    client.on("disconnect", left.set_result)
    conn.close(CloseCode.GOING_AWAY)
    await asyncio.wait_for(left, WAIT)


# Requests that are refused


@pytest.mark.parametrize(
    ("method", "query", "status", "code"),
    [
        ("GET", "", 400, 0),
        ("GET", "?EIO=4", 400, 0),
        ("GET", "?EIO=4&transport=abc", 400, 0),
        ("GET", "?transport=polling", 400, 5),
        ("GET", "?EIO=3&transport=polling", 400, 5),
        ("GET", "?EIO=abc&transport=polling", 400, 5),
        ("GET", "?EIO=4&transport=websocket", 400, 3),
        ("POST", "?EIO=4&transport=polling", 400, 2),
        ("PUT", "?EIO=4&transport=polling", 400, 2),
        ("GET", "?EIO=4&transport=polling&sid=forged", 400, 1),
        ("POST", "?EIO=4&transport=polling&sid=forged", 400, 1),
        ("DELETE", "?EIO=4&transport=polling&sid=forged", 400, 2),
        ("OPTIONS", "?EIO=4&transport=polling", 400, 2),
    ],
)
async def test_a_wrong_request_is_refused_in_engine_io_words(
    gate: Stage, method: str, query: str, status: int, code: int
) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, f"{gate.url}/socket.io/{query}") as answer,
    ):
        assert answer.status == status
        assert (await answer.json())["code"] == code
        assert answer.headers["Cache-Control"] == "no-store"
    assert gate.gateway.counters.refused == {status: 1}
    assert not gate.gateway.links


async def test_another_path_is_not_ours(gate: Stage) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{gate.url}/elsewhere/?EIO=4&transport=polling") as answer,
    ):
        assert answer.status == 404


async def test_a_forged_sid_opens_no_websocket(gate: Stage) -> None:
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await http.ws_connect(f"{gate.url}/socket.io/?EIO=4&transport=websocket&sid=forged")
        assert caught.value.status == 400


@pytest.mark.parametrize(
    "payload",
    ["abc", "", "4", '42["a"]\x1e', "\x1e", "2", "2probe", "5", "6", "0{}", "bnot!base64", "bAQ=",
     "bAQIDBA==", '42["early"]'],
)  # fmt: skip
async def test_a_broken_payload_closes_the_session(gate: Stage, payload: str) -> None:
    async with polling(gate) as client, gate.raw() as other:
        status, _ = await client.ask("POST", payload.encode())
        assert status == 400
        assert await client.ask("GET") == (400, '{"code": 1, "message": "Session ID unknown"}')
        assert gate.gateway.counters.closed == {"protocol": 1}
        await other.say('421["alive"]')
        assert await other.text() == "431[[]]"


async def test_a_waiting_get_hears_that_its_session_is_closed(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.connect()
        waiting = asyncio.create_task(client.poll())
        await until(lambda: waits(gate))
        assert (await client.ask("POST", b"garbage"))[0] == 400
        assert await waiting == ["41"], "stay away, says the Socket.IO packet"
        assert await client.poll() == ["1"]


async def test_a_binary_content_type_is_of_another_protocol_version(gate: Stage) -> None:
    async with polling(gate) as client:
        answer = await client.ask("POST", b"40", **{"Content-Type": "application/octet-stream"})
        assert answer[0] == 400
        assert gate.gateway.counters.closed == {"protocol": 1}


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_post_may_be_as_big_as_told_and_no_bigger(gate: Stage, chunked: bool) -> None:
    async def in_pieces(body: bytes) -> object:
        for at in range(0, len(body), 10_000):
            yield body[at : at + 10_000]

    def sent(body: bytes) -> object:
        return in_pieces(body) if chunked else body

    async with polling(gate) as client:
        await client.connect()
        fits = f'421["{"x" * (65_536 - 7)}"]'.encode()
        async with client.request("POST", sent(fits)) as answer:  # pyright: ignore[reportArgumentType]
            assert answer.status == 200
        assert await client.poll() == ["431[[]]"]
        async with client.request("POST", sent(fits + b" ")) as answer:  # pyright: ignore[reportArgumentType]
            assert answer.status == 400
    async with polling(gate) as client:
        async with client.request("POST", sent(b"4" * 100_000)) as answer:  # pyright: ignore[reportArgumentType]
            assert answer.status == 413
        assert (await client.ask("GET"))[0] == 400


async def test_the_largest_attachment_fits_in_base64(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.connect()
        await client.say('451-1["a",{"_placeholder":true,"num":0}]', "b" + "AAAA" * 21_845)
        assert (await client.poll())[0].startswith("461-1")
    assert gate.seen == [("a", [bytes(65_535)])]


async def test_two_gets_at_once_close_the_session(gate: Stage) -> None:
    async with polling(gate) as client:
        first = asyncio.create_task(client.ask("GET"))
        await until(lambda: waits(gate))
        second = asyncio.create_task(client.ask("GET"))
        answers = sorted([await first, await second])
        assert answers[0] == (200, "1")
        assert answers[1][0] == 400
        assert (await client.ask("GET"))[0] == 400
    assert gate.gateway.counters.closed == {"overlap": 1}


async def test_two_posts_at_once_close_the_session(gate: Stage) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> object:
        yield b"4"
        begun.set()
        await go_on.wait()
        yield b"0"

    async with polling(gate) as client:
        first = asyncio.create_task(client.ask("POST", slowly()))  # pyright: ignore[reportArgumentType]
        await begun.wait()
        await until(lambda: carrier(gate).posting)
        assert (await client.ask("POST", b"40"))[0] == 400
        go_on.set()
        assert (await first)[0] == 400, "it came after the end"
    assert gate.gateway.counters.closed == {"overlap": 1}
    assert gate.connections.empty()


# Who may read


async def test_only_welcome_origins_open_sessions_and_read_answers(gate: Stage) -> None:
    async with aiohttp.ClientSession() as http:
        url = f"{gate.url}/socket.io/?EIO=4&transport=polling"
        async with http.get(url, headers={"Origin": "http://evil.example"}) as answer:
            assert answer.status == 403
            assert "Access-Control-Allow-Origin" not in answer.headers
    async with polling(gate, Origin=ORIGIN) as client:
        async with client.request("POST", b"40") as answer:
            assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
            assert answer.headers["Access-Control-Allow-Credentials"] == "true"
            assert "Origin" in answer.headers["Vary"]
        async with client.request("GET", Origin="http://evil.example") as answer:
            assert "Access-Control-Allow-Origin" not in answer.headers
    assert [handshake.origin for handshake in gate.handshakes] == [
        "http://evil.example",
        ORIGIN,
    ], "asked once for a session, not for each request"


async def test_a_preflight_is_judged_like_a_handshake(gate: Stage) -> None:
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-mine"}
    async with aiohttp.ClientSession() as http:
        url = f"{gate.url}/socket.io/?EIO=4&transport=polling"
        async with http.options(url, headers={"Origin": ORIGIN, **asks}) as answer:
            assert answer.status == 204
            assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
            assert answer.headers["Access-Control-Allow-Headers"] == "x-mine"
            assert "POST" in answer.headers["Access-Control-Allow-Methods"]
        async with http.options(url, headers={"Origin": "http://evil.example", **asks}) as answer:
            assert answer.status == 403
            assert "Access-Control-Allow-Origin" not in answer.headers
    assert not gate.gateway.links


async def test_a_full_server_refuses_polling_too() -> None:
    async with (
        stage(max_connections=1) as gate,
        polling(gate) as client,
        client.http.get(f"{gate.url}/socket.io/?EIO=4&transport=polling") as answer,
    ):
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) >= 1
