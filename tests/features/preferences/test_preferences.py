"""Muting, filing, counting; reading back and forth."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.support.world import Person, World

from tertulia.core.errors import Invalid
from tertulia.features.members import service as members
from tertulia.features.preferences import service as preferences
from tertulia.features.preferences.schemas import Arrange, ChangePreferences, Section
from tertulia.features.sync import service as sync
from tertulia.features.timeline import service as timeline


@pytest.fixture
async def room(alice: Person, bob: Person, world: World) -> UUID:
    return await world.channel(alice, bob)


async def mute(world: World, who: Person, room: UUID, **wanted: object) -> None:
    change = ChangePreferences(muted=True, **wanted)  # pyright: ignore[reportArgumentType]
    await world.write(preferences.change, who, room, change)


async def test_the_servers_count_honours_what_i_want(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    other = await world.channel(alice, bob)
    for place in (room, other):
        await world.say(alice, place, "one")
        await world.say(alice, place, "two @bob")
    assert (await world.read(sync.unread, bob)).badge == 2  # mentions, unless I say otherwise
    await world.write(preferences.arrange, bob, Arrange(default_level="everything"))
    everything = await world.read(sync.unread, bob)
    assert (everything.rooms, everything.badge, everything.mentions) == (2, 4, 2)
    await mute(world, bob, room, muted_until=world.clock.now() + timedelta(hours=1))
    muted = await world.read(sync.unread, bob)
    assert (muted.rooms, muted.badge, muted.mentions) == (2, 3, 2)
    await world.write(preferences.change, bob, other, ChangePreferences(level="nothing"))
    assert (await world.read(sync.unread, bob)).badge == 1
    await world.clock.advance(3601)
    assert (await world.read(sync.unread, bob)).badge == 2


async def test_unmuting_forgets_the_time(world: World, bob: Person, room: UUID) -> None:
    await mute(world, bob, room, muted_until=world.clock.now() + timedelta(hours=1))
    after = await world.write(preferences.change, bob, room, ChangePreferences(muted=False))
    assert (after.muted, after.muted_until) == (False, None)


async def test_preferences_outlive_leaving(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    await mute(world, bob, room)
    await world.write(members.leave, bob, room)
    await world.write(members.add, alice, room, [bob.id])
    assert (await world.room_snapshot(bob, room)).me.preferences.muted


async def test_a_room_is_filed_under_a_section_that_is_there(
    world: World, bob: Person, room: UUID
) -> None:
    section = Section(id=world.ids.uuid7(), name="Kitchen")
    filed = ChangePreferences(section_id=section.id)
    with pytest.raises(Invalid):
        await world.write(preferences.change, bob, room, filed)
    await world.write(preferences.arrange, bob, Arrange(sections=[section]))
    assert (await world.write(preferences.change, bob, room, filed)).section_id == section.id
    twice = Arrange(sections=[section, section])
    with pytest.raises(Invalid):
        await world.write(preferences.arrange, bob, twice)


async def test_marking_unread_goes_back_and_reading_goes_on(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    first = await world.say(alice, room, "one @bob")
    last = await world.say(alice, room, "two")
    await world.write(members.mark_read, bob, room, last.seq)
    await world.write(timeline.mark_unread, bob, room, first.seq)
    mine = (await world.room_snapshot(bob, room)).me
    assert (mine.unread, mine.mentions) == ([first.seq, last.seq], [first.seq])
    told = world.published(bob.stream)[-1]
    assert (told["type"], told["data"]["read_seq"]) == ("room.unread", first.seq - 1)
    await world.write(members.mark_read, bob, room, last.seq)
    assert (await world.room_snapshot(bob, room)).me.unread == []


async def test_what_others_were_told_of_my_reading_stays(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    said = await world.say(alice, room, "one")
    await world.write(members.mark_read, bob, room, said.seq)
    await world.write(timeline.mark_unread, bob, room, said.seq)
    row = await world.pool.fetchrow(
        "SELECT read_seq, read_high FROM members WHERE room_id = $1 AND account_id = $2",
        room,
        bob.id,
    )
    assert (row["read_seq"], row["read_high"]) == (said.seq - 1, said.seq)


async def test_all_is_read_at_once_and_told_once(world: World, alice: Person, bob: Person) -> None:
    rooms = [await world.channel(alice, bob) for _ in range(5)]
    for room in rooms:
        await world.say(alice, room, "hello @bob")
    await world.write(members.mark_all_read, bob)
    assert [one.me.unread for one in (await world.snapshot(bob)).rooms] == [[]] * 5
    told = [event for event in world.published(bob.stream) if event["type"] == "rooms.read"]
    assert [{one["room_id"] for one in event["data"]["positions"]} for event in told] == [
        {str(room) for room in rooms}
    ]
    await world.write(members.mark_all_read, bob)
    assert world.published(bob.stream)[-1] == told[0]
