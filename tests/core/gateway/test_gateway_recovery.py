"""Connection-state recovery: after a cut the same connection goes on where it was (T9: off)."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.core.gateway.stage import Raw, Stage, stage

from tertulia.core.gateway import CloseCode, Connection, ConnectRefused, encode_event


@pytest.fixture
async def kept() -> AsyncIterator[Stage]:
    """A gateway that remembers for a minute; everybody is in the topic `room`."""
    async with stage(recovery_seconds=60.0, namespaces=frozenset({"/", "/custom"})) as gate:

        @gate.on
        async def connect(conn: Connection, auth: Any) -> None:
            if not conn.recovered:
                gate.gateway.topics.join(conn, "room")

        yield gate


async def enter(raw: Raw, auth: object = None, namespace: str = "") -> dict[str, str]:
    await raw.say(f"40{namespace}{json.dumps(auth) if auth else ''}")
    answer = await raw.text()
    assert answer.startswith(f"40{namespace}{{"), answer
    return json.loads(answer[2 + len(namespace) :])


async def cut(gate: Stage, raw: Raw) -> None:
    await raw.ws.close()
    assert await gate.farewell() == "transport close"


def say(gate: Stage, *args: object, **options: Any) -> int:
    return gate.gateway.topics.publish("room", encode_event("n", *args), **options)


async def heard(raw: Raw) -> list[Any]:
    """The arguments of the next event."""
    return json.loads((await raw.text())[2:])[1:]


async def test_who_was_cut_comes_back_as_the_same_with_all_it_missed(kept: Stage) -> None:
    async with kept.raw(connect=False) as raw:
        names = await enter(raw)
        first = await kept.connected()
        first.state = {"mine": 1}
        say(kept, "a")
        text, offset = await heard(raw)
        assert text == "a"
        assert isinstance(offset, str)
        await cut(kept, raw)
    assert say(kept, "missed") == 0
    async with kept.raw(connect=False) as raw:
        again = await enter(raw, {"pid": names["pid"], "offset": offset})
        assert again == names, "the public and the private id"
        conn = await kept.connected()
        assert (conn.recovered, conn.id, conn.state) == (True, first.id, {"mine": 1})
        assert conn is not first
        assert (await heard(raw))[0] == "missed"
        assert say(kept, "live") == 1
        assert (await heard(raw))[0] == "live"


async def test_without_it_nothing_is_added(gate: Stage) -> None:
    async with gate.raw(connect=False) as raw:
        assert set(await enter(raw, {"pid": "x", "offset": "1"})) == {"sid"}
        conn = await gate.connected()
        conn.emit("n", 1)
        assert await raw.text() == '42["n",1]'
        assert not conn.recovered


async def test_only_plain_events_have_an_offset(kept: Stage) -> None:
    async with kept.raw(connect=False) as raw:
        await enter(raw)
        conn = await kept.connected()
        conn.send(encode_event("volatile", 1), volatile=True)
        assert await raw.text() == '42["volatile",1]'
        asking = asyncio.create_task(conn.call("q", 1, timeout=0.01))
        assert (await raw.text()).endswith('["q",1]')
        with pytest.raises(TimeoutError):
            await asking
        await raw.say('427["echo",1]')
        assert await raw.text() == "437[[1]]"
        conn.emit("picture", b"\x01")
        assert await raw.text() == '451-["picture",{"_placeholder":true,"num":0},"1"]'
        assert (await raw.next()).data == b"\x01"
        conn.emit("nothing")
        assert await raw.text() == '42["nothing","2"]'


async def test_its_own_events_and_those_of_its_topics_come_in_order(kept: Stage) -> None:
    async with kept.raw(connect=False) as raw:
        names = await enter(raw)
        conn = await kept.connected()
        await cut(kept, raw)
    say(kept, 1)
    kept.gateway.topics.publish("elsewhere", encode_event("n", 2))
    say(kept, 3, skip=conn)
    say(kept, 4, volatile=True)

    @kept.on
    async def connect(conn: Connection, auth: Any) -> None:
        conn.emit("n", 5)
        say(kept, 6)
        conn.emit("n", 7)

    async with kept.raw(connect=False) as raw:
        await enter(raw, {"pid": names["pid"]})  # it had no event yet, so no offset
        assert [(await heard(raw))[0] for _ in range(4)] == [1, 5, 6, 7]


async def test_the_application_may_refuse(kept: Stage) -> None:
    async with kept.raw(connect=False) as raw:
        names = await enter(raw)
        await cut(kept, raw)
    say(kept, "secret")

    @kept.on
    async def connect(conn: Connection, auth: Any) -> None:
        raise ConnectRefused("unauthorized", "Signed out meanwhile.")

    async with kept.raw(connect=False) as raw:
        for _ in range(2):
            await raw.say(f'40{{"pid":"{names["pid"]}"}}')
            assert (await raw.text()).startswith('44{"message":"Signed out meanwhile."')


async def test_a_topic_taken_away_stays_away(kept: Stage) -> None:
    async with kept.raw(connect=False) as raw:
        names = await enter(raw)
        kept.gateway.topics.join(await kept.connected(), "other")
        await cut(kept, raw)
    say(kept, "no more")
    kept.gateway.topics.publish("other", encode_event("n", "still"))

    @kept.on
    async def connect(conn: Connection, auth: Any) -> None:
        kept.gateway.topics.leave(conn, "room")

    async with kept.raw(connect=False) as raw:
        await enter(raw, {"pid": names["pid"]})
        assert (await heard(raw))[0] == "still"
        assert say(kept, "no more") == 0


@pytest.mark.parametrize("end", ["41", "kick", "disconnect", "garbage"])
async def test_who_left_or_was_sent_away_begins_anew(kept: Stage, end: str) -> None:
    async with kept.raw(connect=False) as raw:
        names = await enter(raw)
        conn = await kept.connected()
        if end == "kick":
            conn.close(CloseCode.KICKED)
        elif end == "disconnect":
            conn.disconnect()
        else:
            await raw.say(end)
        await kept.farewell()
    async with kept.raw(connect=False) as raw:
        again = await enter(raw, {"pid": names["pid"], "offset": "0"})
        assert again["pid"] != names["pid"]
        assert again["sid"] != names["sid"]


@pytest.mark.parametrize(
    "auth",
    [{"pid": "forged"}, {"pid": 1}, {"pid": None}, {"offset": "0"}, {"pid": "*", "offset": "x"},
     {"pid": "*", "offset": "99"}, {"pid": "*", "offset": 1}, {"pid": "*", "offset": "-1"}],
)  # fmt: skip
async def test_what_we_do_not_know_begins_anew(kept: Stage, auth: dict[str, object]) -> None:
    async with kept.raw(connect=False) as raw:
        names = await enter(raw)
        await kept.connected()
        await cut(kept, raw)
    if auth.get("pid") == "*":
        auth = auth | {"pid": names["pid"]}
    async with kept.raw(connect=False) as raw:
        again = await enter(raw, auth)
        assert again["pid"] != names["pid"]
        assert not (await kept.connected()).recovered


async def test_a_private_id_is_of_one_namespace_and_good_once(kept: Stage) -> None:
    async with kept.raw(connect=False) as raw:
        names = await enter(raw)
        await cut(kept, raw)
    async with kept.raw(connect=False) as raw, kept.raw(connect=False) as other:
        custom = await enter(raw, {"pid": names["pid"]}, "/custom,")
        assert custom["pid"] != names["pid"]
        assert await enter(raw, {"pid": names["pid"]}) == names
        assert (await enter(other, {"pid": "x"}))["pid"] != names["pid"]


async def test_a_connection_that_is_not_known_to_be_dead_gives_way(kept: Stage) -> None:
    async with kept.raw(connect=False) as old, kept.raw(connect=False) as raw:
        names = await enter(old)
        assert await enter(raw, {"pid": names["pid"]}) == names
        assert await kept.farewell() == "transport close"
        assert say(kept, "one") == 1
        assert (await heard(raw))[0] == "one"


async def test_the_farewell_comes_before_the_return(kept: Stage) -> None:
    order: list[str] = []
    hold = asyncio.Event()

    @kept.on
    async def slow(conn: Connection) -> None:
        await hold.wait()
        order.append("slow")

    @kept.on
    async def connect(conn: Connection, auth: Any) -> None:
        order.append(f"connect {conn.recovered}")

    async with kept.raw(connect=False) as raw:
        names = await enter(raw)
        await raw.say('42["slow"]')
        await raw.ws.close()
    async with kept.raw(connect=False) as raw:
        await raw.say(f'40{{"pid":"{names["pid"]}"}}')
        await raw.say('42["after"]')
        hold.set()
        assert (await raw.text()).startswith("40{")
    assert order == ["connect False", "slow", "connect True"]


async def test_memory_ends_with_time(kept: Stage) -> None:
    async with kept.raw(connect=False) as raw:
        names = await enter(raw)
        await cut(kept, raw)
    kept.clock.now += 61
    async with kept.raw(connect=False) as raw:
        assert (await enter(raw, {"pid": names["pid"]}))["pid"] != names["pid"]


async def test_memory_is_bounded_in_bytes() -> None:
    async with stage(recovery_seconds=60.0, recovery_bytes=1000) as gate:
        async with gate.raw(connect=False) as raw:
            names = await enter(raw)
            await cut(gate, raw)
        for _ in range(20):
            say(gate, "x" * 100)
        async with gate.raw(connect=False) as raw:
            again = await enter(raw, {"pid": names["pid"]})
            assert again["pid"] != names["pid"], "a part of what it missed would be a lie"
