"""Voice messages that were played, and who is told."""

from uuid import UUID

import pytest
from tests.features.sync.conftest import House
from tests.support.crowds import crowd
from tests.support.verify import verify
from tests.support.voices import speak
from tests.support.world import Person

from tertulia.core.errors import Forbidden, NotFound
from tertulia.features.listens import service as listens
from tertulia.features.listens.schemas import COUNTED, FIRST, Listens
from tertulia.features.members import service as members
from tertulia.features.messages import service as messages
from tertulia.features.people import service as people
from tertulia.features.people.schemas import ChangePrivacy
from tertulia.features.timeline import service as timeline
from tertulia.features.timeline.schemas import TimelineMessage


async def seen(house: House, who: Person, message_id: UUID) -> TimelineMessage:
    return await house.world.read(timeline.message, who, house.channel, message_id)


def told(house: House, who: Person) -> list[tuple[str, int | None]]:
    """What somebody's own stream said of listening."""
    return [
        (one["type"], one["data"].get("listens", {}).get("count"))
        for one in house.world.published(who.stream)
        if one["type"].startswith("voice.")
    ]


async def play(house: House, message_id: UUID, *who: Person) -> None:
    for one in who:
        await house.world.write(listens.listen, one, house.channel, message_id)


async def test_its_author_hears_who_played_it_and_nobody_else(house: House) -> None:
    voice = await speak(house.world, house.alice, house.channel)
    await play(house, voice.id, house.bob, house.carol, house.bob)
    mine = await seen(house, house.alice, voice.id)
    assert (mine.listened, mine.listens) == (
        False, Listens(count=2, people=[house.bob.id, house.carol.id]),
    )  # fmt: skip
    theirs = await seen(house, house.bob, voice.id)
    assert (theirs.listened, theirs.listens) == (True, None)
    assert told(house, house.alice) == [("voice.heard", 1), ("voice.heard", 2)]
    assert told(house, house.bob) == [("voice.listened", None)]
    in_room = house.world.published(f"room:{house.channel}")
    assert not [one for one in in_room if one["type"].startswith("voice.")]
    found = await house.world.read(listens.listeners, house.alice, house.channel, voice.id)
    assert [one.account_id for one in found.listeners] == [house.bob.id, house.carol.id]
    with pytest.raises(Forbidden):
        await house.world.read(listens.listeners, house.carol, house.channel, voice.id)


async def test_playing_my_own_says_nothing(house: House) -> None:
    voice = await speak(house.world, house.alice, house.channel)
    await play(house, voice.id, house.alice)
    assert (await seen(house, house.alice, voice.id)).listens is None
    assert told(house, house.alice) == []


@pytest.mark.parametrize("who", ["listener", "author"])
async def test_who_hides_receipts_tells_nobody_and_is_told_nothing_for_good(
    house: House, who: str
) -> None:
    voice = await speak(house.world, house.alice, house.channel)
    hiding = house.bob if who == "listener" else house.alice
    await house.world.write(people.change_privacy, hiding, ChangePrivacy(hide_receipts=True))
    await play(house, voice.id, house.bob)
    await house.world.write(people.change_privacy, hiding, ChangePrivacy(hide_receipts=False))
    await play(house, voice.id, house.bob)
    assert (await seen(house, house.alice, voice.id)).listens is None
    assert (await seen(house, house.bob, voice.id)).listened
    assert told(house, house.alice) == []


async def test_nothing_is_told_across_a_block_or_to_who_left(house: House) -> None:
    first = await speak(house.world, house.alice, house.channel)
    second = await speak(house.world, house.carol, house.channel)
    await house.world.write(people.block, house.bob, house.alice.id)
    await house.world.write(members.leave, house.carol, house.channel)
    await play(house, first.id, house.bob)
    await play(house, second.id, house.bob)
    assert (told(house, house.alice), told(house, house.carol)) == ([], [])


async def test_only_who_is_in_the_room_plays_and_only_what_sounds(house: House) -> None:
    voice = await speak(house.world, house.alice, house.channel)
    for who in (house.dave, house.mallory):
        with pytest.raises(NotFound):
            await play(house, voice.id, who)
    with pytest.raises(Forbidden):
        await play(house, house.question.id, house.bob)


async def test_of_a_crowd_only_so_many_are_told(house: House) -> None:
    voice = await speak(house.world, house.alice, house.channel)
    many = await crowd(house.world, house.channel, COUNTED - 1)
    async with house.world.pool.acquire() as conn:
        await conn.execute(
            """
            INSERT INTO voice_listens (room_id, message_id, account_id, listened_at, told)
            SELECT $1, $2, id, $3, true FROM unnest($4::uuid[]) AS id
            """,
            house.channel, voice.id, house.world.clock.now(), many,
        )  # fmt: skip
    await house.world.clock.advance(1)
    await play(house, voice.id, house.bob, house.carol)
    mine = await seen(house, house.alice, voice.id)
    assert mine.listens is not None
    assert (mine.listens.count, len(mine.listens.people)) == (COUNTED, FIRST)
    assert told(house, house.alice) == [("voice.heard", COUNTED)]


async def test_what_is_deleted_was_played_by_nobody(house: House) -> None:
    voice = await speak(house.world, house.alice, house.channel)
    await play(house, voice.id, house.bob)
    await house.world.write(messages.delete, house.alice, house.channel, voice.id)
    gone = await seen(house, house.alice, voice.id)
    assert (gone.listens, (await seen(house, house.bob, voice.id)).listened) == (None, False)
    async with house.world.db.read() as tx:
        assert await tx.conn.fetchval("SELECT count(*) FROM voice_listens") == 0


async def test_listening_reaches_every_device_of_both(house: House) -> None:
    voice = await speak(house.world, house.alice, house.channel)

    async def act() -> None:
        await play(house, voice.id, house.bob, house.carol, house.alice)

    await verify(house.world, house.people, act)


async def test_deleting_takes_it_from_every_device(house: House) -> None:
    voice = await speak(house.world, house.alice, house.channel)
    await play(house, voice.id, house.bob)
    await verify(
        house.world,
        house.people,
        lambda: house.world.write(messages.delete, house.alice, house.channel, voice.id),
    )
