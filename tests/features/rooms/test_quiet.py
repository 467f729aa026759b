"""Slow mode and announcements: who waits, who may speak."""

from uuid import UUID

import pytest
from tests.support.world import Person, World

from tertulia.core.errors import AppError
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import SendMessage
from tertulia.features.messages.service import Outgoing, Sent
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import ChangeRoom


@pytest.fixture
async def slow(alice: Person, bob: Person, world: World) -> UUID:
    room = await world.channel(alice, bob)
    await world.write(rooms.change, alice, room, ChangeRoom(slow_mode=30))
    return room


async def refused(world: World, who: Person, room: UUID) -> AppError:
    with pytest.raises(AppError) as refused:
        await world.say(who, room, "again")
    return refused.value


async def test_a_member_waits_between_two_messages(world: World, bob: Person, slow: UUID) -> None:
    await world.say(bob, slow, "one")
    await world.clock.advance(10)
    error = await refused(world, bob, slow)
    assert (error.code, error.status, error.retry_after) == ("slow_mode", 429, 20)
    await world.clock.advance(20)
    await world.say(bob, slow, "two")


async def test_who_keeps_order_does_not_wait(world: World, alice: Person, slow: UUID) -> None:
    for _ in range(3):
        await world.say(alice, slow, "order, please")


async def test_two_at_once_are_one_too_many(world: World, bob: Person, slow: UUID) -> None:
    outgoing = [
        Outgoing(bob.actor, slow, SendMessage(client_id=world.ids.uuid7(), text=str(number)))
        for number in range(3)
    ]
    outcomes = await world.db.write(lambda tx: messages.send_all(tx, outgoing))
    assert [isinstance(one, Sent) or one.code for one in outcomes] == [True, *["slow_mode"] * 2]


async def test_saying_it_again_is_no_second_message(world: World, bob: Person, slow: UUID) -> None:
    client_id = world.ids.uuid7()
    first = await world.say(bob, slow, "one", client_id=client_id)
    assert await world.say(bob, slow, "one", client_id=client_id) == first


async def test_what_was_refused_does_not_make_one_wait(
    world: World, bob: Person, slow: UUID
) -> None:
    with pytest.raises(AppError):
        await world.say(bob, slow, " ")
    await world.say(bob, slow, "a word")


async def test_announcements(world: World, alice: Person, bob: Person) -> None:
    room = await world.channel(alice, bob)
    said = await world.say(bob, room, "mine")
    await world.write(rooms.change, alice, room, ChangeRoom(posting="moderators"))
    root = await world.say(alice, room, "hear, hear")
    assert (await refused(world, bob, room)).code == "forbidden"
    reply = SendMessage(client_id=world.ids.uuid7(), text="a question", thread=root.id)
    await world.write(messages.send, bob, room, reply)
    await world.write(rooms.change, alice, room, ChangeRoom(thread_replies=False))
    another = SendMessage(client_id=world.ids.uuid7(), text="one more", thread=root.id)
    with pytest.raises(AppError, match="may not"):
        await world.write(messages.send, bob, room, another)
    await world.write(messages.delete, bob, room, said.id)
