"""Sessions of one node, requests that come by another: no balancer has to be sticky."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.core.gateway.crossroads import ANNA, BEN, Crossroads, Poller, is_waiting
from tests.core.gateway.stage import WAIT, until

from tertulia.core.gateway import Connection
from tertulia.core.gateway.forward import HANDED_ON, with_hop

UNKNOWN = {"code": 1, "message": "Session ID unknown"}

# Whole clients


async def _talk(client: Any, count: int) -> None:
    """Everything there and back, once, in order."""
    got: list[Any] = []

    async def heard(*args: Any) -> None:
        got.append(args)

    client.on("back", heard)
    for number in range(count):
        # What a handler of `Stage` returns is the ack.
        assert await client.call("say", [number, bytes([number % 256]) * 9], timeout=WAIT) == [
            number,
            bytes([number % 256]) * 9,
        ]
    await until(lambda: len(got) == count)
    assert got == [(number, b"\xff\x00" * 5) for number in range(count)]


def _answer(roads: Crossroads) -> None:
    async def say(conn: Connection, what: list[Any]) -> list[Any]:
        conn.emit("back", what[0], b"\xff\x00" * 5)
        return what

    roads.anna.on(say)
    roads.ben.on(say)


@pytest.mark.parametrize("first", [0, 1])
async def test_a_client_with_default_options_connects_and_upgrades_through_round_robin(
    roads: Crossroads, first: int
) -> None:
    _answer(roads)
    roads.splitter.choose = lambda number: (number + first) % 2
    async with roads.client() as client:
        assert client.transport() == "websocket"
        await _talk(client, 50)
    owner = roads.anna if first == 0 else roads.ben
    assert len(owner.seen) == 50  # all by one session
    assert await owner.farewell()


async def test_a_session_lives_on_one_node_while_all_its_requests_go_to_another(
    roads: Crossroads,
) -> None:
    _answer(roads)
    roads.splitter.choose = lambda number: min(number, 1)
    async with roads.client() as client:
        assert client.transport() == "websocket"
        assert len(roads.ben.gateway.tunnels) == 1
        assert not roads.ben.gateway.links
        await _talk(client, 50)
        large = bytes(range(256)) * 200  # more than one read, less than maxPayload
        assert await client.call("other", large, timeout=WAIT) == [large]
    await until(lambda: not roads.ben.gateway.tunnels)
    await until(lambda: not roads.anna.gateway.links)


async def test_polling_alone_through_round_robin(roads: Crossroads) -> None:
    _answer(roads)
    async with roads.client(transports=["polling"]) as client:
        before = roads.splitter.count
        await _talk(client, 300)
        assert client.transport() == "polling"
        assert roads.splitter.count - before > 300


async def test_the_owner_dies_and_its_client_comes_back_to_another(roads: Crossroads) -> None:
    roads.splitter.choose = lambda number: 0 if number == 0 else 1
    async with roads.client(reconnection=True, reconnection_delay=0.01) as client:
        await roads.anna.connected()
        again = asyncio.Event()
        client.on("connect", again.set)
        await roads.kill(ANNA)
        await asyncio.wait_for(again.wait(), WAIT)
        await roads.ben.connected()
        assert await client.call("still", "there", timeout=WAIT) == ["there"]


# Polling


async def test_a_waiting_poll_is_answered_by_the_owner_as_soon_as_there_is_news(
    roads: Crossroads, poller: Poller
) -> None:
    await poller.begin(ANNA)
    assert poller.sid.startswith(ANNA)
    assert await poller.post(BEN, "40") == (200, "ok")
    conn = await roads.anna.connected()
    assert (await poller.get(BEN))[1].startswith("40{")
    waiting = asyncio.create_task(poller.get(BEN))
    await is_waiting(roads)
    conn.emit("news", 1)
    assert await asyncio.wait_for(waiting, WAIT) == (200, '42["news",1]')


async def test_a_body_without_a_length_is_handed_on_whole(
    roads: Crossroads, poller: Poller
) -> None:
    await poller.begin(ANNA)
    await poller.post(ANNA, "40")

    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b'42["say', b'","', b"x" * 50_000, b'"]'):
            yield piece

    assert await poller.post(BEN, pieces()) == (200, "ok")
    await until(lambda: roads.anna.seen)
    assert roads.anna.seen == [("say", ["x" * 50_000])]


async def test_the_owner_refuses_what_is_too_large(roads: Crossroads, poller: Poller) -> None:
    await poller.begin(ANNA)
    assert (await poller.post(BEN, "4" * 1_000_000))[0] == 413
    await until(lambda: not roads.anna.gateway.links)


async def test_whoever_lets_go_of_a_forwarded_poll_is_gone_for_the_owner(
    roads: Crossroads, poller: Poller
) -> None:
    await poller.begin(ANNA)
    await poller.post(BEN, "40")
    await roads.anna.connected()
    await poller.get(BEN)
    waiting = asyncio.create_task(poller.get(BEN))
    await is_waiting(roads)
    waiting.cancel()
    assert await roads.anna.farewell() == "transport close"


@pytest.mark.parametrize("sid", ["carl-003" + "x" * 20, ANNA + "x" * 20, BEN + "x" * 20, "x", ""])
async def test_a_sid_that_is_nobodys_is_unknown(
    roads: Crossroads, poller: Poller, sid: str
) -> None:
    poller.sid = sid or "%00"
    for node in (ANNA, BEN):
        status, body = await poller.get(node)
        assert (status, json.loads(body)) == (400, UNKNOWN)


async def test_the_sessions_of_a_node_that_died_are_unknown(
    roads: Crossroads, poller: Poller
) -> None:
    await poller.begin(ANNA)
    await roads.kill(ANNA)
    status, body = await poller.get(BEN)  # the registry still names it
    assert (status, json.loads(body)) == (400, UNKNOWN)


async def test_a_request_goes_one_step_and_the_header_that_says_so_opens_nothing(
    roads: Crossroads, poller: Poller
) -> None:
    """Two nodes that each take a session for the other's do not play ball with it."""
    await poller.begin(ANNA)
    status, body = await poller.get(BEN, **{HANDED_ON.decode(): "1"})
    assert (status, json.loads(body)) == (400, UNKNOWN)
    assert roads.registry.asked == []
    # Its own session is no more and no less open with it.
    await poller.post(ANNA, "40")
    assert (await poller.get(ANNA, **{HANDED_ON.decode(): "1"}))[0] == 200


