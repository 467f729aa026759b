"""Messages that go by themselves."""

from datetime import timedelta

import pytest
from tests.features.sync.conftest import House
from tests.support.verify import verify

from tertulia.core.errors import Forbidden, NotFound
from tertulia.features.expiry import service as expiry
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import EditMessage, ExpiredBody, Message, SystemBody
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import ChangeRoom
from tertulia.features.timeline import service as timeline

HOUR = 3600


@pytest.fixture
async def leaving(house: House) -> Message:
    """Said where messages live for an hour."""
    await house.world.write(rooms.change, house.alice, house.channel, ChangeRoom(message_ttl=HOUR))
    return await house.world.say(
        house.bob, house.channel, "for an hour, @carol", reply_to=house.question.id
    )


async def sweep(house: House) -> None:
    async with house.world.db.read() as tx:
        due = await expiry.rooms_due(tx)
    for room in due:
        while await house.world.db.write(lambda tx, room=room: expiry.sweep(tx, room)):
            pass


async def test_it_is_gone_the_second_it_expires_swept_or_not(
    house: House, leaving: Message
) -> None:
    world = house.world
    answer = await world.say(house.alice, house.channel, "noted", reply_to=leaving.id)
    assert leaving.expires_at == leaving.sent_at + timedelta(seconds=HOUR)
    await world.clock.advance(HOUR - 1)
    assert (await world.message(house.carol, house.channel, leaving.id)).id == leaving.id
    later = await world.say(house.alice, house.channel, "and later", reply_to=leaving.id)
    assert later.reply_to is not None
    assert later.reply_to.text == "for an hour, @carol"
    await world.clock.advance(1)
    for swept in (False, True):
        if swept:
            await sweep(house)
        with pytest.raises(NotFound):
            await world.message(house.carol, house.channel, leaving.id)
        page = await world.read(timeline.page, house.carol, house.channel, timeline.Anchor(), 20)
        assert leaving.id not in {message.id for message in page.messages}
        assert answer.id not in {message.id for message in page.messages}
        [quoting] = [message for message in page.messages if message.id == later.id]
        assert quoting.reply_to is None or quoting.reply_to.text is None
        snapshot = await world.room_snapshot(house.carol, house.channel)
        assert leaving.seq not in [*snapshot.me.unread, *snapshot.me.mentions]
        assert snapshot.last_message is not None
        assert snapshot.last_message.id == later.id


async def test_nothing_of_it_is_left_once_it_is_swept(house: House, leaving: Message) -> None:
    world = house.world
    change = EditMessage(text="for an hour, all of you")
    await world.write(messages.edit, house.bob, house.channel, leaving.id, change)
    await world.clock.advance(HOUR)
    await sweep(house)
    async with world.db.read() as tx:
        assert await tx.conn.fetchval("SELECT count(*) FROM message_revisions") == 0
        assert await tx.conn.fetchval(
            "SELECT count(*) FROM messages WHERE body::text LIKE '%for an hour%'") == 0  # fmt: skip
        [found] = await messages.logged_messages(tx, [(house.channel, leaving.id)])
    assert found.body == ExpiredBody()
    again = await world.say(house.bob, house.channel, "for an hour", client_id=leaving.client_id)
    assert again.body == ExpiredBody(), "a retry says nothing twice, however late"


async def test_what_was_said_before_stays_and_off_means_for_ever(
    house: House, leaving: Message
) -> None:
    world = house.world
    await world.write(rooms.change, house.alice, house.channel, ChangeRoom(message_ttl=None))
    stays = await world.say(house.bob, house.channel, "for ever")
    assert stays.expires_at is None
    await world.clock.advance(90 * 24 * HOUR)
    await sweep(house)
    page = await world.read(timeline.page, house.carol, house.channel, timeline.Anchor(), 50)
    ids = {message.id for message in page.messages}
    assert {house.question.id, stays.id} <= ids
    assert leaving.id not in ids
    notes = [message.body for message in page.messages if isinstance(message.body, SystemBody)]
    assert [note.text for note in notes if note.event == "room.ttl_changed"] == ["3600", ""]


async def test_who_may_say_how_long(house: House) -> None:
    world = house.world
    with pytest.raises(Forbidden):
        await world.write(rooms.change, house.bob, house.channel, ChangeRoom(message_ttl=HOUR))
    await world.write(rooms.change, house.bob, house.group, ChangeRoom(message_ttl=HOUR))
    await world.write(rooms.change, house.bob, house.direct, ChangeRoom(message_ttl=HOUR))


async def test_a_long_room_is_swept_in_bounded_steps(house: House, leaving: Message) -> None:
    world = house.world
    async with world.pool.acquire() as conn:
        await conn.execute(
            "INSERT INTO messages (room_id, seq, id, author_id, client_id, sent_at, kind, body,"
            " expires_at) SELECT $1, n + 1000, gen_random_uuid(), $2, gen_random_uuid(), $3,"
            """ 'text', '{"kind": "text", "text": "x"}', $3 FROM generate_series(1, 450) n""",
            house.channel, house.bob.id, world.clock.now(),
        )  # fmt: skip
    await sweep(house)
    told = [event["data"] for event in world.published(f"room:{house.channel}")
            if event["type"] == "message.expired"]  # fmt: skip
    assert [len(fact["seqs"]) for fact in told] == [200, 200, 50]
    assert await world.message(house.carol, house.channel, leaving.id)


# Equivalence


async def test_expiring_while_somebody_watches(house: House, leaving: Message) -> None:
    world = house.world
    stays = await world.say(house.alice, house.group, "elsewhere")
    del stays

    async def act() -> None:
        await world.say(house.alice, house.channel, "noted", reply_to=leaving.id)
        await world.clock.advance(HOUR)
        await sweep(house)

    await verify(world, house.people, act)
