"""Deleting for oneself."""

import pytest
from tests.features.sync.conftest import House
from tests.support.verify import verify

from tertulia.core.errors import AppError, NotFound
from tertulia.features.hidden import service as hidden
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import EditMessage
from tertulia.features.timeline import service as timeline


async def test_it_is_gone_for_me_everywhere_and_for_nobody_else(house: House) -> None:
    world = house.world
    await world.write(hidden.hide, house.carol, house.channel, house.question.id)
    await world.write(hidden.hide, house.carol, house.channel, house.question.id)
    page = await world.read(timeline.page, house.carol, house.channel, timeline.Anchor(), 20)
    assert house.question.id not in {message.id for message in page.messages}
    [answer] = [message for message in page.messages if message.id == house.answer.id]
    assert answer.reply_to is not None
    assert answer.reply_to.text is None
    with pytest.raises(NotFound):
        await world.message(house.carol, house.channel, house.question.id)
    mine = (await world.room_snapshot(house.carol, house.channel)).me
    assert house.question.seq not in [*mine.unread, *mine.mentions]
    assert mine.hidden == [house.question.seq]
    page = await world.read(timeline.page, house.bob, house.channel, timeline.Anchor(), 20)
    assert house.question.id in {message.id for message in page.messages}


async def test_the_last_message_is_the_one_before(house: House) -> None:
    world = house.world
    await world.write(hidden.hide, house.carol, house.channel, house.answer.id)
    last = (await world.room_snapshot(house.carol, house.channel)).last_message
    assert last is not None
    assert last.id == house.question.id
    await world.write(hidden.show, house.carol, house.channel, house.answer.id)
    last = (await world.room_snapshot(house.carol, house.channel)).last_message
    assert last is not None
    assert last.id == house.answer.id


async def test_pages_still_tile_around_what_is_hidden(house: House) -> None:
    world = house.world
    said = [await world.say(house.bob, house.group, f"{n}") for n in range(9)]
    for message in said[2:6]:
        await world.write(hidden.hide, house.carol, house.group, message.id)
    texts: list[str] = []
    before = None
    while True:
        page = await world.read(
            timeline.page, house.carol, house.group, timeline.Anchor(before=before), 2
        )
        texts = [getattr(message.body, "text", "") for message in page.messages] + texts
        if page.found_oldest:
            break
        before = page.messages[0].seq
    assert [text for text in texts if text.isdigit()] == ["0", "1", "6", "7", "8"]


async def test_what_i_hid_is_listed_for_me_and_can_be_brought_back(house: House) -> None:
    world = house.world
    said = [await world.say(house.bob, house.group, f"{n}") for n in range(5)]
    for message in said[:4]:
        await world.write(hidden.hide, house.carol, house.group, message.id)
    await world.write(messages.delete, house.bob, house.group, said[3].id)
    first = await world.read(timeline.hidden, house.carol, house.group, None, 3)
    assert [getattr(one.body, "text", "") for one in first.messages] == ["2", "1"]
    assert [person.id for person in first.people] == [house.bob.id]
    rest = await world.read(timeline.hidden, house.carol, house.group, first.next, 3)
    assert [getattr(one.body, "text", "") for one in rest.messages] == ["0"]
    assert rest.next is None
    await world.write(hidden.show, house.carol, house.group, said[0].id)
    rest = await world.read(timeline.hidden, house.carol, house.group, first.next, 3)
    assert rest.messages == []
    # Nobody else's business.
    assert (await world.read(timeline.hidden, house.bob, house.group, None, 3)).messages == []


async def test_there_is_an_end_to_it(house: House) -> None:
    world = house.world
    async with world.pool.acquire() as conn:
        await conn.execute(
            "INSERT INTO hidden_messages SELECT $1, $2, n + 1000, $3 FROM generate_series(1, $4) n",
            house.bob.id, house.channel, world.clock.now(), hidden.LIMIT,
        )  # fmt: skip
    with pytest.raises(AppError) as refused:
        await world.write(hidden.hide, house.bob, house.channel, house.question.id)
    assert refused.value.code == "too_many"


# Equivalence


async def test_hiding_reaches_every_device(house: House) -> None:
    world = house.world

    async def act() -> None:
        await world.write(hidden.hide, house.carol, house.channel, house.question.id)
        await world.say(house.bob, house.channel, "again", reply_to=house.question.id)
        change = EditMessage(text="who comes now? @carol")
        await world.write(messages.edit, house.alice, house.channel, house.question.id, change)

    await verify(world, house.people, act)


async def test_hiding_the_last_and_taking_it_back(house: House) -> None:
    world = house.world

    async def act() -> None:
        await world.write(hidden.hide, house.carol, house.channel, house.answer.id)
        await world.write(hidden.hide, house.carol, house.group, (
            await world.say(house.bob, house.group, "@carol look")).id)  # fmt: skip
        await world.write(hidden.show, house.carol, house.channel, house.answer.id)

    await verify(world, house.people, act)


async def test_hiding_the_last(house: House) -> None:
    world = house.world
    await verify(
        world,
        house.people,
        lambda: world.write(hidden.hide, house.carol, house.channel, house.answer.id),
    )
