"""HTTP long-polling: heartbeat, ends and bounds (protocol T5, T6)."""

import asyncio
import json

import pytest
from tests.core.gateway.polls import polling, waits
from tests.core.gateway.stage import WAIT, Stage, stage, until

from tertulia.core.gateway import CloseCode, Connection, encode_event

# Time and ends


async def test_who_polls_and_answers_pings_stays(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.connect()
        for _ in range(4):
            gate.turn(25)
            assert await client.poll() == ["2"]
            await client.say("3")
        assert not gate.gateway.counters.closed


async def test_who_never_polls_again_is_forgotten(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.connect()
        await gate.connected()
        gate.turn(44)
        assert not gate.gateway.counters.closed
        gate.turn(2)
        assert gate.gateway.counters.closed == {"ping_timeout": 1}
        assert not gate.gateway.links
        assert not gate.gateway.sessions
    assert await gate.farewell() == "ping_timeout"


async def test_a_poll_after_its_time_finds_nothing_though_the_wheel_is_late(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.connect()
        gate.turn(44)
        gate.clock.now += 1.5
        assert (await client.ask("GET"))[0] == 400
        assert gate.gateway.counters.closed == {"ping_timeout": 1}


async def test_a_session_that_never_connects_is_closed(gate: Stage) -> None:
    async with polling(gate) as client:
        gate.turn(8)
        assert await client.poll() == ["1"], "the next poll is told"
        assert (await client.ask("GET"))[0] == 400
    assert gate.gateway.counters.closed == {"connect_timeout": 1}


async def test_a_client_closes_and_its_waiting_get_ends(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.connect()
        waiting = asyncio.create_task(client.poll())
        await until(lambda: waits(gate))
        await client.say('42["last"]', "1", '42["beyond"]')
        assert await waiting == ["6"]
        assert (await client.ask("GET"))[0] == 400
    assert await gate.farewell() == "transport close"
    assert gate.seen == [("last", [])]


async def test_a_client_that_lets_go_of_its_get_is_gone(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.connect()
        waiting = asyncio.create_task(client.poll())
        await until(lambda: waits(gate))
        waiting.cancel()
        assert await gate.farewell() == "transport close"
        assert not gate.gateway.links


@pytest.mark.parametrize("code", [CloseCode.SESSION_ENDED, CloseCode.GOING_AWAY])
async def test_a_closed_client_gets_what_was_said_before(gate: Stage, code: CloseCode) -> None:
    async with polling(gate) as client:
        await client.connect()
        conn = await gate.connected()
        conn.emit("last")
        conn.close(code)
        goodbye = [] if code.may_retry else ["41"]
        assert await client.poll() == ['42["last"]', *goodbye]
        assert await client.poll() == ["1"], "alone: clients act on it before what came along"
        assert (await client.ask("POST", b"3"))[0] == 400
    assert not gate.gateway.links
    assert await gate.farewell() == code.name.lower()


async def test_a_closed_client_that_does_not_ask_is_forgotten(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.connect()
        (await gate.connected()).close(CloseCode.KICKED)
        gate.turn(4)
        assert not gate.gateway.sessions
        assert (await client.ask("GET"))[0] == 400


async def test_a_stop_answers_every_waiting_get() -> None:
    async with stage() as gate, polling(gate) as client:
        await client.connect()
        waiting = asyncio.create_task(client.poll())
        await until(lambda: waits(gate))
        await gate.gateway.close(timeout=WAIT)
        assert await waiting == ["1"]


# Bounds


async def test_what_waits_for_the_next_poll_is_bounded() -> None:
    async with stage(outbox_limit=1000) as gate, polling(gate) as client:
        await client.connect()
        conn = await gate.connected()
        assert sum(conn.emit("flood", "x" * 100) for _ in range(20)) == 8
        assert conn.gone == "slow"
        assert await client.poll() == ["1"]


async def test_ephemera_wait_for_one_poll_only(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.connect()
        conn = await gate.connected()
        typing = encode_event("typing")
        assert conn.send(typing, volatile=True)
        await until(lambda: conn.link.paused)
        assert not conn.send(typing, volatile=True), "something waits already"
        assert conn.emit("kept")
        assert await client.poll() == ['42["typing"]', '42["kept"]']
        assert conn.send(typing, volatile=True)
        assert await client.poll() == ['42["typing"]']
    assert gate.gateway.counters.dropped == 1


async def test_a_flood_by_post_closes_with_too_fast() -> None:
    hold = asyncio.Event()
    async with stage(inbox_limit=5) as gate, polling(gate) as client:

        @gate.on
        async def hang(conn: Connection) -> None:
            await hold.wait()

        await client.connect()
        await client.say('42["hang"]')
        status, _ = await client.ask("POST", b"\x1e".join([b'42["n"]'] * 10))
        assert status == 400
        assert await client.poll() == ["1"]
        hold.set()
    assert await gate.farewell() == "too_fast"
    assert [name for name, _ in gate.seen] == ["hang"]


async def test_the_answer_says_what_it_is(gate: Stage) -> None:
    async with polling(gate) as client:
        await client.say("40")
        async with client.request("GET") as answer:
            assert answer.headers["Content-Type"] == "text/plain; charset=UTF-8"
            assert answer.headers["Cache-Control"] == "no-store"
            assert json.loads((await answer.text())[2:])["sid"]
