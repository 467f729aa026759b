"""Namespaces: several connections over one session, each with its own life (protocol T8)."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from tests.core.gateway.stage import WAIT, Raw, Stage, stage

from tertulia.core.gateway import CallTimeout, CloseCode, Connection, Several, encode_event

BOTH = frozenset({"/", "/custom"})


@pytest.fixture
async def two() -> AsyncIterator[Stage]:
    """A gateway with the namespaces `/` and `/custom`."""
    async with stage(namespaces=BOTH) as this:
        yield this


async def enter(gate: Stage, raw: Raw) -> Connection:
    await raw.say("40/custom,")
    assert (await raw.text()).startswith("40/custom,{")
    return await gate.connected()


async def test_each_namespace_is_a_connection_of_its_own(two: Stage) -> None:
    async with two.raw() as raw:
        first = await two.connected()
        second = await enter(two, raw)
        assert (first.namespace, second.namespace) == ("/", "/custom")
        assert first.id != second.id
        assert set(two.gateway.connections()) == {first, second}
        await raw.say('42/custom,7["a"]')
        assert await raw.text() == "43/custom,7[[]]"
        second.emit("b", b"\x01")
        assert await raw.text() == '451-/custom,["b",{"_placeholder":true,"num":0}]'
        assert (await raw.next()).data == b"\x01"
        first.emit("c")
        assert await raw.text() == '42["c"]'


async def test_only_the_custom_one(two: Stage) -> None:
    async with two.raw(connect=False) as raw:
        conn = await enter(two, raw)
        two.turn(11)
        assert conn.connected, "one namespace is enough to stay"
    assert await two.farewell() == "transport close"


async def test_a_namespace_without_its_comma(two: Stage) -> None:
    async with two.raw(connect=False) as raw:
        await raw.say("40/custom")
        assert (await raw.text()).startswith("40/custom,{")
        await raw.say("41/custom")
        assert await two.farewell() == "client disconnect"
        await raw.say("40/random")
        assert await raw.text() == '44/random,{"message":"Invalid namespace"}'


async def test_a_client_leaves_one_and_keeps_the_other(two: Stage) -> None:
    async with two.raw() as raw:
        first = await two.connected()
        second = await enter(two, raw)
        await raw.say("41/custom,")
        assert await two.farewell() == "client disconnect"
        assert (first.connected, second.connected) == (True, False)
        two.turn(11)
        await raw.say('421["still"]')
        assert await raw.text() == "431[[]]"
    assert await two.farewell() == "transport close"
    assert two.gone.empty()


async def test_the_server_ends_one_and_the_other_goes_on(two: Stage) -> None:
    async with two.raw() as raw:
        first = await two.connected()
        second = await enter(two, raw)
        second.disconnect()
        second.disconnect()
        assert await raw.text() == "41/custom,"
        assert await two.farewell() == "server disconnect"
        assert (first.connected, second.connected) == (True, False)
        await raw.say('42/custom,["under way"]')
        await raw.say('421["still"]')
        assert await raw.text() == "431[[]]", "nobody is to blame for what was under way"
        assert two.seen == [("still", [])]
        assert (await enter(two, raw)).connected


async def test_a_packet_for_a_namespace_never_entered_closes(two: Stage) -> None:
    async with two.raw() as raw:
        await raw.say('42/custom,["early"]')
        assert (await raw.closing())[0] == CloseCode.PROTOCOL


async def test_staying_away_is_said_in_every_namespace(two: Stage) -> None:
    async with two.raw() as raw:
        await two.connected()
        (await enter(two, raw)).close(CloseCode.KICKED)
        assert [await raw.text(), await raw.text()] == ["41", "41/custom,"]
    assert [await two.farewell(), await two.farewell()] == ["kicked", "kicked"]


async def test_a_broadcast_is_for_one_namespace(two: Stage) -> None:
    async with two.raw() as raw:
        conn = await enter(two, raw)
        two.gateway.topics.join(conn, "room")
        assert two.gateway.topics.publish("room", encode_event("x", namespace="/custom")) == 1
        assert await raw.text() == '42/custom,["x"]'


async def test_calls_and_their_acks_stay_in_their_namespace(two: Stage) -> None:
    async with two.raw() as raw:
        first = await two.connected()
        second = await enter(two, raw)
        asking = asyncio.create_task(second.call("q", timeout=WAIT))
        question = await raw.text()
        number = question.removeprefix("42/custom,").removesuffix('["q"]')
        await raw.say(f"43{number}[1]")  # of the other namespace: nobody asked there
        await raw.say(f"43/custom,{number}[2]")
        assert await asking == (2,)
        with pytest.raises(CallTimeout):
            await first.call("q", timeout=0.01)


async def test_an_ack_may_have_several_arguments_or_none(two: Stage) -> None:
    @two.on
    async def several(conn: Connection, *args: int) -> Several:
        return Several(*args)

    async with two.raw() as raw:
        await raw.say('421["several",1,2]')
        await raw.say('422["several"]')
        assert [await raw.text(), await raw.text()] == ["431[1,2]", "432[]"]
