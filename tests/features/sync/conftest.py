"""A house full of rooms, and people who watch them."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

import pytest
from tests.support.world import Person, World

from tertulia.core.followers import Followers
from tertulia.core.jobs import Jobs
from tertulia.features.members import service as members
from tertulia.features.members.schemas import Ban
from tertulia.features.messages.schemas import Message


@dataclass
class House:
    """alice made the rooms, bob and carol are in them; dave is in none, mallory is banned."""

    world: World
    alice: Person
    bob: Person
    carol: Person
    dave: Person
    mallory: Person
    channel: UUID
    group: UUID
    direct: UUID
    question: Message  # alice's, in the channel
    answer: Message  # bob's, which quotes it and is the last in the channel

    @property
    def people(self) -> tuple[Person, ...]:
        return (self.alice, self.bob, self.carol, self.dave, self.mallory)


@pytest.fixture
async def house(world: World, alice: Person, bob: Person, mallory: Person) -> House:
    carol, dave = await world.person("carol"), await world.person("dave")
    channel = await world.channel(alice, bob, carol, mallory, visibility="public")
    group = await world.group(alice, bob, carol)
    direct = await world.direct(alice, bob)
    await world.write(members.ban, alice, channel, Ban(account_id=mallory.id, reason="spam"))
    for room in (group, direct, channel):
        await world.say(bob, room, "hello @alice")
    question = await world.say(alice, channel, "who comes? @carol " + "x" * 300)
    answer = await world.say(bob, channel, "I do", reply_to=question.id)
    return House(world, alice, bob, carol, dave, mallory, channel, group, direct, question, answer)


@pytest.fixture
def no_labour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Followers and jobs ask the database, too: here is counted what a client costs. To be asked
    for before any node."""

    async def rest(_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Followers, "run", rest)
    monkeypatch.setattr(Jobs, "run", rest)
