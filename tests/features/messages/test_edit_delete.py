"""Taking back and putting right."""

from uuid import UUID

import pytest
from tests.support.world import Person, World

from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound
from tertulia.features.members import service as members
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import DeletedBody, EditMessage, Revision, TextBody
from tertulia.features.timeline import service as timeline


@pytest.fixture
async def room(world: World, alice: Person, bob: Person) -> UUID:
    return await world.channel(alice, bob)


async def note_in(world: World, room: UUID) -> UUID:
    """The first note about a room; its author is who made the room."""
    async with world.db.read() as tx:
        return await tx.conn.fetchval(
            "SELECT id FROM messages WHERE room_id = $1 AND kind = 'system' LIMIT 1", room
        )


# Edit


async def test_an_edit_replaces_the_text_and_keeps_the_old_one(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    message = await world.say(alice, room, "teh first")
    for text in ("the first", "the second"):
        await world.clock.advance(60)
        edited = await world.write(messages.edit, alice, room, message.id, EditMessage(text=text))
    assert edited.body == TextBody(text="the second")
    assert edited.edited_at == world.clock.now()
    assert (edited.seq, edited.sent_at) == (message.seq, message.sent_at)
    assert await world.message(bob, room, message.id) == edited
    revisions = await world.read(messages.revisions, bob, room, message.id)
    assert [revision.text for revision in revisions] == ["teh first", "the first"]
    assert revisions[-1] == Revision(text="the first", replaced_at=world.clock.now())
    assert [event["type"] for event in world.published(f"room:{room}")][-2:] == [
        "message.edited",
        "message.edited",
    ]


async def test_an_edit_to_the_same_text_changes_nothing(
    world: World, alice: Person, room: UUID
) -> None:
    message = await world.say(alice, room, "fine as it is")
    events = len(world.bus.published)
    same = await world.write(
        messages.edit, alice, room, message.id, EditMessage(text="fine as it is")
    )
    assert same == message
    assert len(world.bus.published) == events
    assert await world.read(messages.revisions, alice, room, message.id) == []


async def test_an_edit_mentions_anew(world: World, alice: Person, bob: Person, room: UUID) -> None:
    message = await world.say(alice, room, "@alice")
    edited = await world.write(
        messages.edit, alice, room, message.id, EditMessage(text="@bob and @room")
    )
    assert edited.mentions == [bob.id]
    assert edited.mentions_room
    assert (await world.room_snapshot(bob, room)).me.mentions == [message.seq]


async def test_quotes_follow_an_edit(world: World, alice: Person, bob: Person, room: UUID) -> None:
    question = await world.say(alice, room, "waht?")
    answer = await world.say(bob, room, "that", reply_to=question.id)
    await world.write(messages.edit, alice, room, question.id, EditMessage(text="what?"))
    now = await world.message(alice, room, answer.id)
    assert now.reply_to is not None
    assert now.reply_to.text == "what?"


async def test_only_its_author_edits_a_message(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    message = await world.say(bob, room, "mine")
    with pytest.raises(Forbidden):  # not even the owner
        await world.write(messages.edit, alice, room, message.id, EditMessage(text="yours"))


@pytest.mark.parametrize("text", [" ", "\n", "a\0b"])
async def test_an_edit_says_something(world: World, alice: Person, room: UUID, text: str) -> None:
    message = await world.say(alice, room, "something")
    with pytest.raises(Invalid):
        await world.write(messages.edit, alice, room, message.id, EditMessage(text=text))


async def test_a_deleted_message_is_not_edited(world: World, alice: Person, room: UUID) -> None:
    message = await world.say(alice, room, "gone")
    await world.write(messages.delete, alice, room, message.id)
    with pytest.raises(Conflict):
        await world.write(messages.edit, alice, room, message.id, EditMessage(text="back"))


async def test_a_note_about_the_room_is_not_edited(world: World, alice: Person, room: UUID) -> None:
    note = await note_in(world, room)
    with pytest.raises(Forbidden):
        await world.write(messages.edit, alice, room, note, EditMessage(text="no such thing"))


# Delete


async def test_a_deleted_message_leaves_a_tombstone(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    question = await world.say(bob, room, "what?")
    message = await world.say(alice, room, "a secret, @bob", reply_to=question.id)
    deleted = await world.write(messages.delete, alice, room, message.id)
    assert deleted.body == DeletedBody(by=alice.id)
    assert (deleted.seq, deleted.author_id) == (message.seq, alice.id)
    assert (deleted.mentions, deleted.mentions_room, deleted.reply_to) == ([], False, None)
    assert await world.message(bob, room, message.id) == deleted
    me = (await world.room_snapshot(bob, room)).me
    assert message.seq not in me.unread + me.mentions


async def test_nothing_of_a_deleted_message_remains(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    """Not its text, not its earlier texts, not the quotes of it, not in the log."""
    message = await world.say(alice, room, "canary one")
    answer = await world.say(bob, room, "really?", reply_to=message.id)
    await world.write(messages.edit, alice, room, message.id, EditMessage(text="canary two"))
    await world.write(messages.delete, alice, room, message.id)
    assert await world.read(messages.revisions, bob, room, message.id) == []
    now = await world.message(bob, room, answer.id)
    assert now.reply_to is not None
    assert now.reply_to.text is None
    async with world.db.read() as tx:
        for table in ("messages", "message_revisions", "events"):
            rows = await tx.conn.fetch(f"SELECT t::text AS row FROM {table} AS t")
            assert not [row["row"] for row in rows if "canary" in row["row"]], table
    reset = await world.changes(bob)
    assert "canary" not in str(reset)


async def test_deleting_again_changes_nothing(world: World, alice: Person, room: UUID) -> None:
    message = await world.say(alice, room, "gone")
    first = await world.write(messages.delete, alice, room, message.id)
    events = len(world.bus.published)
    assert await world.write(messages.delete, alice, room, message.id) == first
    assert len(world.bus.published) == events


async def test_moderators_delete_what_others_said_and_members_do_not(
    world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    room = await world.channel(alice, bob, mallory)
    message = await world.say(mallory, room, "spam")
    with pytest.raises(Forbidden):
        await world.write(messages.delete, bob, room, message.id)
    await world.write(members.change_role, alice, room, bob.id, "moderator")
    deleted = await world.write(messages.delete, bob, room, message.id)
    assert deleted.body == DeletedBody(by=bob.id)


async def test_a_note_about_the_room_stays(world: World, alice: Person, room: UUID) -> None:
    with pytest.raises(Forbidden):
        await world.write(messages.delete, alice, room, await note_in(world, room))


async def test_a_message_of_another_room_is_not_here(
    world: World, alice: Person, room: UUID
) -> None:
    elsewhere = await world.channel(alice)
    message = await world.say(alice, elsewhere, "over there")
    for verb in (timeline.message, messages.revisions, messages.delete):
        with pytest.raises(NotFound):
            await world.write(verb, alice, room, message.id)
    with pytest.raises(NotFound):
        await world.write(messages.edit, alice, room, message.id, EditMessage(text="here"))
