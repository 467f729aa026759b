"""From polling to a WebSocket: nothing is lost; a road that fails changes nothing (protocol T4)."""

import asyncio
from typing import Any

import aiohttp
import pytest
import socketio  # pyright: ignore[reportMissingTypeStubs]
from tests.core.gateway.polls import Polls, polling, waits
from tests.core.gateway.stage import WAIT, Stage, stage, until
from tests.core.gateway.test_gateway_limits import UPGRADE, masked, tcp

from tertulia.core.gateway import CloseCode


async def probed(ws: aiohttp.ClientWebSocketResponse) -> None:
    await ws.send_str("2probe")
    assert (await ws.receive(WAIT)).data == "3probe"


def sid(client: Polls) -> bytes:
    return client.sid.encode()


async def still_polls(client: Polls) -> None:
    await client.say('429["alive"]')
    assert await client.poll() == ["439[[]]"]


async def closed(ws: aiohttp.ClientWebSocketResponse) -> int | None:
    message = await ws.receive(WAIT)
    assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED), message
    return ws.close_code


async def test_a_session_moves_to_a_websocket(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.connect()
        conn = await gate.connected()
        async with client.upgrade() as ws:
            waiting = asyncio.create_task(client.poll())
            await until(lambda: waits(gate))
            await ws.send_str("2probe")
            assert (await ws.receive(WAIT)).data == "3probe"
            assert await waiting == ["6"], "the client waits for its GET to end"
            conn.emit("early")
            await ws.send_str("5")
            assert (await ws.receive(WAIT)).data == '42["early"]'
            assert gate.gateway.polling == 0
            await ws.send_str('421["a"]')
            assert (await ws.receive(WAIT)).data == "431[[]]"
            gate.turn(25)
            assert (await ws.receive(WAIT)).data == "2"
            assert len(gate.gateway.links) == 1
        assert await gate.farewell() == "transport close"
        assert gate.gateway.counters.upgraded == 1
        assert gate.gateway.counters.opened == 1
        assert not gate.gateway.sessions


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_moved_session_takes_no_requests(gate: Stage, method: str) -> None:
    async with polling(gate) as client:
        await client.connect()
        async with client.upgrade() as ws:
            await probed(ws)
            await ws.send_str("5")
            await until(lambda: gate.gateway.counters.upgraded)
            status, body = await client.ask(method, b"3" if method == "POST" else None)
            assert (status, body) == (400, '{"code": 3, "message": "Bad request"}')
            await ws.send_str('421["a"]')
            assert (await ws.receive(WAIT)).data == "431[[]]"


async def test_a_second_socket_is_closed_and_the_first_goes_on(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.connect()
        async with client.upgrade() as ws:
            async with client.upgrade() as second:
                assert await closed(second) == CloseCode.OVERLAP
            await probed(ws)
            await ws.send_str("5")
            async with client.upgrade() as third:
                assert await closed(third) == CloseCode.OVERLAP
            await ws.send_str('421["a"]')
            assert (await ws.receive(WAIT)).data == "431[[]]"


async def test_a_socket_that_is_one_too_many_does_not_stay(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.connect()
        async with tcp(gate) as (reader, writer):
            writer.write(UPGRADE.replace(b"websocket HTTP", b"websocket&sid=%b HTTP" % sid(client)))
            await reader.readuntil(b"\r\n\r\n")
            writer.write(masked(0x81, b"garbage"))
            rest = await asyncio.wait_for(reader.read(), WAIT)
            assert b"unexpected packet" in rest, "told, and ended, though we do not answer"
        await still_polls(client)


async def test_the_same_client_may_try_again_after_a_failure(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.connect()
        async with client.upgrade() as ws:
            await probed(ws)
        await still_polls(client)
        async with client.upgrade() as ws:
            await probed(ws)
            await ws.send_str("5")
            await ws.send_str('421["a"]')
            assert (await ws.receive(WAIT)).data == "431[[]]"


@pytest.mark.parametrize("words", [["5"], ["2"], ["3"], ["40"], ["garbage"], ["2probe", "2probe"]])
async def test_a_wrong_word_ends_the_socket_and_not_the_session(
    gate: Stage, words: list[str]
) -> None:
    async with polling(gate) as client:
        await client.connect()
        async with client.upgrade() as ws:
            for word in words[:-1]:
                await ws.send_str(word)
                assert (await ws.receive(WAIT)).data == "3probe"
            await ws.send_str(words[-1])
            assert await closed(ws) == CloseCode.PROTOCOL
        await still_polls(client)
        assert gate.gateway.counters.upgraded == 0


async def test_a_binary_word_ends_the_socket_too(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.connect()
        async with client.upgrade() as ws:
            await ws.send_bytes(b"5")
            assert await closed(ws) == CloseCode.PROTOCOL
        await still_polls(client)


async def test_a_probe_that_is_abandoned_ends_in_time(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.connect()
        async with client.upgrade() as ws:
            await probed(ws)
            gate.turn(11)
            assert (await ws.receive(WAIT)).type is aiohttp.WSMsgType.CLOSED
        await still_polls(client)


async def test_while_a_client_moves_its_gets_do_not_wait_long(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.connect()
        conn = await gate.connected()
        async with client.upgrade() as ws:
            await probed(ws)
            assert await client.poll() == ["6"]
            conn.emit("a")
            assert await client.poll() == ['42["a"]'], "what there is goes out as ever"


async def test_a_session_that_ends_takes_its_probe_along(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.connect()
        conn = await gate.connected()
        async with client.upgrade() as ws:
            await probed(ws)
            conn.close(CloseCode.KICKED)
            assert (await ws.receive(WAIT)).type is aiohttp.WSMsgType.CLOSED
        assert [await client.poll(), await client.poll()] == [["41"], ["1"]]


async def test_a_post_that_was_overtaken_by_the_move_is_refused(gate: Stage) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> Any:
        yield b'42["late"'
        begun.set()
        await go_on.wait()
        yield b"]"

    async with polling(gate) as client:
        await client.connect()
        sending = asyncio.create_task(client.ask("POST", slowly()))  # pyright: ignore[reportArgumentType]
        await begun.wait()
        async with client.upgrade() as ws:
            await probed(ws)
            await ws.send_str("5")
            await until(lambda: gate.gateway.counters.upgraded)
            go_on.set()
            assert (await sending)[0] == 400
            await ws.send_str('421["a"]')
            assert (await ws.receive(WAIT)).data == "431[[]]"
    assert gate.seen == [("a", [])]


async def test_a_full_server_still_lets_sessions_move() -> None:
    async with stage(max_connections=1) as gate, polling(gate) as client:
        await client.connect()
        async with client.upgrade() as ws:
            await probed(ws)
            await ws.send_str("5")
            await until(lambda: gate.gateway.counters.upgraded)


async def test_the_library_client_moves_by_itself(gate: Stage) -> None:
    got: list[int] = []
    client: Any = socketio.AsyncClient(reconnection=False)
    client.on("n", got.append)
    await client.connect(gate.url, wait_timeout=WAIT)
    conn = await gate.connected()
    for number in range(50):
        conn.emit("n", number)
        await asyncio.sleep(0)
    await until(lambda: gate.gateway.counters.upgraded)
    for number in range(50, 100):
        conn.emit("n", number)
    assert await client.call("echo", b"\x00\xff", timeout=10) == [b"\x00\xff"]
    await until(lambda: len(got) == 100)
    assert got == list(range(100))
    await client.disconnect()
