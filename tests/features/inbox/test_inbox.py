"""What is said to me, over all my rooms."""

from uuid import UUID

import pytest
from tests.support.world import Person, World

from tertulia.core.errors import AppError, Invalid
from tertulia.features.inbox import service as inbox
from tertulia.features.inbox.schemas import MentionInbox, Only
from tertulia.features.members import service as members
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import SendMessage
from tertulia.features.messages.service import Outgoing
from tertulia.features.threads import service as threads


@pytest.fixture
async def room(world: World, alice: Person, bob: Person) -> UUID:
    return await world.channel(alice, bob)


@pytest.fixture
async def other(world: World, alice: Person, bob: Person) -> UUID:
    return await world.channel(alice, bob)


async def mentions(
    world: World, who: Person, cursor: str | None = None, only: Only | None = None, limit: int = 30
) -> MentionInbox:
    return await world.read(inbox.mention_inbox, who, cursor, only, limit)


def told(found: MentionInbox) -> list[tuple[str, str]]:
    return [(getattr(one.message.body, "text", ""), one.why) for one in found.mentions]


async def here(world: World, who: Person, room: UUID, text: str, *present: Person) -> None:
    draft = SendMessage(client_id=world.ids.uuid7(), text=text)
    around = {one.id for one in present}
    outcomes = await world.db.write(
        lambda tx: messages.send_all(
            tx, [Outgoing(who.actor, room, draft)], lambda people: around & set(people)
        )
    )
    assert not isinstance(outcomes[0], AppError)


async def test_everything_that_calls_me_is_in_it_newest_first_and_says_why(
    world: World, alice: Person, bob: Person, room: UUID, other: UUID
) -> None:
    root = await world.say(alice, room, "shall we?")
    for who, where, text in (
        (bob, room, "for @alice"),
        (bob, other, "@room listen"),
        (bob, other, "nobody in particular"),
        (alice, other, "@alice to myself"),
    ):
        await world.say(who, where, text)
        await world.clock.advance(1)
    await world.say(bob, room, "gladly", thread=root.id)
    await world.clock.advance(1)
    await here(world, bob, room, "@here who", alice)
    await world.clock.advance(1)
    await here(world, bob, room, "@here again", bob)
    assert told(await mentions(world, alice)) == [
        ("@here who", "here"), ("gladly", "thread"), ("@room listen", "room"), ("for @alice", "me"),
    ]  # fmt: skip
    assert told(await mentions(world, alice, only="me")) == [("for @alice", "me")]
    assert told(await mentions(world, alice, only="threads")) == [("gladly", "thread")]
    assert len((await mentions(world, alice, only="room")).mentions) == 2
    assert told(await mentions(world, bob)) == []


async def test_the_mention_inbox_is_read_in_pages(
    world: World, alice: Person, bob: Person, room: UUID, other: UUID
) -> None:
    for number in range(7):
        await world.say(bob, (room, other)[number % 2], f"{number} @alice")
        await world.clock.advance(1)
    found, cursor = list[str](), None
    while True:
        page = await mentions(world, alice, cursor, limit=3)
        found += [text for text, _ in told(page)]
        if (cursor := page.next) is None:
            break
    assert found == [f"{number} @alice" for number in reversed(range(7))]


async def test_what_is_gone_or_out_of_reach_is_not_in_it(
    world: World, alice: Person, bob: Person, room: UUID, other: UUID
) -> None:
    gone = await world.say(bob, room, "@alice gone")
    await world.write(messages.delete, bob, room, gone.id)
    await world.say(bob, other, "@alice out of reach")
    await world.write(members.change_role, alice, other, bob.id, "owner")
    await world.write(members.leave, alice, other)
    assert told(await mentions(world, alice)) == []
    with pytest.raises(Invalid):
        await mentions(world, alice, "no cursor")


async def test_threads_with_news_come_first(
    world: World, alice: Person, bob: Person, room: UUID, other: UUID
) -> None:
    roots = [await world.say(alice, where, text) for where, text in ((room, "a"), (other, "b"))]
    for root in roots:
        await world.clock.advance(1)
        for text in ("one", "two", "three"):
            await world.say(bob, root.room_id, text, thread=root.id)
    quiet = await world.say(alice, room, "nobody replied")
    await world.write(threads.follow, alice, room, quiet.id, True)
    await world.write(threads.read, alice, other, roots[1].id, 10**6)
    found = await world.read(inbox.thread_inbox, alice, None)
    assert [(one.id, one.unread, one.room_id) for one in found.threads] == [
        (roots[0].id, 3, room), (roots[1].id, 0, other),
    ]  # fmt: skip
    assert [getattr(one.body, "text", "") for one in found.threads[0].latest] == ["two", "three"]
    assert found.threads[0].root.thread_summary
    assert {person.id for person in found.people} == {alice.id, bob.id}
    assert found.next is None
    assert [one.id for one in (await world.read(inbox.thread_inbox, bob, None)).threads] == [
        roots[1].id, roots[0].id,
    ]  # fmt: skip


async def test_the_thread_inbox_is_read_in_pages(
    world: World, alice: Person, bob: Person, room: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "PAGE", 2)
    roots: list[UUID] = []
    for number in range(5):
        root = await world.say(alice, room, str(number))
        await world.clock.advance(1)
        await world.say(bob, room, "yes", thread=root.id)
        roots.append(root.id)
    await world.write(threads.read, alice, room, roots[4], 10**6)
    found, cursor = list[UUID](), None
    while True:
        page = await world.read(inbox.thread_inbox, alice, cursor)
        found += [one.id for one in page.threads]
        if (cursor := page.next) is None:
            break
    assert found == [roots[3], roots[2], roots[1], roots[0], roots[4]]