async def test_nodes_that_name_each_other_do_not_hand_on_for_ever(
    roads: Crossroads, poller: Poller
) -> None:
    poller.sid = "carl-003" + "x" * 20
    roads.registry.addresses["carl-003"] = roads.registry.addresses[ANNA]
    status, body = await poller.get(BEN)
    assert (status, json.loads(body)) == (400, UNKNOWN)
    assert roads.registry.asked == ["carl-003"]


def test_the_owner_is_told_whom_this_node_saw_behind_what_others_said() -> None:
    told = with_hop([(b"x-forwarded-for", b"6.6.6.6"), (b"a", b"b"), (HANDED_ON, b"no")], "1.2.3.4")
    assert told == [(b"a", b"b"), (b"x-forwarded-for", b"6.6.6.6, 1.2.3.4"), (HANDED_ON, b"1")]


async def test_a_node_that_leaves_lets_go_of_the_polls_it_handed_on(
    roads: Crossroads, poller: Poller
) -> None:
    await poller.begin(ANNA)
    await poller.post(ANNA, "40")
    await roads.anna.connected()
    await poller.get(ANNA)
    waiting = asyncio.create_task(poller.get(BEN))
    await is_waiting(roads)
    await roads.ben.gateway.close(timeout=1)
    assert await asyncio.wait_for(waiting, WAIT) == (200, "1")
    assert await roads.anna.farewell() == "transport close"
