"""Carrying messages on."""

from uuid import UUID

import pytest
from tests.features.sync.conftest import House
from tests.support.verify import verify
from tests.support.world import Person

from tertulia.core.errors import AppError, Forbidden, NotFound
from tertulia.features.forwards import service as forwards
from tertulia.features.forwards import state
from tertulia.features.forwards.schemas import HOP_LIMIT, Forward, Source
from tertulia.features.members import service as members
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import EditMessage, Message, TextBody
from tertulia.features.timeline import service as timeline


async def carry(
    house: House, who: Person, to: UUID, *originals: Message, comment: str = "",
    client_id: UUID | None = None,
) -> list[Message]:  # fmt: skip
    """As the edge does it: read, send, count."""
    world = house.world
    wanted = Forward(
        client_id=client_id or world.ids.uuid7(),
        messages=[Source(room_id=one.room_id, message_id=one.id) for one in originals],
        rooms=[to],
        comment=comment,
    )
    found = await world.read(forwards.collect, who, wanted.messages)
    said = await world.write(forwards.carry, who, to, found, wanted)
    for room in {one.room_id for one in found}:
        out = [(one.id, to, copy) for one, copy in zip(found, said[-len(found) :], strict=True)
               if one.room_id == room]  # fmt: skip
        await world.db.write(lambda tx, room=room, out=out: forwards.count(tx, room, out))
    return [await world.message(who, to, id_) for id_ in said]


async def test_a_copy_says_the_words_as_they_stood_and_where_from(house: House) -> None:
    world = house.world
    comment, copy = await carry(
        house, house.bob, house.direct, house.question, comment="look at this"
    )
    assert comment.body == TextBody(text="look at this")
    assert comment.forwarded is None
    assert copy.body == house.question.body
    assert copy.author_id == house.bob.id
    assert copy.mentions == [], "who was named was named there"
    assert copy.forwarded is not None
    [hop] = copy.forwarded.hops
    assert (hop.room_id, hop.message_id) == (house.channel, house.question.id)
    assert (hop.author_id, hop.sent_at) == (house.alice.id, house.question.sent_at)
    await world.write(
        messages.edit, house.alice, house.channel, house.question.id, EditMessage(text="never said")
    )
    await world.write(messages.delete, house.alice, house.channel, house.question.id)
    assert (await world.message(house.alice, house.direct, copy.id)).body == house.question.body


async def test_the_whole_way_is_kept(house: House) -> None:
    [once] = await carry(house, house.bob, house.direct, house.question)
    [twice] = await carry(house, house.alice, house.group, once)
    assert twice.forwarded is not None
    assert [hop.room_id for hop in twice.forwarded.hops] == [house.channel, house.direct]
    assert [hop.author_id for hop in twice.forwarded.hops] == [house.alice.id, house.bob.id]


def test_of_a_long_way_the_first_place_and_the_last_stay(house: House) -> None:
    message = house.question
    places: list[UUID] = []
    for n in range(30):
        place = UUID(int=n)
        places.append(place)
        forwarded = state.provenance(_at(message, place))
        message = _with(message, forwarded)
    assert message.forwarded is not None
    kept = [hop.room_id for hop in message.forwarded.hops]
    assert kept == [places[0], *places[-(HOP_LIMIT - 1) :]]


def _at(message: Message, room: UUID) -> Message:
    return Message(**{name: getattr(message, name) for name in message.__struct_fields__
                      if name != "room_id"}, room_id=room)  # fmt: skip


def _with(message: Message, forwarded: object) -> Message:
    return Message(**{name: getattr(message, name) for name in message.__struct_fields__
                      if name != "forwarded"}, forwarded=forwarded)  # pyright: ignore[reportArgumentType]  # fmt: skip


async def test_asking_twice_says_it_once_and_counts_it_once(house: House) -> None:
    client_id = house.world.ids.uuid7()

    async def ask() -> list[Message]:
        return await carry(
            house, house.bob, house.direct, house.question, house.answer,
            comment="twice", client_id=client_id,
        )  # fmt: skip

    first = await ask()
    assert await ask() == first
    assert len(first) == 3
    page = await house.world.read(timeline.page, house.alice, house.direct, timeline.Anchor(), 30)
    assert [m.body for m in page.messages[-3:]] == [
        TextBody(text="twice"), house.question.body, house.answer.body,
    ]  # fmt: skip
    assert len([m for m in page.messages if m.forwarded]) == 2
    page = await house.world.read(timeline.page, house.carol, house.channel, timeline.Anchor(), 30)
    assert {m.id: m.forwards for m in page.messages if m.forwards} == {
        house.question.id: 1, house.answer.id: 1,
    }  # fmt: skip


async def test_who_may_not_read_there_or_write_here_carries_nothing(house: House) -> None:
    world = house.world
    secret = await world.say(house.alice, house.direct, "between us")
    with pytest.raises(NotFound):
        await carry(house, house.carol, house.channel, secret)
    with pytest.raises(NotFound):
        await carry(house, house.dave, house.channel, house.question)
    aside = await world.group(house.alice)
    with pytest.raises(NotFound):
        await carry(house, house.bob, aside, house.question)
    await world.write(members.leave, house.bob, house.channel)
    with pytest.raises(NotFound):
        await carry(house, house.bob, house.direct, house.question)


async def test_notes_and_tombstones_are_not_carried(house: House) -> None:
    await house.world.write(messages.delete, house.bob, house.channel, house.answer.id)
    with pytest.raises(Forbidden):
        await carry(house, house.bob, house.direct, house.answer)


async def test_the_words_of_another_are_not_edited(house: House) -> None:
    [copy] = await carry(house, house.bob, house.direct, house.question)
    with pytest.raises(Forbidden):
        await house.world.write(
            messages.edit, house.bob, house.direct, copy.id, EditMessage(text="she said so")
        )
    await house.world.write(messages.delete, house.bob, house.direct, copy.id)
    assert (await house.world.message(house.alice, house.direct, copy.id)).forwarded is None


async def test_nothing_about_the_origin_but_ids_reaches_the_target(house: House) -> None:
    """The room's name is for its members."""
    await carry(house, house.bob, house.direct, house.question)
    told = str(house.world.published(f"room:{house.direct}"))
    assert "The table" not in told


async def test_forwarding_reaches_everybody(house: House) -> None:
    async def act() -> None:
        await carry(house, house.bob, house.direct, house.question, house.answer, comment="both")
        await carry(house, house.carol, house.group, house.question)

    await verify(house.world, house.people, act)


async def test_a_target_that_refuses_refuses_alone(house: House) -> None:
    """All of a target or nothing of it."""
    world = house.world
    await world.write(members.leave, house.bob, house.group)
    with pytest.raises(AppError):
        await carry(house, house.bob, house.group, house.question, comment="gone")
    page = await world.read(timeline.page, house.alice, house.group, timeline.Anchor(), 30)
    assert not any(message.author_id == house.bob.id and message.forwarded
                   for message in page.messages)  # fmt: skip
