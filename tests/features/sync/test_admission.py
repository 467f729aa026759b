"""Coming back is cheap, starting is rationed, and everybody else is told when to try (W7, W9)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
import socketio
from socketio.exceptions import ConnectionError as ConnectionRefusal
from tests.support.clock import HandClock
from tests.support.node import SOCKET, Running, running_node
from tests.support.queries import count
from tests.support.world import Person

from tertulia.core.passwords import Passwords

WAIT = 10


async def come(running: Running, who: Person, **claims: Any) -> Any:
    """`hello`, or the data of the refusal."""
    client: Any = socketio.AsyncClient(reconnection=False, handle_sigint=False)
    answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    client.on("hello", answer.set_result)

    def refused(error: Any) -> None:
        answer.set_result(error["data"])

    client.on("connect_error", refused)
    auth = {"token": running.token(who), **claims}
    try:
        with suppress(ConnectionRefusal):
            await client.connect(running.url, auth=auth, **SOCKET)
        return await asyncio.wait_for(answer, WAIT)
    finally:
        await client.disconnect()


@pytest.fixture
async def closed_to_newcomers(dsn: str, clock: HandClock) -> AsyncIterator[Running]:
    async with running_node(dsn, clock, boot_rate="0") as running:
        yield running


async def test_the_operators_switch_keeps_newcomers_out_and_the_others_in(
    closed_to_newcomers: Running,
) -> None:
    running = closed_to_newcomers
    alice = await running.world.person("alice")
    refused = await come(running, alice)
    assert refused["code"] == "busy"
    assert 30 <= refused["retry_after"] <= 60
    assert (await come(running, alice, resume=True))["account_id"] == str(alice.id)


@pytest.mark.parametrize("claim", [None, 1, "true", {}, [True]])
async def test_only_true_is_a_claim_to_resume(closed_to_newcomers: Running, claim: object) -> None:
    alice = await closed_to_newcomers.world.person("alice")
    assert (await come(closed_to_newcomers, alice, resume=claim))["code"] == "busy"


@pytest.mark.parametrize("since", ["", "?since=", "?since=made-up"])
async def test_whole_snapshots_are_starting_too(closed_to_newcomers: Running, since: str) -> None:
    running = closed_to_newcomers
    alice = await running.world.person("alice")
    refused = await running.request(alice, "GET", "/api/v1/sync" + since)
    assert refused.status_code == 503
    assert refused.json()["code"] == "busy"
    assert int(refused.headers["retry-after"]) >= 30


async def test_who_knows_no_appointments_waits_in_line_and_gets_in(
    dsn: str, clock: HandClock
) -> None:
    async with running_node(dsn, clock, boot_rate="1") as running:
        first, second, late, last = [await running.world.person(f"m{n}") for n in range(4)]
        for who in (first, second):
            assert (await come(running, who))["account_id"] == str(who.id)
        asleep = clock.sleepers
        coming = [asyncio.create_task(come(running, who)) for who in (late, last)]
        while clock.sleepers < asleep + 2:
            await asyncio.sleep(0)
        assert not any(task.done() for task in coming)
        await clock.advance(2)
        greeted = await asyncio.gather(*coming)
        assert [hello["account_id"] for hello in greeted] == [str(late.id), str(last.id)]


async def test_who_leaves_the_line_is_not_let_in(dsn: str, clock: HandClock) -> None:
    async with running_node(dsn, clock, boot_rate="1") as running:
        alice, bob = await running.world.person("alice"), await running.world.person("bob")
        room = await running.world.channel(alice, bob)
        watching = await running.socket(running.token(alice))
        await come(running, alice)
        asleep = clock.sleepers
        tired: Any = socketio.AsyncClient(reconnection=False, handle_sigint=False)
        auth = {"token": running.token(bob)}
        await tired.connect(running.url, auth=auth, transports=["websocket"], wait=False)
        while clock.sleepers < asleep + 1:
            await asyncio.sleep(0)
        await tired.disconnect()
        await clock.advance(1)
        here = await watching.call("presence.list", {"room_id": str(room)})
        assert [one["account_id"] for one in here["data"]["people"]] == [str(alice.id)]
        entered = running.node.gateway.counters
        assert (entered.connected, entered.connect_refused) == (2, 1)


async def test_strangers_take_nothing_from_the_budget(dsn: str, clock: HandClock) -> None:
    async with running_node(dsn, clock, boot_rate="1") as running:
        alice = await running.world.person("alice")
        for _ in range(5):
            assert await running.refused_socket("not a token") == "unauthenticated"
        assert (await come(running, alice))["account_id"] == str(alice.id)


@pytest.mark.usefixtures("no_labour")
@pytest.mark.parametrize("resume", [True, False])
async def test_coming_back_costs_one_statement_and_no_hashing(
    dsn: str, clock: HandClock, monkeypatch: pytest.MonkeyPatch, resume: bool
) -> None:
    """All rooms and the account's own stream are new to this node: nobody listened before."""
    async with running_node(dsn, clock) as running:
        alice = await running.world.person("alice")
        rooms = [await running.world.channel(alice) for _ in range(5)]

        async def never(*_: object) -> None:
            raise AssertionError("a password was looked at")

        asked = count(monkeypatch)
        for name in ("hash", "verify"):
            monkeypatch.setattr(Passwords, name, never)
        hello = await come(running, alice, resume=resume)
        assert {f"room:{room}" for room in rooms} < hello["heads"].keys()
        # And what a crowd shares: one look at what nobody heard while it came in, and one at whom
        # they keep away and when they rest.
        mine = [query for query in asked if "members" in query]
        assert len(mine) == 1
        assert len(asked) <= 3


async def test_who_floods_is_told_and_then_closed(dsn: str, clock: HandClock) -> None:
    async with running_node(dsn, clock) as running:
        alice = await running.world.person("alice")
        client = await running.socket(running.token(alice))
        gone = asyncio.Event()

        def left(*_: object) -> None:
            gone.set()

        client.on("disconnect", left)
        answers: list[Any] = []
        for _ in range(3_000):
            await client.call("no.such.command", {}, timeout=WAIT)
        for _ in range(20):
            answers.append(await client.call("no.such.command", {}, timeout=WAIT))
        assert {answer["error"]["code"] for answer in answers} == {"rate_limited"}
        assert all(0 < answer["error"]["retry_after"] <= 1 for answer in answers)
        refused = len(answers)
        ended = asyncio.create_task(gone.wait())
        while not gone.is_set() and refused < 1_200:
            # Never so many at once that the inbox overflows: that is another limit.
            for _ in range(99):
                await client.emit("no.such.command", {})
            asked = asyncio.create_task(client.call("no.such.command", {}, timeout=WAIT))
            await asyncio.wait((asked, ended), return_when=asyncio.FIRST_COMPLETED)
            asked.cancel()
            refused += 100
        assert 1_000 <= refused <= 1_100
        assert gone.is_set()
        # Nobody else noticed.
        bob = await running.world.person("bob")
        assert (await come(running, bob))["account_id"] == str(bob.id)


async def test_after_a_pause_the_same_words_pass(dsn: str, clock: HandClock) -> None:
    async with running_node(dsn, clock) as running:
        alice = await running.world.person("alice")
        client = await running.socket(running.token(alice))
        answer: Any = None
        for _ in range(3_001):
            answer = await client.call("no.such.command", {}, timeout=WAIT)
        assert answer["error"]["code"] == "rate_limited"
        await clock.advance(answer["error"]["retry_after"] + 0.01)
        answer = await client.call("no.such.command", {}, timeout=WAIT)
        assert answer["error"]["code"] == "invalid"
