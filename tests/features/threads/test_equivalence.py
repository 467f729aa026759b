"""Old snapshot + events = new snapshot, for every verb of threads (E6)."""

import inspect
from collections.abc import Awaitable, Callable

import pytest
from tests.features.sync.conftest import House, house
from tests.support.verify import verify

from tertulia.features.expiry import service as expiry
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import EditMessage
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import ChangeRoom
from tertulia.features.threads import service as threads

__all__ = ["house"]


async def talk_beside(house: House) -> None:
    say, root = house.world.say, house.question.id
    await say(house.bob, house.channel, "in a thread", thread=root)
    await say(house.carol, house.channel, "@room", thread=root)
    await say(house.alice, house.channel, "for @bob", thread=root)
    await say(house.carol, house.channel, "for all", thread=root, also_in_room=True)


async def edit_beside(house: House) -> None:
    await house.world.say(house.bob, house.channel, "mine", thread=house.answer.id)
    edit = EditMessage(text="I do, @carol")
    await house.world.write(messages.edit, house.bob, house.channel, house.answer.id, edit)
    await house.world.say(house.bob, house.channel, "@alice and", thread=house.answer.id)


async def delete_beside(house: House) -> None:
    said = await house.world.say(house.bob, house.channel, "one", thread=house.question.id)
    await house.world.say(house.carol, house.channel, "two", thread=house.question.id)
    await house.world.write(messages.delete, house.bob, house.channel, said.id)
    await house.world.write(messages.delete, house.alice, house.channel, house.question.id)


async def read_beside(house: House) -> None:
    said = await house.world.say(house.bob, house.channel, "one", thread=house.question.id)
    await house.world.say(house.carol, house.channel, "two", thread=house.question.id)
    read = (house.channel, house.question.id, said.seq)
    await house.world.write(threads.read, house.alice, *read)


async def read_all_beside(house: House) -> None:
    """Some are followed by decision, some by taking part, one not; then there is more."""
    world, room = house.world, house.channel
    await world.write(threads.follow, house.carol, room, house.answer.id, True)
    await world.say(house.bob, room, "one", thread=house.question.id)
    await world.say(house.carol, room, "two @alice", thread=house.question.id)
    await world.say(house.bob, room, "three", thread=house.answer.id)
    await world.write(threads.follow, house.bob, room, house.question.id, False)
    for who in (house.alice, house.bob, house.carol):
        await world.write(threads.read_all, who)
    await world.say(house.alice, room, "four @carol", thread=house.question.id)


async def follow_beside(house: House) -> None:
    await house.world.write(threads.follow, house.carol, house.channel, house.answer.id, True)
    await house.world.say(house.alice, house.channel, "one", thread=house.answer.id)
    await house.world.write(threads.follow, house.bob, house.channel, house.answer.id, False)
    await house.world.say(house.alice, house.channel, "two @bob", thread=house.answer.id)


async def expire_beside(house: House) -> None:
    """Replies go, and the root stays; then a root goes, and its thread with it."""
    world, room = house.world, house.channel
    await world.say(house.bob, room, "stays", thread=house.question.id)
    await world.write(rooms.change, house.alice, room, ChangeRoom(message_ttl=3600))
    await world.say(house.carol, room, "goes", thread=house.question.id)
    root = await world.say(house.alice, room, "goes, too")
    await world.clock.advance(1800)
    await world.say(house.bob, room, "goes with it", thread=root.id)
    await world.clock.advance(1860)
    await world.db.write(lambda tx: expiry.sweep(tx, room))


CASES: dict[str, Callable[[House], Awaitable[None]]] = {
    "on_sent": talk_beside,
    "on_edited": edit_beside,
    "on_deleted": delete_beside,
    "on_expired": expire_beside,
    "read": read_beside,
    "read_all": read_all_beside,
    "follow": follow_beside,
}
# Verbs that change nothing.
READING = {"beside", "inbox", "latest", "logged", "own", "replies", "root", "standing"}


@pytest.mark.parametrize("name", CASES)
async def test_old_snapshot_and_events_are_the_new_snapshot(name: str, house: House) -> None:
    await verify(house.world, house.people, lambda: CASES[name](house))


def test_every_verb_has_its_proof() -> None:
    verbs = {
        name
        for name, verb in inspect.getmembers(threads, inspect.iscoroutinefunction)
        if verb.__module__ == threads.__name__ and not name.startswith("_")
    }
    assert verbs == {*CASES, *READING}
