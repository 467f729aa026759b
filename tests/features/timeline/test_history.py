"""Reading back by anchor: pages tile the room exactly (H2)."""

from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.world import Person, World

from tertulia.features.members import service as members
from tertulia.features.messages import service as messages
from tertulia.features.stars import service as stars
from tertulia.features.timeline import service as timeline
from tertulia.features.timeline.schemas import Page
from tertulia.features.timeline.service import Anchor


@pytest.fixture
async def room(world: World, alice: Person, bob: Person) -> UUID:
    return await world.channel(alice, bob)


async def read(world: World, who: Person, room: UUID, limit: int = 50, **anchor: int) -> Page:
    return await world.read(timeline.page, who, room, Anchor(**anchor), limit)


def seqs(page: Page) -> list[int]:
    return [message.seq for message in page.messages]


@pytest.fixture
async def spoken(world: World, alice: Person, bob: Person, room: UUID) -> list[int]:
    """Seqs of all messages of a room, notes included: with holes where other events are."""
    for n in range(12):
        message = await world.say(alice if n % 2 else bob, room, f"{n}")
        if n % 3 == 0:
            await world.write(messages.delete, alice, room, message.id)
    return seqs(await read(world, alice, room, 100))


async def test_a_page_says_as_of_when_both_streams_are_told(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:  # M1
    """What is mine alone changes by facts of my own stream, which may overtake a page."""
    said = await world.say(bob, room, "keep this")
    before = await read(world, alice, room)
    await world.write(stars.star, alice, room, said.id)
    [told] = [one for one in world.published(alice.stream) if one["type"] == "star.changed"]
    after = await read(world, alice, room)
    assert before.own_head < told["seq"] == after.own_head
    assert (before.messages[-1].starred, after.messages[-1].starred) == (False, True)
    assert before.head == after.head
    thread = await world.read(timeline.thread_page, alice, room, said.id, Anchor(), 50)
    assert (thread.head, thread.own_head) == (after.head, after.own_head)


async def test_without_an_anchor_the_newest_come(
    world: World, alice: Person, room: UUID, spoken: list[int]
) -> None:
    page = await read(world, alice, room, 5)
    assert seqs(page) == spoken[-5:]
    assert (page.found_oldest, page.found_newest) == (False, True)
    whole = await read(world, alice, room, 100)
    assert (whole.found_oldest, whole.found_newest) == (True, True)
    assert any(b - a > 1 for a, b in pairwise(spoken)), "without holes this proves less"


async def test_pages_backwards_tile_the_room(
    world: World, alice: Person, room: UUID, spoken: list[int]
) -> None:
    for limit in (1, 2, 3, 5, len(spoken) - 1, len(spoken), 100):
        page = await read(world, alice, room, limit)
        found = seqs(page)
        while not page.found_oldest:
            page = await read(world, alice, room, limit, before=found[0])
            assert page.messages, "a page that is not the last is not empty"
            found = seqs(page) + found
        assert found == spoken


async def test_pages_forwards_tile_the_room(
    world: World, alice: Person, room: UUID, spoken: list[int]
) -> None:
    for limit in (1, 2, 3, 5, len(spoken) - 1, len(spoken), 100):
        page = await read(world, alice, room, limit, after=0)
        assert page.found_oldest
        found = seqs(page)
        while not page.found_newest:
            page = await read(world, alice, room, limit, after=found[-1])
            assert page.messages
            found += seqs(page)
        assert found == spoken


@given(around=st.integers(0, 60), limit=st.integers(1, 30))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_around_an_anchor_is_a_window_of_the_room(
    world: World, alice: Person, room: UUID, spoken: list[int], around: int, limit: int
) -> None:
    page = await read(world, alice, room, limit, around=around)
    found = seqs(page)
    assert len(found) <= limit
    if found:
        at = spoken.index(found[0])
        assert found == spoken[at : at + len(found)], "a window has no holes"
        assert page.found_oldest == (found[0] == spoken[0])
        assert page.found_newest == (found[-1] == spoken[-1])
    if around in spoken:
        assert around in found
    older = sum(seq < around for seq in found)
    newer = len(found) - older
    assert older == min(limit // 2, sum(seq < around for seq in spoken))
    assert newer == min(limit - limit // 2, sum(seq >= around for seq in spoken))


@given(anchor=st.sampled_from(["before", "after"]), at=st.integers(0, 60), limit=st.integers(1, 30))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_ends_are_told_truly(
    world: World, alice: Person, room: UUID, spoken: list[int], anchor: str, at: int, limit: int
) -> None:
    page = await read(world, alice, room, limit, **{anchor: at})
    found = seqs(page)
    if anchor == "before":
        assert found == [seq for seq in spoken if seq < at][-limit:]
        assert page.found_oldest == (found[:1] == spoken[:1] or at <= spoken[0])
        assert page.found_newest == (at > spoken[-1])
    else:
        assert found == [seq for seq in spoken if seq > at][:limit]
        assert page.found_oldest == (at < spoken[0])
        assert page.found_newest == (found[-1:] == spoken[-1:] or at >= spoken[-1])


async def test_a_page_brings_the_people_it_names(
    world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    room = await world.channel(alice, bob, mallory)
    question = await world.say(mallory, room, "who?")
    last = await world.say(bob, room, "@alice", reply_to=question.id)
    page = await read(world, alice, room, 1)
    assert [message.id for message in page.messages] == [last.id]
    assert {person.username for person in page.people} == {"alice", "bob", "mallory"}


async def test_a_page_tells_the_head_at_reading(
    world: World, alice: Person, room: UUID, spoken: list[int]
) -> None:
    page = await read(world, alice, room, 1, before=spoken[3])
    assert page.head == (await world.logged(room))[-1][0]


async def test_a_newcomer_reads_what_was_said_before(
    world: World, alice: Person, bob: Person
) -> None:
    room = await world.channel(alice)
    await world.say(alice, room, "before bob")
    await world.write(members.add, alice, room, [bob.id])
    page = await read(world, bob, room)
    assert "before bob" in str(page)
    assert (await world.room_snapshot(bob, room)).me.unread == []
