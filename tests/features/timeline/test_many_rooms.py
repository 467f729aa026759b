"""A list over many rooms asks the database no more than a list over one."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from tests.support.queries import count
from tests.support.world import Person, World

from tertulia.features.inbox import service as inbox
from tertulia.features.pins import service as pins
from tertulia.features.polls import service as polls
from tertulia.features.polls.schemas import CreatePoll, Vote
from tertulia.features.reactions import service as reactions
from tertulia.features.stars import service as stars
from tertulia.features.timeline import service as timeline
from tertulia.features.timeline.schemas import TimelineMessage

ROOMS = 20
List = Callable[[World, Person], Awaitable[list[TimelineMessage]]]


async def starred(world: World, who: Person) -> list[TimelineMessage]:
    found = await world.read(timeline.starred, who, None, 100)
    return [star.message for star in found.stars]


async def calling(world: World, who: Person) -> list[TimelineMessage]:
    found = await world.read(inbox.mention_inbox, who, None, None, 100)
    return [one.message for one in found.mentions]


async def threads(world: World, who: Person) -> list[TimelineMessage]:
    found = await world.read(inbox.thread_inbox, who, None)
    return [entry.root for entry in found.threads]


async def busy_room(world: World, alice: Person, bob: Person) -> UUID:
    """A room with something of everything beside what calls Alice."""
    room = await world.channel(alice, bob)
    said = await world.say(bob, room, "@alice, look")
    await world.write(reactions.add, alice, room, said.id, "👍")
    await world.write(stars.star, alice, room, said.id)
    await world.write(pins.pin, alice, room, said.id)
    await world.say(alice, room, "I look", thread=said.id)
    await world.say(bob, room, "and?", thread=said.id)
    draft = CreatePoll(client_id=world.ids.uuid7(), question="@alice tea?", options=["yes", "no"])
    poll = (await world.write(polls.create, bob, room, draft)).message
    await world.write(polls.vote, bob, room, poll.id, Vote(choices=[1]))
    await world.write(stars.star, alice, room, poll.id)
    await world.clock.advance(1)
    return room


async def cost(world: World, who: Person, look: List) -> tuple[int, int]:
    """How much is found, and for how many statements."""
    with pytest.MonkeyPatch.context() as patch:
        asked = count(patch)
        found = await look(world, who)
        return len(found), len(asked)


@pytest.mark.parametrize(("look", "each"), [(starred, 2), (calling, 3), (threads, 1)])
async def test_twenty_rooms_cost_the_statements_of_one(
    world: World, alice: Person, bob: Person, look: List, each: int
) -> None:
    await busy_room(world, alice, bob)
    found, one = await cost(world, alice, look)
    assert found == each
    for _ in range(ROOMS - 1):
        await busy_room(world, alice, bob)
    found, all_of_them = await cost(world, alice, look)
    assert found == each * ROOMS
    assert all_of_them == one


async def test_everything_beside_is_that_of_its_own_message(
    world: World, alice: Person, bob: Person
) -> None:
    busy = [await busy_room(world, alice, bob) for _ in range(3)]
    told = await starred(world, alice)
    quiet = await world.channel(alice, bob)
    alone = await world.say(bob, quiet, "nothing beside this")
    await world.write(stars.star, alice, quiet, alone.id)
    for message in told:
        page = await world.read(timeline.page, alice, message.room_id, timeline.Anchor(), 100)
        assert message in page.messages  # by a list and by its room: the same
    assert {message.room_id for message in told} == set(busy)
    [bare] = [one for one in await starred(world, alice) if one.room_id == quiet]
    assert bare == await world.read(timeline.message, alice, quiet, alone.id)
    assert (bare.reactions, bare.pinned, bare.thread_summary) == ([], None, None)
