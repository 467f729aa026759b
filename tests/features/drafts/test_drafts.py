"""What is begun on one device goes on on another."""

from datetime import datetime, timedelta

import pytest
from tests.features.sync.conftest import House
from tests.support.verify import verify
from tests.support.world import Person, World

from tertulia.core.errors import Invalid, NotFound
from tertulia.features.drafts import service as drafts
from tertulia.features.drafts.schemas import DRAFT_LIMIT, Draft, SaveDraft
from tertulia.features.members import service as members


def draft(world: World, text: str, *, at: datetime | None = None, **more: object) -> SaveDraft:
    return SaveDraft(text=text, saved_at=at or world.clock.now(), **more)  # pyright: ignore[reportArgumentType]


async def held(house: House, who: Person) -> list[Draft]:
    return await house.world.read(drafts.drafts, who)


async def test_a_draft_is_its_authors_alone_one_for_each_room_and_thread(house: House) -> None:
    world = house.world
    for text in ("I was ab", "I was about to"):
        await world.clock.advance(1)
        await world.write(drafts.save, house.bob, house.channel, draft(world, text))
    thread = draft(world, "in the thread", thread=house.question.id)
    await world.write(drafts.save, house.bob, house.channel, thread)
    assert {one.id: one.text for one in await held(house, house.bob)} == {
        house.channel: "I was about to",
        house.question.id: "in the thread",
    }
    assert await held(house, house.alice) == []
    assert not [event for event in world.published(f"room:{house.channel}") if "draft" in
                event["type"]]  # fmt: skip


async def test_what_was_written_later_stands_whenever_it_arrives(house: House) -> None:
    world = house.world
    early, late = world.clock.now(), world.clock.now() + timedelta(seconds=30)
    await world.clock.advance(60)
    await world.write(drafts.save, house.bob, house.channel, draft(world, "later", at=late))
    stands = await world.write(
        drafts.save, house.bob, house.channel, draft(world, "earlier", at=early)
    )
    assert stands is not None
    assert stands.text == "later"
    assert [one.text for one in await held(house, house.bob)] == ["later"]


async def test_a_sent_draft_is_not_brought_back_by_a_device_that_was_away(house: House) -> None:
    world = house.world
    written = world.clock.now()
    await world.write(drafts.save, house.bob, house.channel, draft(world, "half a thou"))
    await world.clock.advance(5)
    await world.write(drafts.save, house.bob, house.channel, draft(world, ""))
    late = draft(world, "half a th", at=written + timedelta(seconds=1))
    assert await world.write(drafts.save, house.bob, house.channel, late) is None
    assert await held(house, house.bob) == []


async def test_a_clock_that_runs_ahead_wins_nothing(house: House) -> None:
    world = house.world
    tomorrow = world.clock.now() + timedelta(days=1)
    await world.write(drafts.save, house.bob, house.channel, draft(world, "fast", at=tomorrow))
    await world.clock.advance(1)
    await world.write(drafts.save, house.bob, house.channel, draft(world, "right"))
    assert [one.text for one in await held(house, house.bob)] == ["right"]


async def test_leaving_a_room_throws_away_what_was_begun_there(house: House) -> None:
    world = house.world
    await world.write(drafts.save, house.bob, house.channel, draft(world, "begun"))
    await world.write(members.leave, house.bob, house.channel)
    assert await held(house, house.bob) == []
    with pytest.raises(NotFound):
        await world.write(drafts.save, house.bob, house.channel, draft(world, "more"))
    await world.write(members.join, house.bob, house.channel)
    assert await held(house, house.bob) == []


async def test_there_is_an_end_to_drafts_and_room_again_after_sending_one(house: House) -> None:
    world = house.world
    async with world.pool.acquire() as conn:
        await conn.execute(
            "INSERT INTO drafts (account_id, id, room_id, text, saved_at)"
            " SELECT $1, gen_random_uuid(), $2, 'x', $3 FROM generate_series(1, $4)",
            house.bob.id, house.group, world.clock.now(), DRAFT_LIMIT - 1,
        )  # fmt: skip
    await world.clock.advance(1)
    await world.write(drafts.save, house.bob, house.channel, draft(world, "the last"))
    with pytest.raises(Invalid):
        await world.write(drafts.save, house.bob, house.direct, draft(world, "one more"))
    await world.clock.advance(1)
    await world.write(drafts.save, house.bob, house.channel, draft(world, ""))
    await world.write(drafts.save, house.bob, house.direct, draft(world, "now"))


async def test_a_text_postgresql_cannot_hold_is_refused(house: House) -> None:
    with pytest.raises(Invalid):
        await house.world.write(
            drafts.save, house.bob, house.channel, draft(house.world, "nothing\0here")
        )


# Equivalence


async def test_saving_changing_and_sending_reach_every_device(house: House) -> None:
    world = house.world

    async def act() -> None:
        for text in ("first", "second", "", "third"):
            await world.clock.advance(1)
            await world.write(drafts.save, house.bob, house.channel, draft(world, text))
        await world.write(
            drafts.save, house.bob, house.direct, draft(world, "", reply_to=house.answer.id)
        )

    await verify(world, house.people, act)


async def test_drafts_of_a_room_that_was_left(house: House) -> None:
    world = house.world
    await world.write(drafts.save, house.bob, house.channel, draft(world, "begun"))

    async def act() -> None:
        await world.write(members.leave, house.bob, house.channel)
        await world.write(members.join, house.bob, house.channel)

    await verify(world, house.people, act)


async def test_a_sent_draft_and_the_log(house: House) -> None:
    """The log keeps no text: an old event tells what stands now."""
    world = house.world
    await world.write(drafts.save, house.bob, house.channel, draft(world, "a secret"))
    await world.clock.advance(1)
    await world.write(drafts.save, house.bob, house.channel, draft(world, ""))
    async with world.db.read() as tx:
        rows = await tx.conn.fetch("SELECT data FROM events WHERE type = 'draft.changed'")
    assert [row["data"] for row in rows] == [None, None]
