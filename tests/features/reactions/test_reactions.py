"""Answering a message with one emoji."""

from uuid import UUID

import pytest
from tests.support.world import Person, World

from tertulia.core.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from tertulia.features.members import service as members
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import Message
from tertulia.features.reactions import service as reactions
from tertulia.features.reactions.policy import IN_ALL, PER_PERSON
from tertulia.features.reactions.schemas import FIRST, Reaction
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import ChangeRoom
from tertulia.features.rooms.service import Archived
from tertulia.features.timeline import service as timeline
from tertulia.features.timeline.service import Anchor

FACES = [chr(point) for point in range(0x1F600, 0x1F644)] + [
    chr(point) for point in range(0x1F400, 0x1F43E)
]


@pytest.fixture
async def room(world: World, alice: Person, bob: Person) -> UUID:
    return await world.channel(alice, bob)


@pytest.fixture
async def message(world: World, alice: Person, room: UUID) -> Message:
    return await world.say(alice, room, "shall we?")


async def react(world: World, who: Person, message: Message, emoji: str) -> Reaction:
    return await world.write(reactions.add, who, message.room_id, message.id, emoji)


async def unreact(world: World, who: Person, message: Message, emoji: str) -> Reaction:
    return await world.write(reactions.remove, who, message.room_id, message.id, emoji)


async def seen(world: World, who: Person, message: Message) -> list[Reaction]:
    return (await world.read(timeline.message, who, message.room_id, message.id)).reactions


async def test_everybody_sees_who_reacted_in_the_order_they_did(
    world: World, alice: Person, bob: Person, message: Message
) -> None:
    await react(world, bob, message, "👍")
    await react(world, alice, message, "🎉")
    answer = await react(world, alice, message, "👍")
    assert (answer.count, answer.accounts, answer.mine) == (2, [bob.id, alice.id], True)
    shown = [(r.emoji, r.count, r.accounts, r.mine) for r in await seen(world, bob, message)]
    assert shown == [("👍", 2, [bob.id, alice.id], True), ("🎉", 1, [alice.id], False)]


async def test_reacting_twice_reacts_once(world: World, bob: Person, message: Message) -> None:
    first = await react(world, bob, message, "❤️")
    told = len(world.bus.published)
    assert await react(world, bob, message, "❤") == first  # spelled otherwise
    assert len(world.bus.published) == told


async def test_a_reaction_is_taken_back(
    world: World, alice: Person, bob: Person, message: Message
) -> None:
    await react(world, alice, message, "👍")
    await react(world, bob, message, "👍")
    left = await unreact(world, alice, message, "👍")
    assert (left.count, left.accounts, left.mine) == (1, [bob.id], False)
    assert (await unreact(world, bob, message, "👍")).count == 0
    assert await seen(world, alice, message) == []
    told = len(world.bus.published)
    assert (await unreact(world, bob, message, "👍")).count == 0
    assert len(world.bus.published) == told


async def test_the_fact_tells_how_it_stands(
    world: World, alice: Person, bob: Person, message: Message
) -> None:
    await react(world, alice, message, "👍")
    await react(world, bob, message, "👍")
    await unreact(world, alice, message, "👍")
    facts = [
        event["data"]
        for event in world.published(f"room:{message.room_id}")
        if event["type"] == "reaction.changed"
    ]
    assert [(f["added"], f["count"], f["accounts"]) for f in facts] == [
        (True, 1, [str(alice.id)]),
        (True, 2, [str(alice.id), str(bob.id)]),
        (False, 1, [str(bob.id)]),
    ]
    assert {f["message_id"] for f in facts} == {str(message.id)}


@pytest.mark.parametrize("text", ["ok", "", "👍👍", ":No:", "a\0b", ":", "🏽🏽"])
async def test_only_an_emoji_is_a_reaction(
    world: World, bob: Person, message: Message, text: str
) -> None:
    for verb in (react, unreact):
        with pytest.raises(Invalid):
            await verb(world, bob, message, text)


async def test_one_person_reacts_with_so_many_emoji(
    world: World, alice: Person, bob: Person, message: Message
) -> None:
    for emoji in FACES[:PER_PERSON]:
        await react(world, bob, message, emoji)
    with pytest.raises(Conflict):
        await react(world, bob, message, FACES[PER_PERSON])
    await react(world, alice, message, FACES[PER_PERSON])
    await unreact(world, bob, message, FACES[0])
    await react(world, bob, message, FACES[PER_PERSON])


