"""Questions with answers to choose from."""

import json
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from tests.support.jobs import worker
from tests.support.world import Person, World

from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound
from tertulia.features.members import service as members
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import EditMessage, PollBody
from tertulia.features.polls import jobs
from tertulia.features.polls import service as polls
from tertulia.features.polls.policy import LONGEST
from tertulia.features.polls.schemas import FIRST, CreatePoll, PollState, Vote
from tertulia.features.polls.service import PollClosed
from tertulia.features.timeline import service as timeline


@pytest.fixture
async def room(world: World, alice: Person, bob: Person) -> UUID:
    return await world.channel(alice, bob)


def draft(world: World, **more: Any) -> CreatePoll:
    given: dict[str, Any] = {
        "client_id": world.ids.uuid7(),
        "question": "Red or white?",
        "options": ["Red", "White", "Water"],
    }
    return CreatePoll(**{**given, **more})


async def ask(world: World, who: Person, room: UUID, **more: Any) -> UUID:
    return (await world.write(polls.create, who, room, draft(world, **more))).message.id


async def vote(world: World, who: Person, room: UUID, poll: UUID, *choices: int) -> None:
    await world.write(polls.vote, who, room, poll, Vote(choices=list(choices)))


async def seen(world: World, who: Person, room: UUID, poll: UUID) -> tuple[Any, list[int]]:
    found = await world.read(timeline.message, who, room, poll)
    return found.poll, found.my_votes


async def counts(world: World, who: Person, room: UUID, poll: UUID) -> list[int]:
    state, _ = await seen(world, who, room, poll)
    return state.counts if state else []


# Asking


