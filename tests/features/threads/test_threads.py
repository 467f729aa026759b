"""Threads: replies beside the room's talk, whom they call, and what is unread in them."""

from uuid import UUID

import pytest
from tests.support.world import Person, World

from tertulia.core.errors import Conflict, Invalid, NotFound
from tertulia.features.members import service as members
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import EditMessage, Message
from tertulia.features.messages.service import MessageDeletedAlready
from tertulia.features.threads import service as threads
from tertulia.features.threads.schemas import OwnThread
from tertulia.features.timeline import service as timeline
from tertulia.features.timeline.schemas import ThreadPage
from tertulia.features.timeline.service import Anchor


@pytest.fixture
async def carol(world: World, mallory: Person) -> Person:
    del mallory  # comes first, always
    return await world.person("carol")


@pytest.fixture
async def room(world: World, alice: Person, bob: Person, carol: Person) -> UUID:
    return await world.channel(alice, bob, carol)


@pytest.fixture
async def root(world: World, alice: Person, room: UUID) -> Message:
    return await world.say(alice, room, "shall we?")


async def reply(
    world: World, who: Person, root: Message, text: str, *, also_in_room: bool = False
) -> Message:
    return await world.say(who, root.room_id, text, thread=root.id, also_in_room=also_in_room)


async def page(
    world: World, who: Person, root: Message, anchor: Anchor | None = None
) -> ThreadPage:
    return await world.read(
        timeline.thread_page, who, root.room_id, root.id, anchor or Anchor(), 50
    )


async def own(world: World, who: Person, room: UUID) -> list[OwnThread]:
    return (await world.room_snapshot(who, room)).me.threads


async def unread(world: World, who: Person, room: UUID) -> list[list[int]]:
    return [thread.unread for thread in await own(world, who, room)]


def texts(found: list[Message]) -> list[str]:
    return [getattr(one.body, "text", "") for one in found]


async def test_replies_stand_in_the_thread_and_not_in_the_room(
    world: World, alice: Person, bob: Person, room: UUID, root: Message
) -> None:
    first = await reply(world, bob, root, "gladly")
    shown = await reply(world, bob, root, "at eight", also_in_room=True)
    thread = await page(world, alice, root)
    assert thread.root.id == root.id
    assert texts([*thread.messages]) == ["gladly", "at eight"]
    assert (first.thread, first.in_room, shown.in_room) == (root.id, False, True)
    talk = await world.read(timeline.page, alice, room, Anchor(), 50)
    assert texts([*talk.messages])[-2:] == ["shall we?", "at eight"]
    assert (await world.room_snapshot(alice, room)).last_message == shown


async def test_a_thread_is_read_in_pages_that_tile_it(
    world: World, alice: Person, bob: Person, root: Message
) -> None:
    for number in range(7):
        await reply(world, bob, root, str(number))
        await world.say(bob, root.room_id, "meanwhile")
    found, before = list[str](), None
    while True:
        read = await world.read(
            timeline.thread_page, alice, root.room_id, root.id, Anchor(before=before), 3
        )
        found = texts([*read.messages]) + found
        if read.found_oldest:
            break
        before = read.messages[0].seq
    assert found == [str(number) for number in range(7)]


async def test_the_root_tells_how_many_replied_last_and_when(
    world: World, alice: Person, bob: Person, carol: Person, root: Message
) -> None:
    await reply(world, bob, root, "one")
    await world.clock.advance(60)
    await reply(world, carol, root, "two")
    await world.clock.advance(60)
    last = await reply(world, bob, root, "three")
    told = (await page(world, alice, root)).root.thread_summary
    assert told is not None
    assert (told.replies, told.participants) == (3, [bob.id, carol.id])
    assert told.last_reply_at == last.sent_at
    await world.write(messages.delete, bob, root.room_id, last.id)
    told = (await page(world, alice, root)).root.thread_summary
    assert told is not None
    assert (told.replies, told.participants) == (2, [carol.id, bob.id])
    assert told.last_reply_at < last.sent_at


async def test_a_thread_outlives_its_root_but_takes_no_replies_then(
    world: World, alice: Person, bob: Person, root: Message
) -> None:
    await reply(world, bob, root, "gladly")
    await world.write(messages.delete, alice, root.room_id, root.id)
    thread = await page(world, bob, root)
    assert texts([*thread.messages]) == ["gladly"]
    assert thread.root.thread_summary
    with pytest.raises(MessageDeletedAlready):
        await reply(world, bob, root, "are you there?")


async def test_only_a_message_of_this_room_that_is_no_reply_has_a_thread(
    world: World, alice: Person, bob: Person, room: UUID, root: Message
) -> None:
    inside = await reply(world, bob, root, "gladly")
    with pytest.raises(Invalid):
        await reply(world, bob, inside, "a thread of a thread")
    with pytest.raises(Invalid):
        await page(world, bob, inside)
    note = (await world.read(timeline.page, alice, room, Anchor(), 50)).messages[0]
    with pytest.raises(Invalid):
        await world.say(bob, room, "about the note", thread=note.id)
    elsewhere = await world.say(bob, await world.channel(bob), "elsewhere")
    with pytest.raises(Invalid):
        await world.say(bob, room, "about that", thread=elsewhere.id)
    with pytest.raises(NotFound):
        await world.read(timeline.thread_page, bob, room, elsewhere.id, Anchor(), 50)
    with pytest.raises(Invalid):
        await world.say(bob, room, "no thread", also_in_room=True)


