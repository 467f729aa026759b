"""Who got and who read what, when, and who may know it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from tests.support.verify import verify
from tests.support.world import Person, World

from tertulia.core.errors import NotFound, Unavailable
from tertulia.core.tx import Tx
from tertulia.features.members import service as members
from tertulia.features.messages.schemas import Message
from tertulia.features.people import service as people
from tertulia.features.people.schemas import ChangePrivacy
from tertulia.features.receipts import service as receipts
from tertulia.features.receipts.live import TOPIC
from tertulia.features.receipts.schemas import Arrived, MessageReceipts, Seen
from tertulia.features.receipts.store import MARKS, Position
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can

Cursors = dict[UUID, tuple[int, int | None]]


async def arrive(world: World, who: Person, said: Message, seq: int | None = None) -> None:
    world.due.deliver(who.id, [Arrived(room_id=said.room_id, seq=said.seq if seq is None else seq)])
    await world.tell_receipts()


async def read(world: World, who: Person, said: Message) -> None:
    await world.write(members.mark_read, who, said.room_id, said.seq)


async def seen_by(world: World, who: Person, room: UUID) -> Cursors:
    snapshot = await world.room_snapshot(who, room)
    return {one.account_id: (one.delivered_seq, one.read_seq) for one in snapshot.receipts}


async def info(world: World, who: Person, said: Message) -> MessageReceipts:
    return await world.read(receipts.message_receipts, who, said.room_id, said.id)


def times(listed: Sequence[Seen]) -> dict[UUID, datetime | None]:
    return {one.account_id: one.at for one in listed}


async def hide(world: World, who: Person, *, hidden: bool = True) -> None:
    await world.write(people.change_privacy, who, ChangePrivacy(hide_receipts=hidden))


@pytest.fixture
async def said(world: World, alice: Person, bob: Person) -> Message:
    room = await world.direct(alice, bob)
    return await world.say(alice, room, "supper is ready")


async def test_delivered_then_read_with_times(
    world: World, alice: Person, bob: Person, said: Message
) -> None:
    assert await seen_by(world, alice, said.room_id) == {}
    got_at = world.clock.now()
    await verify(world, [alice, bob], lambda: arrive(world, bob, said))
    base = (await world.room_snapshot(bob, said.room_id)).me.read_seq
    assert await seen_by(world, alice, said.room_id) == {bob.id: (said.seq, base)}
    await world.clock.advance(300)
    await verify(world, [alice, bob], lambda: read(world, bob, said))
    assert await seen_by(world, alice, said.room_id) == {bob.id: (said.seq, said.seq)}
    told = await info(world, alice, said)
    assert times(told.read) == {bob.id: got_at + timedelta(seconds=300)}
    assert (told.delivered, told.waiting, told.hidden) == ([], [], False)
    assert [person.username for person in told.people] == ["bob"]


async def test_who_only_got_it_and_who_did_not(
    world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    room = await world.group(alice, bob, mallory)
    said = await world.say(alice, room, "supper is ready")
    await arrive(world, bob, said)
    told = await info(world, alice, said)
    assert times(told.delivered) == {bob.id: world.clock.now()}
    assert (told.read, told.waiting, told.waiting_count) == ([], [mallory.id], 1)


async def test_reading_is_getting(world: World, alice: Person, bob: Person, said: Message) -> None:
    await read(world, bob, said)
    assert (await seen_by(world, alice, said.room_id))[bob.id] == (said.seq, said.seq)


async def test_nothing_moves_back_or_beyond_the_end(
    world: World, alice: Person, bob: Person, said: Message
) -> None:
    await arrive(world, bob, said, said.seq + 1000)
    head = (await world.room_snapshot(bob, said.room_id)).head
    assert (await seen_by(world, alice, said.room_id))[bob.id][0] == head
    told = len(world.bus.published)
    await arrive(world, bob, said, 1)
    await arrive(world, bob, said, head)
    assert len(world.bus.published) == told, "what was known is not told again"


async def test_an_outsider_moves_and_learns_nothing(
    world: World, alice: Person, mallory: Person, said: Message
) -> None:
    told = len(world.bus.published)
    await arrive(world, mallory, said)
    assert len(world.bus.published) == told
    with pytest.raises(NotFound):
        await world.read(receipts.cursors, mallory, said.room_id)
    with pytest.raises(NotFound):
        await info(world, mallory, said)
    with pytest.raises(NotFound):  # in the room, of no such message
        await world.read(receipts.message_receipts, alice, said.room_id, world.ids.uuid7())


async def transactions(world: World) -> int:
    """How many moved the cursors of members."""
    async with world.db.read() as tx:
        return await tx.conn.fetchval("SELECT count(DISTINCT cursor_xid) FROM members")


async def test_five_hundred_devices_cost_one_transaction(world: World, alice: Person) -> None:
    crowd = [await world.person(f"guest{number}") for number in range(30)]
    room = await world.group(alice, *crowd)
    said = await world.say(alice, room, "supper is ready")
    for guest in crowd * 5:
        world.due.deliver(guest.id, [Arrived(room_id=room, seq=said.seq)])
    before, moved = len(world.bus.published), await transactions(world)
    await world.tell_receipts()
    assert await transactions(world) == moved + 1
    assert [notice.topic for notice in world.bus.published[before:]] == [TOPIC]
    assert len(await seen_by(world, alice, room)) == 30


async def test_channels_are_told_message_by_message_only(
    world: World, alice: Person, bob: Person
) -> None:
    room = await world.channel(alice, bob)
    said = await world.say(alice, room, "supper is ready")
    before = len(world.bus.published)
    await arrive(world, bob, said)
    assert len(world.bus.published) == before
    assert await seen_by(world, alice, room) == {}
    assert await world.read(receipts.cursors, alice, room) == []
    assert times((await info(world, alice, said)).delivered) == {bob.id: world.clock.now()}


async def test_who_came_later_did_not_read_it(world: World, alice: Person, bob: Person) -> None:
    room = await world.group(alice)
    said = await world.say(alice, room, "supper is ready")
    await world.write(members.add, alice, room, [bob.id])
    told = await info(world, alice, said)
    assert (told.read_count, told.delivered_count, told.waiting_count) == (0, 0, 0)


async def test_times_are_of_the_minute_and_the_oldest_are_forgotten(
    world: World, alice: Person, bob: Person, said: Message
) -> None:
    first = said
    for _ in range(MARKS + 2):
        said = await world.say(alice, said.room_id, "more")
        await arrive(world, bob, said)
        await world.clock.advance(60)
    assert times((await info(world, alice, said)).delivered) == {
        bob.id: world.clock.now() - timedelta(seconds=60)
    }
    assert (await info(world, alice, first)).delivered_count == 1
    async with world.db.read() as tx:
        rows = await tx.conn.fetchval("SELECT count(*) FROM cursor_marks")
    assert rows == MARKS


async def test_who_hides_is_told_of_nobody_and_told_to_nobody(
    world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    room = await world.group(alice, bob, mallory)
    said = await world.say(alice, room, "supper is ready")
    for one in (bob, mallory):
        await read(world, one, said)
    await verify(world, [alice, bob, mallory], lambda: hide(world, bob))
    at = said.seq
    assert await seen_by(world, alice, room) == {bob.id: (at, None), mallory.id: (at, at)}
    assert await seen_by(world, bob, room) == {mallory.id: (at, None)}
    told, blind = await info(world, alice, said), await info(world, bob, said)
    assert (set(times(told.read)), set(times(told.delivered))) == ({mallory.id}, {bob.id})
    assert (blind.hidden, blind.read, set(times(blind.delivered))) == (True, [], {mallory.id})
    await verify(world, [alice, bob, mallory], lambda: hide(world, bob, hidden=False))
    assert (await seen_by(world, alice, room))[bob.id] == (at, at)


async def test_two_in_a_block_are_told_nothing_of_each_other(
    world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    room = await world.group(alice, bob, mallory)
    await world.write(people.block, alice, mallory.id)
    said = await world.say(bob, room, "supper is ready")

    async def act() -> None:
        await read(world, alice, said)
        await read(world, mallory, said)

    await verify(world, [alice, bob, mallory], act)
    assert set(await seen_by(world, bob, room)) == {alice.id, mallory.id}
    assert await seen_by(world, alice, room) == await seen_by(world, mallory, room) == {}
    told = await info(world, mallory, said)
    assert (told.read, told.delivered, told.waiting) == ([], [], [])


async def test_marking_unread_takes_no_receipt_back(
    world: World, alice: Person, bob: Person, said: Message
) -> None:
    await read(world, bob, said)

    async def back(tx: Tx) -> None:
        access = await rooms.require(tx, bob.actor, said.room_id, Can.READ)
        await members.move_back(tx, access, said.seq - 1)

    await world.db.write(back)
    assert (await seen_by(world, alice, said.room_id))[bob.id] == (said.seq, said.seq)


async def test_a_database_that_is_away_loses_no_word(
    world: World, alice: Person, bob: Person, said: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(tx: object, wanted: Sequence[Position]) -> list[Position]:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(receipts, "deliver", away)
        with pytest.raises(Unavailable):
            await arrive(world, bob, said)
    await world.tell_receipts()
    assert (await seen_by(world, alice, said.room_id))[bob.id][0] == said.seq