async def test_a_poll_is_a_message_and_its_question_its_text(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    poll = await ask(world, alice, room, question="Red or white, @bob?", options=[" Red ", "White"])
    message = await world.message(bob, room, poll)
    assert message.body == PollBody(text="Red or white, @bob?", options=["Red", "White"])
    assert message.mentions == [bob.id]
    reply = await world.say(bob, room, "neither", reply_to=poll)
    assert reply.reply_to is not None
    assert reply.reply_to.text == "Red or white, @bob?"
    assert await seen(world, bob, room, poll) == (None, [])


async def test_asking_twice_asks_once(world: World, alice: Person, room: UUID) -> None:
    wanted = draft(world)
    first = await world.write(polls.create, alice, room, wanted)
    again = await world.write(polls.create, alice, room, wanted)
    assert (first.message.id, first.is_new) == (again.message.id, not again.is_new)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"question": "  "}, "question"),
        ({"options": ["Red", " red"]}, "options[1]"),
        ({"options": ["Red", "\n"]}, "options[1]"),
        ({"options": ["Red", "a\0"]}, "options[1]"),
    ],
)
async def test_a_poll_makes_sense(
    world: World, alice: Person, room: UUID, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await ask(world, alice, room, **wrong)
    assert refused.value.errors[0].field == field


async def test_a_poll_closes_ahead_and_within_a_year(
    world: World, alice: Person, room: UUID
) -> None:
    now = world.clock.now()
    for closes_at in (now, now + LONGEST + timedelta(seconds=1)):
        with pytest.raises(Invalid):
            await ask(world, alice, room, closes_at=closes_at)
    await ask(world, alice, room, closes_at=now + timedelta(minutes=1))


async def test_a_poll_is_not_edited(world: World, alice: Person, room: UUID) -> None:
    poll = await ask(world, alice, room)
    with pytest.raises(Forbidden):
        await world.write(messages.edit, alice, room, poll, EditMessage(text="Beer?"))


# Voting


async def test_everybody_sees_how_it_stands_and_who_chose_what(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    poll = await ask(world, alice, room)
    await vote(world, bob, room, poll, 1)
    await vote(world, alice, room, poll, 1)
    expected = PollState(
        counts=[0, 2, 0], people=[[], [bob.id, alice.id], []], voters=2, closed_at=None
    )
    assert await seen(world, bob, room, poll) == (expected, [1])
    listed = await world.read(polls.voters, bob, room, poll, 1, None)
    assert [voter.account.username for voter in listed.voters] == ["bob", "alice"]


async def test_a_vote_is_changed_and_taken_back(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    poll = await ask(world, alice, room)
    await vote(world, bob, room, poll, 0)
    await vote(world, bob, room, poll, 2)
    assert await counts(world, alice, room, poll) == [0, 0, 1]
    await vote(world, bob, room, poll)
    assert await seen(world, bob, room, poll) == (None, [])


async def test_voting_the_same_again_changes_nothing(
    world: World, alice: Person, room: UUID
) -> None:
    poll = await ask(world, alice, room, multiple=True)
    await vote(world, alice, room, poll, 0, 2)
    told = len(world.bus.published)
    await vote(world, alice, room, poll, 2, 0)
    assert len(world.bus.published) == told
    assert await counts(world, alice, room, poll) == [1, 0, 1]


@pytest.mark.parametrize(
    ("multiple", "choices"), [(False, [0, 1]), (True, [1, 1]), (True, [3]), (False, [19])]
)
async def test_only_what_can_be_chosen_is(
    world: World, alice: Person, room: UUID, multiple: bool, choices: list[int]
) -> None:
    poll = await ask(world, alice, room, multiple=multiple)
    with pytest.raises(Invalid):
        await vote(world, alice, room, poll, *choices)


async def test_the_first_are_named_and_the_list_has_all(
    world: World, alice: Person, room: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polls, "PAGE", 5)
    crowd = [await world.person(f"guest{n}") for n in range(FIRST + 2)]
    await world.write(members.add, alice, room, [one.id for one in crowd])
    poll = await ask(world, alice, room)
    for one in crowd:
        await vote(world, one, room, poll, 0)
    state, mine = await seen(world, crowd[-1], room, poll)
    assert (state.counts[0], state.people[0], mine) == (
        FIRST + 2,
        [one.id for one in crowd[:FIRST]],
        [0],
    )
    found, cursor = list[str](), None
    while not found or cursor:
        page = await world.read(polls.voters, alice, room, poll, None, cursor)
        found += [voter.account.username for voter in page.voters]
        cursor = page.next
    assert found == [one.username for one in crowd]


# Closing


async def test_from_its_time_on_a_poll_is_closed(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    poll = await ask(world, alice, room, closes_at=world.clock.now() + timedelta(minutes=5))
    await world.clock.advance(299)
    await vote(world, bob, room, poll, 0)
    await world.clock.advance(1)
    for choices in ([1], []):
        with pytest.raises(PollClosed):
            await vote(world, bob, room, poll, *choices)
    assert await counts(world, alice, room, poll) == [1, 0, 0]


async def run_due(world: World) -> None:
    await worker(world, *jobs.jobs()).run_due()


def told_of(world: World, room: UUID, since: int) -> list[dict[str, Any]]:
    """`poll.changed` of the room, as its members heard it."""
    return [
        event
        for notice in world.bus.published[since:]
        if notice.topic == f"room:{room}" and notice.seq
        for event in [json.loads(notice.body)]
        if event["type"] == "poll.changed"
    ]


async def test_when_its_time_is_over_everybody_is_told_how_it_ended(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    ends = world.clock.now() + timedelta(minutes=5)
    poll = await ask(world, alice, room, closes_at=ends)
    await vote(world, bob, room, poll, 1)
    since = len(world.bus.published)
    await world.clock.advance(299)
    await run_due(world)
    assert told_of(world, room, since) == []
    await world.clock.advance(61)  # the worker comes a minute late: that is not the poll's time
    for _ in range(2):
        await run_due(world)
        await world.db.write(lambda tx: polls.close_due(tx, room, poll))
    [event] = told_of(world, room, since)
    assert event["actor"] is None
    assert event["data"]["poll"]["counts"] == [0, 1, 0]
    state, _ = await seen(world, bob, room, poll)
    assert state.closed_at == ends


@pytest.mark.parametrize("anonymous", [False, True])
async def test_a_poll_nobody_voted_in_ends_too(
    world: World, alice: Person, room: UUID, anonymous: bool
) -> None:
    ends = world.clock.now() + timedelta(minutes=5)
    poll = await ask(world, alice, room, closes_at=ends, anonymous=anonymous)
    await world.clock.advance(300)
    await run_due(world)
    state, _ = await seen(world, alice, room, poll)
    assert (state.voters, state.counts, state.closed_at) == (0, [0, 0, 0], ends)


async def test_a_poll_that_was_closed_or_deleted_before_says_nothing_at_its_time(
    world: World, alice: Person, room: UUID
) -> None:
    ends = world.clock.now() + timedelta(minutes=5)
    closed = await ask(world, alice, room, closes_at=ends)
    gone = await ask(world, alice, room, closes_at=ends)
    await world.write(polls.close, alice, room, closed)
    await world.write(messages.delete, alice, room, gone)
    since = len(world.bus.published)
    await world.clock.advance(300)
    await run_due(world)
    for poll in (closed, gone):
        await world.db.write(partial(polls.close_due, room_id=room, message_id=poll))
    assert told_of(world, room, since) == []


async def test_its_author_or_a_moderator_closes_it(
    world: World, alice: Person, bob: Person, mallory: Person, room: UUID
) -> None:
    await world.write(members.add, alice, room, [mallory.id])
    mine, theirs = await ask(world, bob, room), await ask(world, bob, room)
    with pytest.raises(Forbidden):
        await world.write(polls.close, mallory, room, mine)
    await vote(world, mallory, room, mine, 2)
    await world.write(polls.close, bob, room, mine)
    state = await world.write(polls.close, alice, room, theirs)
    assert state == PollState(
        counts=[0, 0, 0], people=[[], [], []], voters=0, closed_at=world.clock.now()
    )
    with pytest.raises(PollClosed):
        await vote(world, mallory, room, mine, 1)
    told = len(world.bus.published)
    await world.write(polls.close, bob, room, mine)
    assert len(world.bus.published) == told


# Anonymous


async def test_of_an_anonymous_poll_nobody_learns_who_voted(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    poll = await ask(world, alice, room, anonymous=True)
    published = len(world.bus.published)
    await vote(world, bob, room, poll, 1)
    await vote(world, bob, room, poll, 0)
    state, mine = await seen(world, alice, room, poll)
    assert (state.counts, state.people, state.voters, mine) == ([1, 0, 0], [[], [], []], 1, [])
    assert await seen(world, bob, room, poll) == (state, [0])
    told = [notice for notice in world.bus.published[published:] if notice.seq]
    for notice in told:
        if notice.topic == f"account:{bob.id}":
            continue
        assert json.loads(notice.body)["actor"] is None
        assert str(bob.id) not in notice.body.decode()
    assert {notice.topic for notice in told} == {f"room:{room}", f"account:{bob.id}"}
    async with world.db.read() as tx:
        actors = await tx.conn.fetch("SELECT actor FROM events WHERE type = 'poll.changed'")
    assert [row["actor"] for row in actors] == [None, None]
    with pytest.raises(Forbidden):
        await world.read(polls.voters, alice, room, poll, None, None)


async def test_my_other_device_knows_how_i_voted(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    poll = await ask(world, alice, room, anonymous=True)
    await vote(world, bob, room, poll, 1)
    [event] = [one for one in world.published(bob.stream) if one["type"] == "vote.changed"]
    assert event["data"] == {"room_id": str(room), "message_id": str(poll), "choices": [1]}


# Who, and what is left


async def test_only_those_inside_vote_and_only_on_polls(
    world: World, alice: Person, mallory: Person, room: UUID
) -> None:
    poll = await ask(world, alice, room)
    with pytest.raises(NotFound):
        await vote(world, mallory, room, poll, 0)
    elsewhere = await world.channel(mallory)
    with pytest.raises(NotFound):
        await vote(world, mallory, elsewhere, poll, 0)
    with pytest.raises(NotFound):
        await vote(world, alice, room, (await world.say(alice, room, "no poll")).id, 0)


async def test_a_deleted_poll_leaves_no_votes(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    poll = await ask(world, alice, room)
    await vote(world, bob, room, poll, 1)
    await world.write(messages.delete, alice, room, poll)
    assert await seen(world, bob, room, poll) == (None, [])
    with pytest.raises((Conflict, NotFound)):
        await vote(world, bob, room, poll, 0)
    async with world.db.read() as tx:
        assert await tx.conn.fetchval("SELECT count(*) FROM poll_votes") == 0
