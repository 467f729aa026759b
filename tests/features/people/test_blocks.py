"""Blocking: what it closes, and that whom it closes out is never told."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from tests.features.people.test_contacts import befriend, ties
from tests.support.verify import verify
from tests.support.world import Person, World

from tertulia.core.errors import AppError
from tertulia.features.inbox import service as inbox
from tertulia.features.members import service as members
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import EditMessage
from tertulia.features.people import service as people
from tertulia.features.people.schemas import ChangePrivacy
from tertulia.features.presence import service as presence
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import CreateRoom

Try = Callable[[World, Person, Person], Awaitable[object]]


async def block(world: World, one: Person, other: Person) -> None:
    await world.write(people.block, one, other.id)


async def write_directly(world: World, who: Person, whom: Person) -> None:
    await world.write(rooms.create, who, CreateRoom(kind="direct", members=[whom.id]))


async def make_a_group_with(world: World, who: Person, whom: Person) -> None:
    await world.write(rooms.create, who, CreateRoom(kind="group", members=[whom.id]))


async def add_to_a_room(world: World, who: Person, whom: Person) -> None:
    room = await world.channel(who)
    await world.write(members.add, who, room, [whom.id])


async def refusal(attempt: Awaitable[object]) -> tuple[str, str, object]:
    try:
        await attempt
    except AppError as error:
        return error.code, str(error), error.errors
    return "", "", ()


TRIES: list[Try] = [write_directly, make_a_group_with, add_to_a_room]


@pytest.mark.parametrize("attempt", TRIES)
async def test_blocked_blocker_stranger_and_contact(
    world: World, alice: Person, bob: Person, mallory: Person, attempt: Try
) -> None:
    """Alice is reached by contacts only, and blocked Mallory: he is told what a stranger is."""
    carol = await world.person("carol")
    narrow = ChangePrivacy(may_message="contacts", may_add="contacts")
    await world.write(people.change_privacy, alice, narrow)
    await befriend(world, alice, bob)
    await block(world, alice, mallory)
    stranger = await refusal(attempt(world, carol, alice))
    blocked = await refusal(attempt(world, mallory, alice))
    assert stranger[0] in ("unreachable", "invalid")
    assert blocked == stranger
    assert (await refusal(attempt(world, alice, mallory)))[0] == stranger[0]  # nor the other way
    assert await refusal(attempt(world, bob, alice)) == ("", "", ())


@pytest.mark.parametrize("attempt", TRIES)
async def test_a_block_closes_what_is_open_to_everyone(
    world: World, alice: Person, mallory: Person, attempt: Try
) -> None:
    assert (await refusal(attempt(world, mallory, alice)))[0] == ""
    erin = await world.person("erin")
    await block(world, alice, erin)
    assert (await refusal(attempt(world, erin, alice)))[0] in ("unreachable", "invalid")


async def test_who_shares_a_room_may_write_where_that_is_asked(
    world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    await world.write(people.change_privacy, alice, ChangePrivacy(may_message="shared"))
    await world.channel(alice, bob)
    await write_directly(world, bob, alice)
    assert (await refusal(write_directly(world, mallory, alice)))[0] == "unreachable"


async def say(world: World, who: Person, room: UUID) -> None:
    await world.say(who, room, "are you there?")


async def test_their_direct_room_falls_silent_for_both_in_the_same_words(
    world: World, alice: Person, bob: Person
) -> None:
    room = await world.direct(alice, bob)
    said = await world.say(bob, room, "hello")
    await block(world, alice, bob)
    blocked, blocker = await refusal(say(world, bob, room)), await refusal(say(world, alice, room))
    assert blocked == blocker
    assert blocked[0] == "unreachable"
    edit = EditMessage(text="hey")
    assert (await refusal(world.write(messages.edit, bob, room, said.id, edit))) == blocked
    assert (await refusal(world.read(presence.require_typing, bob, room))) == blocked
    assert (await world.room_snapshot(bob, room)).last_message == said  # what was said stays
    await write_directly(world, bob, alice)  # the room is there, as it was
    await world.write(people.unblock, alice, bob.id)
    await say(world, bob, room)


async def test_two_blocks_need_two_to_lift_them(world: World, alice: Person, bob: Person) -> None:
    room = await world.direct(alice, bob)
    await block(world, alice, bob)
    await block(world, bob, alice)
    await world.write(people.unblock, alice, bob.id)
    assert (await refusal(say(world, alice, room)))[0] == "unreachable"
    await world.write(people.unblock, bob, alice.id)
    await say(world, alice, room)


async def test_whom_one_blocks_hears_nothing_of_it(
    world: World, alice: Person, bob: Person
) -> None:
    room = await world.direct(alice, bob)
    before = await world.snapshot(bob)
    told, heard = len(world.published(bob.stream)), len(world.published(f"room:{room}"))
    await block(world, alice, bob)
    await world.write(people.unblock, alice, bob.id)
    await block(world, alice, bob)
    assert await world.snapshot(bob) == before
    assert len(world.published(bob.stream)) == told
    assert len(world.published(f"room:{room}")) == heard


async def test_a_request_of_somebody_blocked_is_never_answered(
    world: World, alice: Person, bob: Person
) -> None:
    await block(world, alice, bob)
    assert await world.write(people.request_contact, bob, alice.id, "please") == "requested"
    assert await ties(world, bob) == {str(alice.id): "requested"}
    assert await ties(world, alice) == {}
    with pytest.raises(people.YouBlockedThem):
        await world.write(people.request_contact, alice, bob.id, "")
    await world.write(people.unblock, alice, bob.id)
    assert await world.write(people.request_contact, alice, bob.id, "") == "contact"


async def test_a_block_ends_a_contact(world: World, alice: Person, bob: Person) -> None:
    await befriend(world, alice, bob)
    await verify(world, [alice, bob], lambda: block(world, alice, bob))
    assert await ties(world, alice) == await ties(world, bob) == {}


async def test_a_request_that_waits_still_waits_for_whom_was_blocked(
    world: World, alice: Person, bob: Person
) -> None:
    await world.write(people.request_contact, bob, alice.id, "")
    await block(world, alice, bob)
    assert await ties(world, bob) == {str(alice.id): "requested"}
    assert await ties(world, alice) == {}


@pytest.mark.parametrize("kind", ["block", "unblock"])
async def test_words_of_somebody_blocked_do_not_count(
    world: World, alice: Person, bob: Person, mallory: Person, kind: str
) -> None:
    """Neither those that were unread nor those that follow, live and by catching up (N4, N5)."""
    room = await world.channel(alice, bob, mallory)
    if kind == "unblock":
        await block(world, alice, mallory)
    await world.say(mallory, room, "hello @alice")
    await world.say(bob, room, "good morning")

    async def act() -> None:
        verb = people.block if kind == "block" else people.unblock
        await world.write(verb, alice, mallory.id)
        await world.say(mallory, room, "hello again @alice")

    await verify(world, [alice, bob], act)
    mine = (await world.room_snapshot(alice, room)).me
    counts = len(mine.unread), len(mine.mentions)
    assert counts == ((1, 0) if kind == "block" else (3, 2))
    assert len((await world.room_snapshot(bob, room)).me.unread) == 2  # nobody else's matter


@pytest.mark.parametrize("kind", ["block", "unblock"])
async def test_replies_of_somebody_blocked_do_not_count_in_threads(
    world: World, alice: Person, bob: Person, mallory: Person, kind: str
) -> None:
    room = await world.channel(alice, bob, mallory)
    root = await world.say(alice, room, "shall we?")
    if kind == "unblock":
        await block(world, alice, mallory)
    await world.say(mallory, room, "@alice never", thread=root.id)
    await world.say(bob, room, "gladly", thread=root.id)

    async def act() -> None:
        verb = people.block if kind == "block" else people.unblock
        await world.write(verb, alice, mallory.id)
        await world.say(mallory, room, "@alice I say never", thread=root.id)

    phone = await world.another_device(alice)
    await verify(world, [alice, phone, bob], act)
    for device in (alice, phone):
        [mine] = (await world.room_snapshot(device, room)).me.threads
        counts = len(mine.unread), len(mine.mentions)
        assert counts == ((1, 0) if kind == "block" else (3, 2))
    [entry] = (await world.read(inbox.thread_inbox, alice, None)).threads
    assert (entry.unread, entry.mentions) == counts
    heard = [getattr(one.body, "text", "") for one in entry.latest]
    assert heard == (["gladly"] if kind == "block" else ["gladly", "@alice I say never"])


async def test_the_inboxes_leave_out_whom_i_block(
    world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    room = await world.channel(mallory, bob, alice)
    await world.say(mallory, room, "@alice hello")
    await world.say(mallory, room, "@room hello")
    followed = await world.say(alice, room, "here I am")
    await world.say(mallory, room, "are you", thread=followed.id)
    await world.say(bob, room, "@alice from me")
    await world.say(bob, room, "and in a thread", thread=followed.id)
    alone = await world.say(alice, room, "anybody else?")
    await world.say(mallory, room, "only me", thread=alone.id)

    async def said_to_me() -> set[str]:
        found = await world.read(inbox.mention_inbox, alice, None, None, 30)
        return {getattr(one.message.body, "text", "") for one in found.mentions}

    async def followed_by_me() -> set[UUID]:
        found = await world.read(inbox.thread_inbox, alice, None)
        return {entry.id for entry in found.threads}

    before, threads = await said_to_me(), await followed_by_me()
    assert (len(before), threads) == (6, {followed.id, alone.id})
    await block(world, alice, mallory)
    assert await said_to_me() == {"@alice from me", "and in a thread"}
    assert await followed_by_me() == {followed.id}
    await world.write(people.unblock, alice, mallory.id)
    assert (await said_to_me(), await followed_by_me()) == (before, threads)


async def test_blocking_twice_oneself_or_nobody(world: World, alice: Person, bob: Person) -> None:
    await block(world, alice, bob)
    told = len(world.published(alice.stream))
    await block(world, alice, bob)
    assert len(world.published(alice.stream)) == told
    assert (await refusal(world.write(people.block, alice, alice.id)))[0] == "invalid"
    assert (await refusal(world.write(people.block, alice, world.ids.uuid7())))[0] == "not_found"


async def test_the_directory_shows_who_lets_themselves_be_found(
    world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    async def found(who: Person) -> set[str]:
        page = await world.read(rooms.find_people, who, "", None)
        return {one.username for one in page.people}

    assert await found(mallory) == {"alice", "bob", "mallory"}
    await world.write(people.change_privacy, alice, ChangePrivacy(may_find="shared"))
    await world.channel(alice, bob)
    assert await found(mallory) == {"bob", "mallory"}
    assert await found(bob) == {"alice", "bob", "mallory"}
    await block(world, bob, mallory)
    assert await found(mallory) == {"mallory"}
    assert await found(alice) == {"alice", "bob", "mallory"}
    assert await found(bob) == {"alice", "bob"}


async def test_privacy_is_told_to_my_other_devices(world: World, alice: Person) -> None:
    change = ChangePrivacy(may_add="contacts", hide_last_seen=True)
    await verify(world, [alice], lambda: world.write(people.change_privacy, alice, change))
    told = len(world.published(alice.stream))
    await world.write(people.change_privacy, alice, change)
    assert len(world.published(alice.stream)) == told
