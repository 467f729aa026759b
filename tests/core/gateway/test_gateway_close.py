"""Ends: who closed, what the other side learns, and that nothing stays behind."""

import asyncio
import gc

import aiohttp
import pytest
from tests.core.gateway.stage import WAIT, Stage, stage, until

from tertulia.core.gateway import CloseCode, Connection
from tertulia.core.gateway.framing import Framing
from tertulia.core.gateway.link import Link
from tertulia.core.gateway.websocket import WebSocket


async def test_a_client_that_disconnects_is_said_goodbye_once(gate: Stage) -> None:
    async with gate.raw() as raw:
        conn = await gate.connected()
        await raw.say("41")
        assert await gate.farewell() == "client disconnect"
        assert conn.gone == "client disconnect"
        await raw.say("40")
        assert (await raw.text()).startswith("40{"), "the socket is still good for another connect"
    assert await gate.farewell() == "transport close"
    assert gate.gone.empty()


async def test_after_disconnect_the_socket_does_not_stay_for_ever(gate: Stage) -> None:
    async with gate.raw() as raw:
        await raw.say("41")
        await gate.farewell()
        gate.turn(11)
        assert (await raw.closing())[0] == CloseCode.CONNECT_TIMEOUT


async def test_events_sent_before_leaving_are_still_handled(gate: Stage) -> None:
    async with gate.raw() as raw:
        for number in range(20):
            await raw.say(f'42["n",{number}]')
        await raw.say("1")
        assert (await raw.closing())[0] == 1000
    assert await gate.farewell() == "transport close"
    assert len(gate.seen) == 20


async def test_a_client_that_vanishes_is_noticed(gate: Stage) -> None:
    async with gate.raw() as raw:
        await gate.connected()
        transport = raw.ws.get_extra_info("socket")
        assert transport is not None
        response = raw.ws._response  # pyright: ignore[reportPrivateUsage]
        assert response.connection
        assert response.connection.transport
        response.connection.transport.abort()
        assert await gate.farewell() == "transport close"
    assert gate.gateway.counters.closed == {"transport close": 1}


@pytest.mark.parametrize(
    ("code", "goodbye"), [(CloseCode.SESSION_ENDED, True), (CloseCode.GOING_AWAY, False)]
)
async def test_a_closed_client_learns_whether_to_come_back(
    gate: Stage, code: CloseCode, goodbye: bool
) -> None:
    assert code.may_retry is not goodbye
    async with gate.raw() as raw:
        conn = await gate.connected()
        conn.emit("last")
        conn.close(code, "because", retry_after=1.5)
        conn.close(CloseCode.INTERNAL)  # the first word counts
        assert not conn.connected
        assert await raw.text() == '42["last"]'
        if goodbye:
            assert await raw.text() == "41"
        told = await raw.closing()
        assert told == (code, {"reason": "because", "retry_after": 1.5})
    assert await gate.farewell() == code.name.lower()


async def test_the_library_client_does_not_return_when_told_so(gate: Stage) -> None:
    left: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with gate.client() as client:
        client.on("disconnect", left.set_result)  # pyright: ignore[reportUnknownMemberType]
        (await gate.connected()).close(CloseCode.KICKED)
        assert await asyncio.wait_for(left, WAIT) == "server disconnect"


async def test_who_answers_pings_stays(gate: Stage) -> None:
    async with gate.raw() as raw:
        for _ in range(5):
            gate.turn(25)
            assert await raw.text() == "2"
            await raw.say("3")
            await raw.say('421["seen"]')
            assert await raw.text() == "431[[]]"
        assert not gate.gateway.counters.closed


async def test_who_does_not_answer_pings_is_closed(gate: Stage) -> None:
    async with gate.raw() as raw:
        gate.turn(25)
        assert await raw.text() == "2"
        gate.turn(18)
        assert not gate.gateway.counters.closed
        gate.turn(3)
        assert (await raw.closing())[0] == CloseCode.PING_TIMEOUT
    assert await gate.farewell() == "ping_timeout"