async def test_whoever_takes_part_is_called_and_nobody_else(
    world: World, alice: Person, bob: Person, carol: Person, room: UUID, root: Message
) -> None:
    first = await reply(world, bob, root, "gladly")
    assert await unread(world, alice, room) == [[first.seq]]  # it is her question
    assert await unread(world, carol, room) == []
    second = await reply(world, alice, root, "and @" + carol.username)
    assert await unread(world, bob, room) == [[second.seq]]
    [thread] = await own(world, carol, room)
    assert (thread.unread, thread.mentions) == ([second.seq], [second.seq])
    assert await unread(world, alice, room) == []  # who writes has read
    assert (await world.room_snapshot(carol, room)).me.unread == [root.seq]


async def test_a_reply_shown_in_the_room_is_unread_there_only(
    world: World, alice: Person, bob: Person, room: UUID, root: Message
) -> None:
    shown = await reply(world, bob, root, "at eight", also_in_room=True)
    snapshot = await world.room_snapshot(alice, room)
    assert snapshot.me.unread == [shown.seq]
    assert snapshot.me.threads == []


async def test_reading_a_thread_is_mine_alone(
    world: World, alice: Person, bob: Person, room: UUID, root: Message
) -> None:
    first = await reply(world, bob, root, "one")
    second = await reply(world, bob, root, "two")
    await world.write(threads.read, alice, room, root.id, first.seq)
    assert await unread(world, alice, room) == [[second.seq]]
    await world.write(threads.read, alice, room, root.id, 10**9)  # at most to the head
    assert await unread(world, alice, room) == []
    third = await reply(world, bob, root, "three")
    assert await unread(world, alice, room) == [[third.seq]]
    await world.write(threads.read, alice, room, root.id, first.seq)  # never back
    assert await unread(world, alice, room) == [[third.seq]]


async def test_reading_what_does_not_call_me_leaves_no_trace(
    world: World, bob: Person, carol: Person, room: UUID, root: Message
) -> None:
    await reply(world, bob, root, "one")
    told = len(world.bus.published)
    await world.write(threads.read, carol, room, root.id, 10**9)
    assert len(world.bus.published) == told


async def test_following_calls_from_now_on_and_leaving_off_holds(
    world: World, alice: Person, bob: Person, carol: Person, room: UUID, root: Message
) -> None:
    await reply(world, bob, root, "one")
    await world.write(threads.follow, carol, room, root.id, True)
    assert await unread(world, carol, room) == [[]]
    second = await reply(world, bob, root, "two")
    assert await unread(world, carol, room) == [[second.seq]]
    await world.write(threads.follow, alice, room, root.id, False)
    assert [(one.following, one.unread) for one in await own(world, alice, room)] == [(False, [])]
    await reply(world, bob, root, "@" + alice.username)
    assert await unread(world, alice, room) == [[]]
    await world.write(threads.follow, alice, room, root.id, True)
    assert await unread(world, alice, room) == [[]]
    last = await reply(world, bob, root, "four")
    assert await unread(world, alice, room) == [[last.seq]]


async def test_decisions_are_bounded(
    world: World, alice: Person, room: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "DECISIONS", 2)
    said = [await world.say(alice, room, str(number)) for number in range(3)]
    for one in said[:2]:
        await world.write(threads.follow, alice, room, one.id, True)
    with pytest.raises(Conflict):
        await world.write(threads.follow, alice, room, said[2].id, True)
    await world.write(threads.follow, alice, room, said[0].id, False)


async def test_an_edit_that_names_somebody_calls_them_from_then_on(
    world: World, bob: Person, carol: Person, room: UUID, root: Message
) -> None:
    first = await reply(world, bob, root, "one")
    edit = EditMessage(text="one for @" + carol.username)
    await world.write(messages.edit, bob, room, first.id, edit)
    assert await unread(world, carol, room) == []
    second = await reply(world, bob, root, "two")
    assert await unread(world, carol, room) == [[second.seq]]


async def test_who_was_away_is_not_called_for_what_was_said_meanwhile(
    world: World, alice: Person, bob: Person, carol: Person, room: UUID, root: Message
) -> None:
    await reply(world, carol, root, "I do")
    await world.write(members.leave, carol, room)
    await reply(world, bob, root, "she left")
    await world.write(members.add, alice, room, [carol.id])
    assert await unread(world, carol, room) == []
    back = await reply(world, bob, root, "she is back")
    assert await unread(world, carol, room) == [[back.seq]]


async def test_a_room_word_in_a_thread_calls_those_who_follow_it(
    world: World, alice: Person, bob: Person, carol: Person, room: UUID, root: Message
) -> None:
    said = await reply(world, bob, root, "@room")
    [thread] = await own(world, alice, room)
    assert thread.mentions == [said.seq]
    assert await own(world, carol, room) == []


async def test_a_send_writes_no_rows_for_others(
    world: World, alice: Person, bob: Person, carol: Person, room: UUID, root: Message
) -> None:
    await reply(world, bob, root, f"@{alice.username} @{carol.username}")
    async with world.db.read() as tx:
        assert await tx.conn.fetchval("SELECT count(*) FROM thread_marks") == 0
        assert await tx.conn.fetchval("SELECT count(*) FROM threads") == 1
