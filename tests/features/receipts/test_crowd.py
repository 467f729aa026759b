"""Receipts where thousands are: what is kept, told and answered does not grow with them."""

from uuid import UUID

import msgspec
import pytest
from tests.support import queries
from tests.support.crowds import crowd
from tests.support.world import Person, World

from tertulia.core.actor import Actor
from tertulia.core.errors import Invalid, NotFound
from tertulia.features.members import service as members
from tertulia.features.messages.schemas import Message
from tertulia.features.people import service as people
from tertulia.features.people.schemas import ChangePrivacy
from tertulia.features.receipts import service as receipts
from tertulia.features.receipts.schemas import Arrived, MessageReceipts
from tertulia.features.receipts.store import MARKS
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import CROWD
from tertulia.features.rooms.service import Can

PEOPLE = 3_000
READERS = 250


@pytest.fixture
async def said(world: World, alice: Person, bob: Person) -> Message:
    room = await world.channel(alice, bob)
    await crowd(world, room, PEOPLE)
    return await world.say(alice, room, "supper is ready")


async def info(
    world: World, who: Person, said: Message, cursor: str | None = None
) -> MessageReceipts:
    return await world.read(receipts.message_receipts, who, said.room_id, said.id, cursor)


async def read_by(world: World, said: Message, number: int) -> list[UUID]:
    """So many of the crowd read it, by the verb."""
    async with world.db.read() as tx:
        rows = await tx.conn.fetch(
            "SELECT account_id FROM members WHERE room_id = $1 AND role = 'member'"
            " AND name_key LIKE 'person%' ORDER BY account_id LIMIT $2",
            said.room_id,
            number,
        )
    for row in rows:
        actor = Actor(row["account_id"], row["account_id"])
        await world.db.write(
            lambda tx, actor=actor: members.mark_read(tx, actor, said.room_id, said.seq)
        )
    return [row["account_id"] for row in rows]


async def count(world: World, sql: str) -> int:
    async with world.db.read() as tx:
        return await tx.conn.fetchval(sql)


async def test_its_readers_are_counted_and_come_in_pages(
    world: World, alice: Person, said: Message
) -> None:
    readers = await read_by(world, said, READERS)
    told = await info(world, alice, said)
    assert (told.read_count, told.waiting_count) == (READERS, PEOPLE + 1 - READERS)
    assert (told.delivered, told.waiting, told.delivered_count) == ([], [], 0)
    pages = [told]
    while pages[-1].next is not None:
        pages.append(await info(world, alice, said, pages[-1].next))
    assert [len(page.read) for page in pages] == [100, 100, 50]
    found = [one.account_id for page in pages for one in page.read]
    assert len(found) == len(set(found))
    assert set(found) == set(readers)
    for page in pages:
        assert {person.id for person in page.people} == {one.account_id for one in page.read}
        assert len(msgspec.json.encode(page)) < 40_000


async def test_an_answer_costs_the_same_statements_however_many_they_are(
    world: World, alice: Person, bob: Person, said: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = await world.channel(alice, bob)
    here = await world.say(alice, small, "here too")
    await read_by(world, said, 5)
    asked = queries.count(monkeypatch)
    await info(world, alice, said)
    crowded = len(asked)
    asked.clear()
    await info(world, alice, here)
    assert crowded <= len(asked) + 1


async def test_reading_in_a_crowd_keeps_no_times_and_arriving_nothing(
    world: World, alice: Person, bob: Person, said: Message
) -> None:
    before = await count(world, "SELECT count(*) FROM members WHERE delivered_seq > 0")
    async with world.db.read() as tx:
        access = await rooms.require(tx, alice.actor, said.room_id, Can.READ)
        everybody = await rooms.member_ids(tx, access)
    for one in everybody:
        world.due.deliver(one, [Arrived(room_id=said.room_id, seq=said.seq)])
    published = len(world.bus.published)
    await world.tell_receipts()
    assert len(world.bus.published) == published
    assert await count(world, "SELECT count(*) FROM members WHERE delivered_seq > 0") == before
    await world.write(members.mark_read, bob, said.room_id, said.seq)
    assert await count(world, "SELECT count(*) FROM cursor_marks") == 0
    told = await info(world, alice, said)
    assert [(one.account_id, one.at) for one in told.read] == [(bob.id, None)]


async def test_neither_lists_nor_snapshots_hold_the_crowds_cursors(
    world: World, alice: Person, said: Message
) -> None:
    await read_by(world, said, READERS)
    assert await world.read(receipts.cursors, alice, said.room_id) == []
    snapshot = await world.room_snapshot(alice, said.room_id)
    assert (snapshot.receipts, snapshot.members) == ([], [])
    assert snapshot.member_count == PEOPLE + 2
    assert len(msgspec.json.encode(snapshot)) < 3_000


async def test_who_hides_is_not_among_a_crowds_readers_and_sees_none(
    world: World, alice: Person, bob: Person, said: Message
) -> None:
    await world.write(members.mark_read, bob, said.room_id, said.seq)
    assert (await info(world, alice, said)).read_count == 1
    await world.write(people.change_privacy, bob, ChangePrivacy(hide_receipts=True))
    told = await info(world, alice, said)
    assert (told.read, told.read_count, told.waiting_count) == ([], 0, PEOPLE + 1)
    blind = await info(world, bob, said)
    assert (blind.hidden, blind.read, blind.read_count, blind.waiting_count) == (True, [], 0, 0)


async def test_two_in_a_block_are_not_among_each_others_readers(
    world: World, alice: Person, bob: Person, said: Message
) -> None:
    await world.write(members.mark_read, bob, said.room_id, said.seq)
    await world.write(people.block, alice, bob.id)
    told = await info(world, alice, said)
    assert (told.read, told.read_count, told.waiting_count) == ([], 0, PEOPLE)


async def test_an_outsider_and_a_forged_cursor_get_nothing(
    world: World, alice: Person, mallory: Person, said: Message
) -> None:
    with pytest.raises(NotFound):
        await info(world, mallory, said)
    with pytest.raises(Invalid):
        await info(world, alice, said, "WzkwMDAwMDAwMDAsIiIsIiJd")


async def test_a_crowd_begins_above_a_thousand(world: World, alice: Person, bob: Person) -> None:
    room = await world.channel(alice, bob)
    await crowd(world, room, CROWD - 2)
    said = await world.say(alice, room, "still few enough")
    await world.write(members.mark_read, bob, room, said.seq)
    told = await info(world, alice, said)
    assert [one.at for one in told.read] == [world.clock.now()]
    assert (told.waiting_count, len(told.waiting)) == (CROWD - 2, 100)
    assert await count(world, "SELECT count(*) FROM cursor_marks") == 1 <= MARKS
    await crowd(world, room, 1)
    told = await info(world, alice, said)
    assert [one.at for one in told.read] == [None]
