"""Talking: events and acks in both directions, in order, with and without binary."""

import asyncio
import datetime as dt
from typing import Any

import msgspec
import pytest
from tests.core.gateway.stage import WAIT, Stage

from tertulia.core.gateway import CallTimeout, Connection, Disconnected, Topics, encode_event


async def test_an_ack_carries_what_the_handler_returned(gate: Stage) -> None:
    @gate.on
    async def double(conn: Connection, number: int) -> dict[str, int]:
        return {"twice": 2 * number}

    async with gate.client() as client:
        assert await client.call("double", 21, timeout=WAIT) == {"twice": 42}


async def test_an_event_without_an_ack_gets_no_answer(gate: Stage) -> None:
    async with gate.raw() as raw:
        await raw.say('42["quiet",1]')
        await raw.say('427["loud",1]')
        assert await raw.text() == "437[[1]]"


async def test_events_are_handled_in_order_while_the_first_one_waits(gate: Stage) -> None:
    gate_open = asyncio.Event()
    done: list[str] = []

    @gate.on
    async def slow(conn: Connection) -> None:
        await gate_open.wait()
        done.append("slow")

    @gate.on
    async def quick(conn: Connection) -> str:
        done.append("quick")
        return "quick"

    async with gate.raw() as first, gate.raw() as second:
        await first.say('421["slow"]')
        await first.say('422["quick"]')
        await second.say('421["quick"]')
        assert await second.text() == '431["quick"]'
        assert done == ["quick"], "only the other connection was served"
        gate_open.set()
        assert [await first.text(), await first.text()] == ["431[null]", '432["quick"]']
    assert done == ["quick", "slow", "quick"]


async def test_a_burst_stays_in_order(gate: Stage) -> None:
    async with gate.raw() as raw:
        for number in range(200):
            await raw.say(f'42{number}["n",{number}]')
        assert [await raw.text() for _ in range(200)] == [f"43{n}[[{n}]]" for n in range(200)]
    assert [args for _, args in gate.seen] == [[n] for n in range(200)]


async def test_binary_travels_both_ways(gate: Stage) -> None:
    got = asyncio.get_running_loop().create_future()
    async with gate.client() as client:
        client.on("picture", lambda *args: got.set_result(args))  # pyright: ignore[reportUnknownLambdaType, reportUnknownMemberType, reportUnknownArgumentType]
        conn = await gate.connected()
        sent = {"name": "x", "parts": [b"one", b"\x00\xff"]}
        assert await client.call("echo", sent, timeout=WAIT) == [sent]
        conn.emit("picture", b"png", {"thumb": b"small"})
        assert await asyncio.wait_for(got, WAIT) == (b"png", {"thumb": b"small"})


async def test_a_binary_event_is_whole_before_it_is_handled(gate: Stage) -> None:
    async with gate.raw() as raw:
        await raw.say('452-1["a",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]')
        await raw.ws.send_bytes(b"zero")
        await raw.say("3")  # a pong may come at any time
        await raw.ws.send_bytes(b"one")
        assert await raw.text() == (
            '462-1[[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]]'
        )
        assert [(await raw.next()).data, (await raw.next()).data] == [b"one", b"zero"]
    assert gate.seen == [("a", [b"one", b"zero"])]


async def test_the_server_calls_and_the_client_answers(gate: Stage) -> None:
    async with gate.client() as client:
        client.on("sum", lambda a, b: a + b)  # pyright: ignore[reportUnknownLambdaType, reportUnknownMemberType, reportUnknownArgumentType]
        client.on("blob", lambda: b"bytes")  # pyright: ignore[reportUnknownMemberType]
        conn = await gate.connected()
        assert await conn.call("sum", 1, 2, timeout=WAIT) == (3,)
        assert await conn.call("blob", timeout=WAIT) == (b"bytes",)


async def test_a_handler_may_call_its_own_client(gate: Stage) -> None:
    @gate.on
    async def ask(conn: Connection) -> Any:
        return await conn.call("name", timeout=WAIT)

    async with gate.client() as client:
        client.on("name", lambda: "ana")  # pyright: ignore[reportUnknownMemberType]
        assert await client.call("ask", timeout=WAIT) == ["ana"]


