"""What a room keeps in sight."""

from uuid import UUID

import pytest
from tests.support.world import Person, World

from tertulia.core.errors import Conflict, Forbidden, NotFound
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import Message, SystemBody
from tertulia.features.pins import service as pins
from tertulia.features.pins.schemas import PIN_LIMIT
from tertulia.features.timeline import service as timeline
from tertulia.features.timeline.service import Anchor


@pytest.fixture
async def room(world: World, alice: Person, bob: Person) -> UUID:
    return await world.group(alice, bob)


async def listed(world: World, who: Person, room: UUID) -> list[UUID]:
    return [pin.id for pin in (await world.read(timeline.pinned, who, room)).pins]


async def last_note(world: World, who: Person, room: UUID) -> SystemBody | None:
    page = await world.read(timeline.page, who, room, Anchor(), 1)
    body = page.messages[-1].body
    return body if isinstance(body, SystemBody) else None


async def test_the_newest_pin_comes_first_with_who_and_when(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    first, second = [await world.say(alice, room, text) for text in ("first", "second")]
    await world.write(pins.pin, bob, room, second.id)
    await world.clock.advance(60)
    await world.write(pins.pin, bob, room, first.id)
    found = await world.read(timeline.pinned, alice, room)
    assert [pin.id for pin in found.pins] == [first.id, second.id]
    pinned = found.pins[0].message.pinned
    assert pinned is not None
    assert (pinned.by, pinned.at) == (bob.id, world.clock.now())
    assert bob.id in {account.id for account in found.people}


async def test_pinning_leaves_one_quiet_note(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    message = await world.say(alice, room, "the door code")
    unread = (await world.room_snapshot(alice, room)).me.unread
    await world.write(pins.pin, bob, room, message.id)
    note = await last_note(world, alice, room)
    assert note == SystemBody(event="message.pinned", account_id=alice.id, message_id=message.id)
    assert (await world.room_snapshot(alice, room)).me.unread == unread
    told = len(world.bus.published)
    await world.write(pins.pin, alice, room, message.id)
    assert len(world.bus.published) == told


async def test_unpinning_leaves_no_note(world: World, alice: Person, room: UUID) -> None:
    message = await world.say(alice, room, "old news")
    await world.write(pins.pin, alice, room, message.id)
    after = await world.say(alice, room, "so far")
    await world.write(pins.unpin, alice, room, message.id)
    assert await listed(world, alice, room) == []
    page = await world.read(timeline.page, alice, room, Anchor(), 1)
    assert page.messages[-1].id == after.id
    told = len(world.bus.published)
    await world.write(pins.unpin, alice, room, message.id)
    assert len(world.bus.published) == told


async def test_in_channels_moderators_pin(world: World, alice: Person, bob: Person) -> None:
    channel = await world.channel(alice, bob)
    message = await world.say(bob, channel, "mine")
    for verb in (pins.pin, pins.unpin):
        with pytest.raises(Forbidden):
            await world.write(verb, bob, channel, message.id)
    await world.write(pins.pin, alice, channel, message.id)


async def test_a_room_holds_so_many(world: World, alice: Person, room: UUID) -> None:
    said: list[Message] = []
    for n in range(PIN_LIMIT + 1):
        said.append(await world.say(alice, room, f"{n}"))
    for message in said[:-1]:
        await world.write(pins.pin, alice, room, message.id)
    with pytest.raises(Conflict):
        await world.write(pins.pin, alice, room, said[-1].id)
    await world.write(messages.delete, alice, room, said[0].id)
    await world.write(pins.pin, alice, room, said[-1].id)
    assert len(await listed(world, alice, room)) == PIN_LIMIT


async def test_what_is_gone_or_a_note_is_not_pinned(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    message = await world.say(alice, room, "soon gone")
    await world.write(pins.pin, bob, room, message.id)
    await world.write(messages.delete, alice, room, message.id)
    assert await listed(world, bob, room) == []
    with pytest.raises(Conflict):
        await world.write(pins.pin, bob, room, message.id)
    page = await world.read(timeline.page, alice, room, Anchor(), 50)
    notes = [message for message in page.messages if isinstance(message.body, SystemBody)]
    with pytest.raises(Forbidden):
        await world.write(pins.pin, bob, room, notes[0].id)


async def test_pins_of_a_room_are_for_those_in_it(
    world: World, alice: Person, mallory: Person, room: UUID
) -> None:
    message = await world.say(alice, room, "ours")
    await world.write(pins.pin, alice, room, message.id)
    with pytest.raises(NotFound):
        await world.read(timeline.pinned, mallory, room)
    elsewhere = await world.group(mallory)
    with pytest.raises(NotFound):
        await world.write(pins.pin, mallory, elsewhere, message.id)
