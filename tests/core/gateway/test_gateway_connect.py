"""Opening: who gets in, and what the others are told."""

import json

import aiohttp
import pytest
from socketio.exceptions import (  # pyright: ignore[reportMissingTypeStubs]
    ConnectionError as NotConnected,
)
from tests.core.gateway.stage import ORIGIN, Stage, stage

from tertulia.core.gateway import CloseCode, Connection


async def test_a_client_connects_with_its_credentials(gate: Stage) -> None:
    async with gate.client({"token": "good"}) as client:
        conn = await gate.connected()
        assert conn.principal == {"token": "good"}
        assert conn.connected
        assert client.get_sid() == conn.id
        assert len(conn.id) >= 20
        assert conn.handshake.client == "127.0.0.1"
        assert gate.gateway.connections() == [conn]


async def test_ids_are_never_the_same(gate: Stage) -> None:
    async with gate.client(), gate.client():
        first, second = await gate.connected(), await gate.connected()
        assert first.id != second.id


async def test_a_refused_client_learns_why_and_may_ask_again(gate: Stage) -> None:
    async with gate.raw(connect=False) as raw:
        await raw.say('40{"token":"bad"}')
        refusal = await raw.text()
        assert refusal.startswith("44")
        assert json.loads(refusal[2:]) == {
            "message": "Sign in first.",
            "data": {"code": "unauthorized", "hint": "token"},
        }
        assert gate.gateway.connections() == []
        await raw.say('40{"token":"good"}')
        assert (await raw.text()).startswith("40{")
        assert (await gate.connected()).connected
    assert await gate.farewell() == "transport close"
    assert gate.gone.empty(), "a refused connect has no farewell"


async def test_the_library_client_sees_the_refusal(gate: Stage) -> None:
    with pytest.raises(NotConnected, match="namespaces failed to connect"):
        async with gate.client({"token": "bad"}):
            pass


async def test_a_connect_that_breaks_refuses_without_details(gate: Stage) -> None:
    @gate.on
    async def connect(conn: Connection, auth: object) -> None:
        raise RuntimeError("secret")

    async with gate.raw(connect=False) as raw:
        await raw.say("40")
        assert json.loads((await raw.text())[2:]) == {
            "message": "internal error",
            "data": {"code": "internal"},
        }
    assert gate.gateway.counters.handler_errors == 1


async def test_what_is_emitted_while_connecting_follows_the_answer(gate: Stage) -> None:
    @gate.on
    async def connect(conn: Connection, auth: object) -> None:
        conn.emit("hello", 1)
        conn.emit("hello", 2)

    async with gate.raw(connect=False) as raw:
        await raw.say("40")
        assert (await raw.text()).startswith("40{")
        assert [await raw.text(), await raw.text()] == ['42["hello",1]', '42["hello",2]']


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://good.example.evil", "http://good.example:81"]
)
async def test_a_foreign_origin_is_refused_before_the_upgrade(gate: Stage, origin: str) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        async with gate.raw(Origin=origin):
            pass
    assert caught.value.status == 403
    assert gate.gateway.counters.refused == {403: 1}
    assert gate.gateway.counters.opened == 0


async def test_our_own_origin_is_welcome(gate: Stage) -> None:
    async with gate.raw(Origin=ORIGIN):
        assert (await gate.connected()).handshake.origin == ORIGIN


async def test_firefox_asks_with_two_words_in_connection(gate: Stage) -> None:
    async with gate.raw(Connection="keep-alive, Upgrade"):
        assert (await gate.connected()).connected


async def test_an_unknown_namespace_is_an_error_not_the_end(gate: Stage) -> None:
    async with gate.raw(connect=False) as raw:
        await raw.say("40/random,")
        assert await raw.text() == '44/random,{"message":"Invalid namespace"}'
        await raw.say("40")
        assert (await raw.text()).startswith("40{")


@pytest.mark.parametrize(
    "text", ['42["early"]', '42/random,["early"]', "41", '430["early"]', '44{"message":"no"}']
)
async def test_a_packet_before_connect_closes(gate: Stage, text: str) -> None:
    async with gate.raw(connect=False) as raw:
        await raw.say(text)
        code, _ = await raw.closing()
        assert code == CloseCode.PROTOCOL
    assert gate.seen == []


async def test_connecting_twice_closes(gate: Stage) -> None:
    async with gate.raw() as raw:
        await raw.say("40")
        code, _ = await raw.closing()
        assert code == CloseCode.PROTOCOL
    assert await gate.farewell() == "protocol"


async def test_the_open_packet_tells_our_limits(gate: Stage) -> None:
    async with gate.raw() as raw:
        assert {name: raw.open[name] for name in raw.open if name != "sid"} == {
            "upgrades": [],
            "pingInterval": 25_000,
            "pingTimeout": 20_000,
            "maxPayload": 65_536,
        }
        assert raw.open["sid"] != (await gate.connected()).id


async def test_a_socket_that_never_connects_is_closed(gate: Stage) -> None:
    async with gate.raw(connect=False) as raw:
        gate.turn(9)
        assert not gate.gateway.counters.closed
        gate.turn(2)
        code, _ = await raw.closing()
        assert code == CloseCode.CONNECT_TIMEOUT


async def test_a_full_server_says_when_to_come_back() -> None:
    async with stage(max_connections=1) as gate, gate.raw():
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            async with gate.raw():
                pass
        assert caught.value.status == 503
        assert caught.value.headers is not None
        assert int(caught.value.headers["Retry-After"]) >= 1