async def test_a_message_takes_so_many_emoji_but_any_number_of_people(
    world: World, alice: Person, bob: Person, room: UUID, message: Message
) -> None:
    crowd = [await world.person(f"guest{n}") for n in range(IN_ALL // PER_PERSON)]
    await world.write(members.add, alice, room, [one.id for one in crowd])
    assert len(FACES) > IN_ALL
    for place, emoji in enumerate(FACES[:IN_ALL]):
        await react(world, crowd[place // PER_PERSON], message, emoji)
    with pytest.raises(Conflict):
        await react(world, bob, message, FACES[IN_ALL])
    assert (await react(world, bob, message, FACES[0])).count == 2


async def test_the_first_are_named_and_the_list_has_all(
    world: World, alice: Person, bob: Person, room: UUID, message: Message
) -> None:
    crowd = [await world.person(f"guest{n}") for n in range(FIRST + 2)]
    await world.write(members.add, alice, room, [one.id for one in crowd])
    for one in crowd:
        await react(world, one, message, "👍")
    await react(world, bob, message, "🎉")
    thumbs = (await seen(world, crowd[-1], message))[0]
    assert thumbs.count == FIRST + 2
    assert thumbs.accounts == [one.id for one in crowd[:FIRST]]
    assert thumbs.mine  # though not among the first
    listed = await world.read(reactions.reactors, bob, room, message.id, "👍", None)
    assert [one.account.username for one in listed.reactors] == [one.username for one in crowd]
    everybody = await world.read(reactions.reactors, bob, room, message.id, None, None)
    assert [one.emoji for one in everybody.reactors] == ["👍"] * len(crowd) + ["🎉"]
    assert everybody.next is None


async def test_a_long_list_is_read_in_pages(
    world: World, alice: Person, room: UUID, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reactions, "PAGE", 3)
    for emoji in FACES[:7]:
        await react(world, alice, message, emoji)
    found, cursor = list[str](), None
    while True:
        page = await world.read(reactions.reactors, alice, room, message.id, None, cursor)
        found += [one.emoji for one in page.reactors]
        cursor = page.next
        if cursor is None:
            break
    assert found == FACES[:7]


async def test_a_page_of_history_tells_of_reactions_and_names_the_people(
    world: World, alice: Person, bob: Person, room: UUID, message: Message
) -> None:
    await world.say(alice, room, "no reactions here")
    await react(world, bob, message, "👍")
    await world.write(members.leave, bob, room)
    page = await world.read(timeline.page, alice, room, Anchor(), 50)
    shown = {m.id: m.reactions for m in page.messages if m.reactions}
    assert [r.accounts for r in shown[message.id]] == [[bob.id]]
    assert bob.id in {account.id for account in page.people}


async def test_a_deleted_message_loses_its_reactions(
    world: World, alice: Person, bob: Person, message: Message
) -> None:
    await react(world, bob, message, "👍")
    await world.write(messages.delete, alice, message.room_id, message.id)
    assert await seen(world, bob, message) == []
    with pytest.raises(Conflict):
        await react(world, bob, message, "👍")
    listed = await world.read(reactions.reactors, bob, message.room_id, message.id, None, None)
    assert listed.reactors == []


async def test_notes_about_the_room_take_no_reactions(
    world: World, alice: Person, room: UUID
) -> None:
    page = await world.read(timeline.page, alice, room, Anchor(), 50)
    note = next(m for m in page.messages if m.body.__class__.__name__ == "SystemBody")
    with pytest.raises(Forbidden):
        await world.write(reactions.add, alice, room, note.id, "👍")


async def test_only_those_inside_react(
    world: World, alice: Person, bob: Person, mallory: Person, room: UUID, message: Message
) -> None:
    async def refused(who: Person, error: type[AppError]) -> None:
        for verb in (react, unreact):
            with pytest.raises(error):
                await verb(world, who, message, "👍")

    await refused(mallory, NotFound)
    await world.write(members.leave, bob, room)
    await refused(bob, NotFound)
    await world.write(rooms.change, alice, room, ChangeRoom(archived=True))
    await refused(alice, Archived)


async def test_a_message_of_another_room_is_not_there(
    world: World, alice: Person, bob: Person, message: Message
) -> None:
    elsewhere = await world.channel(bob)
    for verb in (reactions.add, reactions.remove):
        with pytest.raises(NotFound):
            await world.write(verb, bob, elsewhere, message.id, "👍")
    with pytest.raises(NotFound):
        await world.read(reactions.reactors, bob, elsewhere, message.id, None, None)
