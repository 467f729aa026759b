"""Two whole nodes on one PostgreSQL and one Redis: people on either see and hear each other, and
nobody else."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from typing import Any, NamedTuple

import pytest
from tests.support.clock import HandClock
from tests.support.node import Listener, Running, running_node
from tests.support.redis import RedisServer
from tests.support.world import Person, World

from tertulia.features.members import service as members
from tertulia.features.presence.live import LOOK_SECONDS
from tertulia.features.presence.state import DEAD_SECONDS, GRACE_SECONDS


class Nodes(NamedTuple):
    here: Running
    there: Running
    there_ends: AsyncExitStack


@pytest.fixture
async def nodes(dsn: str, clock: HandClock, redis_server: RedisServer) -> AsyncGenerator[Nodes]:
    async with AsyncExitStack() as here_ends, AsyncExitStack() as there_ends:
        url = redis_server.url
        here = running_node(dsn, clock, seed=11, redis_url=url)
        there = running_node(dsn, clock, seed=12, redis_url=url)
        yield Nodes(
            await here_ends.enter_async_context(here),
            await there_ends.enter_async_context(there),
            there_ends,
        )


@pytest.fixture
def here(nodes: Nodes) -> Running:
    return nodes.here


@pytest.fixture
def there(nodes: Nodes) -> Running:
    return nodes.there


def seen(who: Person, state: str) -> Callable[[str, Any], bool]:
    return lambda name, data: (
        name == "presence" and data == {"account_id": str(who.id), "state": state}
    )


async def present(node: Running, asker: Person, room: Any) -> dict[str, str]:
    ack = await node.command(asker, "presence.list", {"room_id": str(room)})
    return {person["account_id"]: person["state"] for person in ack["data"]["people"]}


def told_of(ear: Listener, who: Person) -> list[str]:
    return [
        data["state"]
        for name, data in ear.told
        if name == "presence" and data["account_id"] == str(who.id)
    ]


async def test_they_see_each_other_come_rest_and_leave(
    here: Running, there: Running, world: World, clock: HandClock, alice: Person, bob: Person
) -> None:
    room = await world.channel(alice, bob)
    ear = await here.listen(alice)
    await there.command(bob, "presence.set", {"state": "online"})
    await ear.until(seen(bob, "online"))
    assert await present(here, alice, room) == {str(alice.id): "online", str(bob.id): "online"}
    assert await present(there, bob, room) == {str(alice.id): "online", str(bob.id): "online"}
    await there.command(bob, "presence.set", {"state": "away"})
    await ear.until(seen(bob, "away"))
    await there.hang_up(bob)
    await clock.advance(GRACE_SECONDS + LOOK_SECONDS)
    await ear.until(seen(bob, "offline"))
    assert told_of(ear, bob) == ["online", "away", "offline"]


async def test_who_was_on_a_node_that_ends_goes_offline_when_it_is_forgotten(
    nodes: Nodes, world: World, clock: HandClock, alice: Person, bob: Person
) -> None:
    room = await world.channel(alice, bob)
    ear = await nodes.here.listen(alice)
    await nodes.there.listen(bob)
    await ear.until(seen(bob, "online"))
    await nodes.there_ends.aclose()
    assert str(bob.id) in await present(nodes.here, alice, room), "may come to another node"
    await clock.advance(DEAD_SECONDS + 2 * LOOK_SECONDS)
    await ear.until(seen(bob, "offline"))
    assert told_of(ear, bob) == ["online", "offline"]


async def test_a_redis_that_starts_anew_changes_nothing(
    here: Running,
    there: Running,
    world: World,
    clock: HandClock,
    alice: Person,
    bob: Person,
    redis_server: RedisServer,
) -> None:
    """Fault 18: what nodes know of each other is theirs; what they missed is made up for."""
    await world.channel(alice, bob)
    ear = await here.listen(alice)
    await there.command(bob, "presence.set", {"state": "online"})
    await ear.until(seen(bob, "online"))
    redis_server.kill()
    await there.command(bob, "presence.set", {"state": "away"})
    redis_server.start()
    async with asyncio.timeout(10):
        while told_of(ear, bob)[-1] != "away":
            await clock.advance(LOOK_SECONDS / 5)
            # No longer in no time: Redis is real, and needs some.
            await here.request(None, "GET", "/healthz")
    assert told_of(ear, bob) == ["online", "away"]


async def test_typing_goes_over_and_the_message_follows(
    here: Running, there: Running, world: World, alice: Person, bob: Person
) -> None:
    room = await world.channel(alice, bob)
    ear = await there.listen(bob)
    await here.command(alice, "typing", {"room_id": str(room)})
    typing = await ear.until(lambda name, _: name == "typing")
    words = {"room_id": str(room), "account_id": str(alice.id), "active": True}
    assert typing == words | {"thread": None}
    draft = {"room_id": str(room), "client_id": str(world.ids.uuid7()), "text": "here I am"}
    await here.command(alice, "message.send", draft)
    await ear.until_said("here I am")
    root = str(world.ids.uuid7())
    await here.command(alice, "typing", {"room_id": str(room), "thread": root})
    beside = await ear.until(lambda name, data: name == "typing" and data["thread"] is not None)
    assert beside == words | {"thread": root}  # P5
    assert [name for name, _ in ear.told if name in ("typing", "message.sent")] == [
        "typing",
        "message.sent",
        "typing",
    ]


async def test_hello_comes_first_whatever_is_going_on(
    here: Running, there: Running, world: World, alice: Person, bob: Person
) -> None:
    """P4: while somebody types and rests and wakes, on both nodes."""
    room = await world.channel(alice, bob)
    ears = [asyncio.create_task(node.listen(bob)) for node in (here, there) for _ in range(4)]
    for state in ("away", "online") * 6:
        await here.command(alice, "typing", {"room_id": str(room)})
        await there.command(alice, "presence.set", {"state": state})
    for ear in await asyncio.gather(*ears):
        assert ear.told[0][0] == "hello"


async def test_outsiders_and_ex_members_hear_nothing_on_either_node(
    here: Running, there: Running, world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    """What they do hear last, of a room that is theirs, comes behind what they must not."""
    room = await world.channel(alice, bob)
    common = await world.channel(alice, bob, mallory)
    for node in (here, there):
        await node.command(mallory, "presence.list", {"room_id": str(common)})
    ears = [await node.listen(who) for node in (here, there) for who in (bob, mallory)]
    await here.world.write(members.leave, bob, room)
    for ear in (ears[0], ears[2]):
        await ear.until(lambda name, _: name == "room.left")
    for node in (here, there):
        for each in (room, common):
            await node.command(alice, "typing", {"room_id": str(each)})
    for ear in ears:
        await ear.until(lambda name, data: name == "typing" and data["room_id"] == str(common))
        assert not [data for name, data in ear.told if name == "typing" and str(room) in str(data)]


async def test_presence_is_of_those_who_share_a_room_now(
    here: Running, there: Running, world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    room = await world.channel(alice, bob, mallory)
    common = await world.channel(alice, mallory)
    ear, ex_member = await here.listen(alice), await here.listen(bob)
    await here.world.write(members.leave, bob, room)
    await ex_member.until(lambda name, _: name == "room.left")
    await there.command(mallory, "presence.set", {"state": "away"})
    await ear.until(seen(mallory, "away"))
    assert told_of(ex_member, mallory) == []
    assert str(mallory.id) in await present(here, alice, common)
    ack = await there.command(bob, "presence.list", {"room_id": str(room)})
    assert ack["error"]["code"] == "not_found"


async def test_guesses_at_a_password_count_over_both_nodes(
    here: Running, there: Running, alice: Person
) -> None:
    guess = {"username": alice.username, "password": "wrong one"}
    answers = [
        await node.request(None, "POST", "/api/v1/auth/login", guess)
        for _ in range(15)
        for node in (here, there)
    ]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429] * 20
    assert float(answers[-1].headers["retry-after"]) > 0
