"""A server that leaves: who waits for an answer gets it first."""

import asyncio
from time import monotonic

import aiohttp
from tests.core.gateway.stage import Stage, until

from tertulia.core.gateway import Connection


async def test_a_command_under_way_is_answered_before_the_goodbye(gate: Stage) -> None:
    may_end = asyncio.Event()

    @gate.on
    async def slow(conn: Connection, what: str) -> str:
        await may_end.wait()
        return f"{what} done"

    async with gate.raw() as raw:
        await gate.connected()
        await raw.say('421["slow","one"]')
        await raw.say('422["slow","two"]')  # waits for its turn
        await until(lambda: gate.seen)
        closing = asyncio.create_task(gate.gateway.close(timeout=20))
        await asyncio.sleep(0)
        await raw.say('423["slow","three"]')  # sent before the client could know
        may_end.set()
        assert [await raw.text() for _ in range(2)] == ['431["one done"]', '432["two done"]']
        code, told = await raw.closing()
        assert code == 4000
        assert told["reason"] == "going_away"
        await raw.ws.close()
        await closing


async def test_who_waits_for_nothing_is_sent_away_at_once(gate: Stage) -> None:
    async def forever(conn: Connection) -> None:
        await asyncio.Event().wait()

    gate.handlers["forever"] = forever
    async with gate.raw() as busy, gate.raw() as idle:
        await busy.say('42["forever"]')
        await until(lambda: gate.seen)
        closing = asyncio.create_task(gate.gateway.close(timeout=1))
        assert (await idle.closing())[0] == 4000
        assert not closing.done()
        # It has had half of the time; what it began is given up at the end.
        assert (await busy.closing())[0] == 4000
        await closing
    assert not gate.gateway.tasks


async def test_nobody_there_is_nothing_to_wait_for(gate: Stage) -> None:
    began = monotonic()
    await gate.gateway.close(timeout=60)
    assert monotonic() - began < 5


async def test_many_are_sent_away_in_one_go(gate: Stage) -> None:
    """Each gets its own moment to come back, and the server is not busy long."""
    count = 1_000
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        url = f"{gate.url}/socket.io/?EIO=4&transport=websocket"
        sockets = [await http.ws_connect(url) for _ in range(count)]

        async def end(socket: aiohttp.ClientWebSocketResponse) -> int | None:
            while (await socket.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
            return socket.close_code

        ends = [asyncio.create_task(end(socket)) for socket in sockets]
        began = monotonic()
        await gate.gateway.close(retry_after=2, timeout=8)
        assert monotonic() - began < 8
        assert set(await asyncio.gather(*ends)) == {4000}
