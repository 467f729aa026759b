"""Saying things: once each, in order, whatever happens to the first attempt (C2, C3)."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from uuid import UUID

import pytest
from tests.support.clock import HandClock
from tests.support.world import Person, World, open_world

from tertulia.core.errors import AppError, Invalid, NotFound
from tertulia.core.grouping import Grouping
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import MAX_TEXT, Message, Quote, SendMessage, TextBody
from tertulia.features.messages.service import Outgoing, Sent
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import ChangeRoom

CLIENT_ID = UUID(int=7 << 76 | 2 << 62)


@pytest.fixture
async def room(world: World, alice: Person, bob: Person) -> UUID:
    return await world.channel(alice, bob)


@pytest.fixture
async def other_node(dsn: str, clock: HandClock, world: World) -> AsyncIterator[World]:
    async with open_world(dsn, clock, seed=2) as other:
        yield other


def draft(text: str = "hello", client_id: UUID = CLIENT_ID) -> SendMessage:
    return SendMessage(client_id=client_id, text=text)


async def spoken(world: World, room: UUID) -> list[str]:
    """Everything that was said in a room, in order."""
    async with world.db.read() as tx:
        rows = await tx.conn.fetch(
            "SELECT body ->> 'text' AS text FROM messages"
            " WHERE room_id = $1 AND kind = 'text' ORDER BY seq",
            room,
        )
    return [row["text"] for row in rows]


async def test_what_is_said_is_told_and_kept(world: World, alice: Person, room: UUID) -> None:
    message = await world.say(alice, room, "*hello*", client_id=CLIENT_ID)
    assert message.body == TextBody(text="*hello*")
    assert (message.author_id, message.client_id) == (alice.id, CLIENT_ID)
    assert message.sent_at == world.clock.now()
    event = world.published(f"room:{room}")[-1]
    assert (event["type"], event["seq"], event["actor"]) == (
        "message.sent",
        message.seq,
        str(alice.id),
    )
    assert event["data"]["message"]["client_id"] == str(CLIENT_ID)
    assert event["data"]["author"]["username"] == "alice"
    assert await world.message(alice, room, message.id) == message


async def test_the_message_and_its_event_share_a_seq(
    world: World, alice: Person, room: UUID
) -> None:
    said = [await world.say(alice, room, str(n)) for n in range(3)]
    log = dict(await world.logged(room))
    assert [log[message.seq] for message in said] == ["message.sent"] * 3
    assert [b.seq - a.seq for a, b in pairwise(said)] == [1, 1]


# C2


async def test_the_same_again_is_the_first_answer(world: World, alice: Person, room: UUID) -> None:
    first = await world.write(messages.send, alice, room, draft("first"))
    events = len(world.bus.published)
    await world.clock.advance(86_400 * 365)
    again = await world.write(messages.send, alice, room, draft("something else"))
    assert first.is_new
    assert again == Sent(first.message, is_new=False)
    assert await spoken(world, room) == ["first"]
    assert len(world.bus.published) == events


async def test_fifty_at_once_say_it_once(world: World, alice: Person, room: UUID) -> None:
    sent = await asyncio.gather(
        *(world.write(messages.send, alice, room, draft()) for _ in range(50))
    )
    assert len({one.message.id for one in sent}) == 1
    assert sum(one.is_new for one in sent) == 1
    assert await spoken(world, room) == ["hello"]


async def test_fifty_at_once_on_two_nodes_say_it_once(
    world: World, other_node: World, alice: Person, room: UUID
) -> None:
    nodes = (world, other_node)
    sent = await asyncio.gather(
        *(nodes[n % 2].write(messages.send, alice, room, draft()) for n in range(50))
    )
    assert len({one.message.id for one in sent}) == 1
    assert sum(one.is_new for one in sent) == 1
    assert await spoken(world, room) == ["hello"]


async def test_twice_in_one_group_is_once(world: World, alice: Person, room: UUID) -> None:
    items = [Outgoing(alice.actor, room, draft(text)) for text in ("a", "b")]
    first, second = await world.db.write(lambda tx: messages.send_all(tx, items))
    assert isinstance(first, Sent)
    assert second == Sent(first.message, is_new=False)
    assert await spoken(world, room) == ["a"]


async def test_a_client_id_belongs_to_one_author_in_one_room(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    elsewhere = await world.channel(alice, bob)
    for who, where in ((alice, room), (bob, room), (alice, elsewhere)):
        assert (await world.write(messages.send, who, where, draft())).is_new


async def test_a_retry_gets_its_answer_after_the_room_was_archived(
    world: World, alice: Person, room: UUID
) -> None:
    """The first attempt was said: an error now would show it as failed for ever."""
    first = await world.say(alice, room, "just in time", client_id=CLIENT_ID)
    await world.write(rooms.change, alice, room, ChangeRoom(archived=True))
    again = await world.write(messages.send, alice, room, draft())
    assert again == Sent(first, is_new=False)


async def test_a_retry_gets_the_message_as_it_stands(
    world: World, alice: Person, room: UUID
) -> None:  # E4
    message = await world.say(alice, room, "oh", client_id=CLIENT_ID)
    deleted = await world.write(messages.delete, alice, room, message.id)
    again = await world.write(messages.send, alice, room, draft())
    assert again == Sent(deleted, is_new=False)


# Groups


async def test_one_refusal_in_a_group_refuses_nobody_else(
    world: World, alice: Person, bob: Person, mallory: Person, room: UUID
) -> None:
    items = [
        Outgoing(alice.actor, room, draft("one")),
        Outgoing(mallory.actor, room, draft("let me in")),
        Outgoing(alice.actor, world.ids.uuid7(), draft("nowhere")),
        Outgoing(alice.actor, room, draft("\0", client_id=world.ids.uuid7())),
        Outgoing(bob.actor, room, draft("two")),
    ]
    outcomes = await world.db.write(lambda tx: messages.send_all(tx, items))
    assert [type(outcome) for outcome in outcomes] == [Sent, NotFound, NotFound, Invalid, Sent]
    assert await spoken(world, room) == ["one", "two"]


async def test_a_crowd_is_heard_whole_and_each_in_their_order(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    elsewhere = await world.group(bob, alice)
    sending = Grouping[Outgoing, Sent](world.db, messages.send_all)
    items = [
        Outgoing(who.actor, where, draft(f"{n}", client_id=world.ids.uuid7()))
        for n in range(60)
        for who in (alice, bob)
        for where in (room, elsewhere)
    ]
    sent = await asyncio.gather(*(sending.submit(item.room_id, item) for item in items))
    await sending.close()
    for where in (room, elsewhere):
        for who in (alice, bob):
            mine = [
                one.message
                for one in sent
                if (one.message.author_id, one.message.room_id) == (who.id, where)
            ]
            assert [message.seq for message in mine] == sorted(message.seq for message in mine)
            assert [text(message) for message in mine] == [f"{n}" for n in range(60)]
        log = await world.logged(where)
        assert [seq for seq, _ in log] == list(range(1, len(log) + 1))


def text(message: Message) -> str:
    assert isinstance(message.body, TextBody)
    return message.body.text


# What can be said


@pytest.mark.parametrize("said", ["", " ", "\n\t ", "\u00a0\u2003", "\0", "a\0b"])
async def test_nothing_is_not_said(world: World, alice: Person, room: UUID, said: str) -> None:
    with pytest.raises(Invalid):
        await world.say(alice, room, said)
    assert await spoken(world, room) == []


@pytest.mark.parametrize(
    "said",
    [
        "a",
        "x" * MAX_TEXT,
        "\U0001f3b6" * MAX_TEXT,
        "'; DROP TABLE messages; --",
        "<script>alert(1)</script>",
        "{a,b}",
        'quotes " and \\ backslashes',
        "line\nline\r\n\ttab",
        "\u202eright to left",
    ],
)
async def test_text_comes_back_as_it_was_said(
    world: World, alice: Person, bob: Person, room: UUID, said: str
) -> None:
    message = await world.say(alice, room, said)
    assert text(await world.message(bob, room, message.id)) == said


async def test_a_reply_quotes_what_it_answers(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    question = await world.say(alice, room, "who? " * 100)
    answer = await world.say(bob, room, "I", reply_to=question.id)
    assert answer.reply_to == Quote(
        id=question.id, seq=question.seq, author_id=alice.id, text=("who? " * 100)[:200]
    )
    assert await world.message(alice, room, answer.id) == answer


async def test_a_reply_stays_in_its_room(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    """Or a quote would carry a text to people who may not read it."""
    secret = await world.say(alice, await world.channel(alice), "a secret")
    with pytest.raises(AppError) as refused:
        await world.say(bob, room, "what was it?", reply_to=secret.id)
    with pytest.raises(AppError) as nowhere:
        await world.say(bob, room, "what was it?", reply_to=world.ids.uuid7())
    assert (refused.value.code, str(refused.value)) == (nowhere.value.code, str(nowhere.value))


async def test_a_reply_to_a_deleted_message_quotes_nothing(
    world: World, alice: Person, room: UUID
) -> None:
    question = await world.say(alice, room, "never mind")
    await world.write(messages.delete, alice, room, question.id)
    answer = await world.say(alice, room, "ok", reply_to=question.id)
    assert answer.reply_to is not None
    assert answer.reply_to.text is None


async def test_a_note_about_the_room_is_no_question(
    world: World, alice: Person, room: UUID
) -> None:
    async with world.db.read() as tx:
        note = await tx.conn.fetchval("SELECT id FROM messages WHERE kind = 'system' LIMIT 1")
    with pytest.raises(AppError):
        await world.say(alice, room, "indeed", reply_to=note)