async def test_a_call_ends_with_its_time_or_its_connection(gate: Stage) -> None:
    async with gate.raw() as raw:
        conn = await gate.connected()
        with pytest.raises(CallTimeout):
            await conn.call("silence", timeout=0.01)
        waiting = asyncio.create_task(conn.call("silence", timeout=WAIT))
        assert (await raw.text()).startswith("42")
        assert (await raw.text()).startswith("42")
        await raw.ws.close()
        with pytest.raises(Disconnected):
            await waiting
    with pytest.raises(Disconnected):
        await conn.call("gone", timeout=WAIT)


async def test_an_ack_nobody_waits_for_is_ignored(gate: Stage) -> None:
    async with gate.raw() as raw:
        await raw.say("4399[1]")
        await raw.say("430[1]")
        await raw.say('421["still"]')
        assert await raw.text() == "431[[]]"


async def test_a_handler_that_breaks_leaves_the_connection_alone(gate: Stage) -> None:
    @gate.on
    async def broken(conn: Connection) -> None:
        raise RuntimeError("bug")

    async with gate.raw() as raw:
        await raw.say('421["broken"]')
        await raw.say('422["fine"]')
        assert await raw.text() == "432[[]]"
    assert gate.gateway.counters.handler_errors == 1


async def test_values_are_encoded_as_msgspec_does(gate: Stage) -> None:
    class Point(msgspec.Struct):
        x: int
        at: dt.datetime

    at = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
    async with gate.raw() as raw:
        (await gate.connected()).emit("point", Point(1, at), msgspec.Raw(b'[ "raw" ]'))
        assert await raw.text() == '42["point",{"x":1,"at":"2026-01-02T00:00:00Z"},[ "raw" ]]'


async def test_frames_of_one_turn_go_out_in_one_write_and_in_order(gate: Stage) -> None:
    async with gate.raw() as raw:
        conn = await gate.connected()
        counters = gate.gateway.counters
        writes, frames = counters.writes, counters.frames_out
        for number in range(10):
            conn.emit("n", number)
        assert [await raw.text() for _ in range(10)] == [f'42["n",{n}]' for n in range(10)]
        assert counters.writes - writes == 1
        assert counters.frames_out - frames == 10


async def test_topics_reach_their_members_and_nobody_else(gate: Stage) -> None:
    topics = gate.gateway.topics
    frame = encode_event("news", 1)
    async with gate.raw() as first, gate.raw() as second, gate.raw() as outsider:
        one, two, other = [await gate.connected() for _ in range(3)]
        for conn in (one, two):
            assert topics.join(conn, "room:1")
        topics.join(other, "room:2")
        assert topics.publish("room:1", frame) == 2
        assert topics.publish("room:1", encode_event("skipped"), skip=two) == 1
        assert topics.publish("room:none", frame) == 0
        for conn in (one, two, other):
            conn.emit("end")
        assert [await first.text() for _ in range(3)] == [
            '42["news",1]',
            '42["skipped"]',
            '42["end"]',
        ]
        assert [await second.text() for _ in range(2)] == ['42["news",1]', '42["end"]']
        assert await outsider.text() == '42["end"]'


async def test_a_topic_lives_as_long_as_its_members(gate: Stage) -> None:
    heard: list[tuple[Any, bool]] = []

    def listening(topic: object, there: bool) -> None:
        heard.append((topic, there))

    topics = gate.gateway.topics = Topics(listening)
    async with gate.raw(), gate.raw() as second:
        one, two = await gate.connected(), await gate.connected()
        topics.join(one, "a")
        topics.join(one, "a")
        topics.join(two, "a")
        topics.join(two, "b")
        assert topics.members("a") == {one, two}
        assert topics.topics(two) == {"a", "b"}
        topics.leave(one, "a")
        topics.leave(one, "never")
        assert heard == [("a", True), ("b", True)]
        await second.ws.close()
        await gate.farewell()
        assert heard[2:] in ([("a", False), ("b", False)], [("b", False), ("a", False)])
        assert not topics.members("a")
        assert not topics.join(two, "a"), "the gone join nothing"
        assert two.emit("gone") is False
