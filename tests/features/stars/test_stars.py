"""Messages kept at hand."""

import pytest
from tests.features.sync.conftest import House
from tests.support.verify import verify
from tests.support.world import Person

from tertulia.core.errors import AppError, Forbidden, NotFound
from tertulia.features.hidden import service as hidden
from tertulia.features.members import service as members
from tertulia.features.messages import service as messages
from tertulia.features.stars import service as stars
from tertulia.features.stars.schemas import STAR_LIMIT
from tertulia.features.timeline import service as timeline


async def texts(house: House, who: Person) -> list[str]:
    found = await house.world.read(timeline.starred, who, None, 30)
    return [getattr(star.message.body, "text", "") for star in found.stars]


async def test_stars_are_listed_the_newest_first_over_all_rooms_and_are_nobody_elses(
    house: House,
) -> None:
    world = house.world
    in_direct = await world.say(house.alice, house.direct, "between us")
    for room, message in ((house.channel, house.answer), (house.direct, in_direct)):
        await world.clock.advance(1)
        await world.write(stars.star, house.bob, room, message.id)
    assert await texts(house, house.bob) == ["between us", "I do"]
    assert await texts(house, house.alice) == []
    page = await world.read(timeline.page, house.bob, house.channel, timeline.Anchor(), 10)
    assert [message.starred for message in page.messages if message.id == house.answer.id] == [True]
    page = await world.read(timeline.page, house.alice, house.channel, timeline.Anchor(), 10)
    assert not any(message.starred for message in page.messages)


async def test_pages_of_stars_tile(house: House) -> None:
    world = house.world
    said = [await world.say(house.bob, house.channel, f"number {n}") for n in range(7)]
    for message in said:  # all within one moment
        await world.write(stars.star, house.bob, house.channel, message.id)
    found: list[str] = []
    cursor = None
    while True:
        page = await world.read(timeline.starred, house.bob, cursor, 3)
        found += [getattr(star.message.body, "text", "") for star in page.stars]
        if page.next is None:
            break
        cursor = page.next
    assert sorted(found) == sorted(f"number {n}" for n in range(7))
    assert len(found) == 7


async def test_what_i_cannot_read_any_more_is_not_shown(house: House) -> None:
    world = house.world
    kept = await world.say(house.alice, house.direct, "kept")
    gone = await world.say(house.alice, house.direct, "gone")
    mine_no_more = await world.say(house.alice, house.direct, "hidden")
    for room, message in ((house.channel, house.question), (house.direct, kept),
                          (house.direct, gone), (house.direct, mine_no_more)):  # fmt: skip
        await world.clock.advance(1)
        await world.write(stars.star, house.bob, room, message.id)
    await world.write(members.leave, house.bob, house.channel)
    await world.write(messages.delete, house.alice, house.direct, gone.id)
    await world.write(hidden.hide, house.bob, house.direct, mine_no_more.id)
    assert await texts(house, house.bob) == ["kept"]
    await world.write(members.join, house.bob, house.channel)
    assert (await texts(house, house.bob))[1].startswith("who comes?")


async def test_a_star_is_let_go_even_of_a_room_i_left(house: House) -> None:
    world = house.world
    await world.write(stars.star, house.bob, house.channel, house.question.id)
    await world.write(members.leave, house.bob, house.channel)
    await world.write(stars.unstar, house.bob, house.channel, house.question.id)
    await world.write(members.join, house.bob, house.channel)
    assert await texts(house, house.bob) == []


async def test_notes_and_tombstones_are_nothing_to_keep(house: House) -> None:
    world = house.world
    await world.write(messages.delete, house.bob, house.channel, house.answer.id)
    with pytest.raises(Forbidden):
        await world.write(stars.star, house.bob, house.channel, house.answer.id)
    with pytest.raises(NotFound):
        await world.write(stars.star, house.dave, house.channel, house.question.id)


async def test_there_is_an_end_to_stars(house: House) -> None:
    world = house.world
    async with world.pool.acquire() as conn:
        await conn.execute(
            "INSERT INTO stars SELECT $1, $2, gen_random_uuid(), $3 FROM generate_series(1, $4)",
            house.bob.id, house.channel, world.clock.now(), STAR_LIMIT,
        )  # fmt: skip
    with pytest.raises(AppError) as refused:
        await world.write(stars.star, house.bob, house.channel, house.question.id)
    assert refused.value.code == "too_many"


async def test_starring_reaches_every_device(house: House) -> None:
    world = house.world

    async def act() -> None:
        await world.write(stars.star, house.bob, house.channel, house.question.id)
        await world.write(stars.star, house.bob, house.channel, house.answer.id)
        await world.write(stars.star, house.bob, house.channel, house.answer.id)
        await world.write(stars.unstar, house.bob, house.channel, house.question.id)

    await verify(world, house.people, act)