async def test_nobody_dies_because_the_process_slept(gate: Stage) -> None:
    async with gate.raw() as raw:
        gate.turn(25)
        assert await raw.text() == "2"
        gate.clock.now += 3600
        gate.gateway.wheel.turn()
        await raw.say("3")
        await raw.say('421["alive"]')
        assert await raw.text() == "431[[]]"


async def test_one_timer_serves_everybody_and_rests_with_them(gate: Stage) -> None:
    wheel = gate.gateway.wheel
    async with gate.raw(), gate.raw():
        assert len(gate.gateway.links) == 2
        assert wheel.ticking
    await gate.farewell()
    await gate.farewell()
    await until(lambda: not gate.gateway.links)
    wheel.turn()
    assert wheel.waiting == 0


async def test_an_idle_connection_has_no_task(gate: Stage) -> None:
    tasks = gate.gateway.tasks
    async with gate.raw() as raw:
        await gate.connected()
        assert len(tasks) == 0
        await raw.say('421["a"]')
        await raw.text()
        assert len(tasks) == 1, "it waits for the next event"
        gate.turn(25)
        assert await raw.text() == "2"
        await asyncio.sleep(0)
        assert len(tasks) == 0
        await raw.say("3")
        await raw.say('422["b"]')
        assert await raw.text() == "432[[]]"


async def test_a_client_that_ignores_our_close_is_cut(gate: Stage) -> None:
    async with aiohttp.ClientSession() as http:
        ws = await http.ws_connect(
            f"{gate.url}/socket.io/?EIO=4&transport=websocket", autoclose=False, autoping=False
        )
        await ws.send_str("40")
        (await gate.connected()).close(CloseCode.INTERNAL)
        await gate.farewell()
        gate.turn(2)
        assert len(gate.gateway.links) == 1
        gate.turn(2)
        await until(lambda: not gate.gateway.links)


async def test_a_graceful_stop_sends_everybody_away_and_lets_handlers_finish() -> None:
    started, hold = asyncio.Event(), asyncio.Event()
    finished: list[str] = []
    async with stage() as gate, gate.raw() as busy, gate.raw() as idle:

        @gate.on
        async def work(conn: Connection) -> None:
            started.set()
            await hold.wait()
            finished.append("work")

        await busy.say('42["work"]')
        await started.wait()
        closing = asyncio.create_task(gate.gateway.close(retry_after=4, timeout=WAIT))
        for raw in (busy, idle):
            assert await raw.closing() == (
                CloseCode.GOING_AWAY,
                {"reason": "going_away", "retry_after": 4.0},
            )
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            async with gate.raw():
                pass
        assert caught.value.status == 503
        assert not closing.done(), "a handler is still at work"
        hold.set()
        await closing
        assert finished == ["work"]
        assert [await gate.farewell(), await gate.farewell()] == ["going_away", "going_away"]


async def test_a_stop_does_not_wait_for_ever() -> None:
    started = asyncio.Event()
    async with stage() as gate, gate.raw() as raw:

        @gate.on
        async def hang(conn: Connection) -> None:
            started.set()
            await asyncio.Event().wait()

        await raw.say('42["hang"]')
        await started.wait()
        await gate.gateway.close(timeout=0.05)
        assert not gate.gateway.tasks


@pytest.mark.parametrize("goodbye", ["1", "41", ""])
async def test_what_is_over_is_freed_without_the_collector(gate: Stage, goodbye: str) -> None:
    """A storm's sessions would wait for a full garbage collection otherwise: 50 MB for 20,000."""
    gc.collect()
    gc.disable()
    try:
        for _ in range(3):
            async with gate.raw() as raw:
                await gate.connected()
                if goodbye:
                    await raw.say(goodbye)
            await gate.farewell()
        await until(lambda: not gate.gateway.links)
        await until(lambda: not left_of(Link, WebSocket, Framing))
    finally:
        gc.enable()


def left_of(*kinds: type) -> list[object]:
    return [one for one in gc.get_objects() if type(one) in kinds]
