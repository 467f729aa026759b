"""What real sockets hear of a real node: everything that is theirs, nothing that is not (W2-W4)."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from tests.support.clock import HandClock
from tests.support.node import Running, running_node
from tests.support.world import Person, World

from tertulia.features.accounts import service as accounts
from tertulia.features.members import service as members


@pytest.fixture
async def running(dsn: str, clock: HandClock) -> AsyncIterator[Running]:
    async with running_node(dsn, clock) as running:
        yield running


@pytest.fixture
def world(running: Running) -> World:
    """People and rooms come by verbs on this very node."""
    return running.world


async def test_every_event_after_hello_is_heard_once_and_in_order(
    running: Running, world: World, alice: Person, bob: Person
) -> None:
    room = await world.channel(alice, bob)
    his = await running.listen(bob)
    hello = await his.until(lambda name, _: name == "hello")
    for n in range(30):
        await world.say(alice, room, f"{n}")
    await his.until_said("29")
    stream = f"room:{room}"
    assert his.seqs(stream) == list(range(hello["heads"][stream] + 1, hello["heads"][stream] + 31))


async def test_all_devices_of_a_person_hear_the_same(
    running: Running, world: World, alice: Person, bob: Person
) -> None:
    room = await world.channel(alice, bob)
    listeners = [await running.listen(bob) for _ in range(3)]
    await world.say(alice, room, "hello")
    for listener in listeners:
        await listener.until_said("hello")
    assert len({tuple(listener.seqs(f"room:{room}")) for listener in listeners}) == 1


async def test_a_room_joined_later_is_heard_from_then_on(
    running: Running, world: World, alice: Person, bob: Person
) -> None:
    room = await world.channel(alice)
    his = await running.listen(bob)
    await world.write(members.add, alice, room, [bob.id])
    joined = await his.until(lambda name, _: name == "room.joined")
    assert joined["data"]["room_id"] == str(room)
    await world.say(alice, room, "welcome")
    event = await his.until_said("welcome")
    assert his.seqs(f"room:{room}")[-1] == event["seq"]


@pytest.mark.parametrize("verb", ["remove", "leave", "ban"])
async def test_nothing_is_heard_after_member_left(
    running: Running, world: World, alice: Person, bob: Person, verb: str
) -> None:  # W4
    room, elsewhere = await world.channel(alice, bob), await world.channel(alice, bob)
    his, hers = await running.listen(bob), await running.listen(alice)
    await world.say(alice, room, "before")
    if verb == "leave":
        await world.write(members.leave, bob, room)
    elif verb == "remove":
        await world.write(members.remove, alice, room, bob.id)
    else:
        await world.write(members.ban, alice, room, members.Ban(account_id=bob.id))
    await world.say(alice, room, "a secret")
    await world.say(alice, elsewhere, "the end")
    await his.until_said("the end")
    await hers.until_said("the end")
    left = await his.until(lambda name, _: name == "member.left")
    assert his.seqs(f"room:{room}")[-1] == left["seq"]
    assert "a secret" not in str(his.told)
    assert "a secret" in str(hers.told)  # so it was there to be heard


async def test_a_stranger_hears_nothing_of_a_room(
    running: Running, world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    room = await world.channel(alice, bob, visibility="public")
    theirs, his = await running.listen(mallory), await running.listen(bob)
    hello = await theirs.until(lambda name, _: name == "hello")
    assert set(hello["heads"]) == {mallory.stream}
    await world.say(alice, room, "a secret")
    await running.command(alice, "typing", {"room_id": str(room)})
    await his.until(lambda name, _: name == "typing")
    direct = await world.direct(alice, mallory)
    await world.say(alice, direct, "the end")
    await theirs.until(lambda name, _: name == "room.joined")
    assert {data["stream"] for name, data in theirs.told if name != "hello"
            and "stream" in data} <= {mallory.stream, f"room:{direct}"}  # fmt: skip
    assert "typing" not in {name for name, _ in theirs.told}


async def test_a_device_signed_out_hears_nothing_more_and_comes_in_no_more(
    running: Running, world: World, alice: Person, bob: Person
) -> None:  # W4
    await world.channel(alice, bob)
    phone = await world.another_device(bob)
    on_phone, on_laptop = await running.listen(phone), await running.listen(bob)
    await world.write(accounts.sign_out_device, bob, phone.actor.device_id)
    await on_laptop.until(lambda name, _: name == "device.signed_out")
    async with asyncio.timeout(5):
        await on_phone.ended.wait()
    assert not on_laptop.ended.is_set()
    assert await running.refused_socket(running.token(phone)) == "unauthenticated"
    response = await running.request(phone, "GET", "/api/v1/me")
    assert response.status_code == 401
