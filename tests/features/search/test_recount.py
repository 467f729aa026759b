"""Whatever was done, a question finds what a person would find who reads through everything."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID

import pytest
from tests.features.search.conftest import Finder
from tests.support.world import Person, World

from tertulia.features.hidden import service as hidden
from tertulia.features.members import service as members
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import EditMessage
from tertulia.features.people import service as people
from tertulia.features.search.schemas import Sort

WORDS = ("a", "an", "ant", "oil", "olive", "olives", "the", "tea", "fig")
LONG = 5  # letters from which a word finds what begins so


@dataclass
class Said:
    room: UUID
    by: Person
    id: UUID
    words: list[str]
    hidden_from: set[str] = field(default_factory=set[str])


class Table:
    """Four people and three rooms, and all of it once more as plain lists."""

    def __init__(self, finder: Finder, world: World, seed: int) -> None:
        self.finder, self.world, self.dice = finder, world, random.Random(seed)
        self.people: list[Person] = []
        self.rooms: dict[UUID, set[str]] = {}
        self.said: list[Said] = []
        self.blocks: set[tuple[str, str]] = set()

    async def lay(self, *people: Person) -> None:
        self.people = list(people)
        owner = people[0]
        for others in (people[1:], people[1:3], people[2:]):
            room = await self.world.channel(owner, *others, visibility="public")
            self.rooms[room] = {owner.username, *(one.username for one in others)}

    def sees(self, who: Person, said: Said) -> bool:
        return (
            who.username in self.rooms[said.room]
            and who.username not in said.hidden_from
            and (who.username, said.by.username) not in self.blocks
        )

    # Verbs

    async def talk(self) -> None:
        room = self.dice.choice(list(self.rooms))
        by = self.dice.choice([one for one in self.people if one.username in self.rooms[room]])
        words = self.words()
        message = await self.world.say(by, room, " ".join(words))
        self.said.append(Said(room, by, message.id, words))
        if self.dice.random() < 0.3:
            await self.world.clock.advance(self.dice.choice((1, 4_000, 900_000)))

    async def change(self) -> None:
        await self.dice.choice((self.edit, self.delete, self.hide, self.block, self.move))()

    async def edit(self) -> None:
        said = self.dice.choice(self.mine())
        said.words = self.words()
        change = EditMessage(text=" ".join(said.words))
        await self.world.write(messages.edit, said.by, said.room, said.id, change)

    async def delete(self) -> None:
        said = self.dice.choice(self.mine())
        await self.world.write(messages.delete, said.by, said.room, said.id)
        self.said.remove(said)

    async def hide(self) -> None:
        who = self.dice.choice(self.people)
        here = {room for room, inside in self.rooms.items() if who.username in inside}
        there = [s for s in self.said if s.room in here and who.username not in s.hidden_from]
        said = self.dice.choice(there)
        await self.world.write(hidden.hide, who, said.room, said.id)
        said.hidden_from.add(who.username)

    async def block(self) -> None:
        who, other = self.dice.sample(self.people, 2)
        pair = (who.username, other.username)
        await self.world.write(
            people.unblock if pair in self.blocks else people.block, who, other.id
        )
        self.blocks ^= {pair}

    async def move(self) -> None:
        who, room = self.dice.choice(self.people[1:]), self.dice.choice(list(self.rooms))
        inside = who.username in self.rooms[room]
        await self.world.write(members.leave if inside else members.join, who, room)
        self.rooms[room] ^= {who.username}

    def mine(self) -> list[Said]:
        """What those may still change who said it."""
        return [
            said for said in self.said
            if said.by.username in self.rooms[said.room] - said.hidden_from
        ]  # fmt: skip

    def words(self) -> list[str]:
        return self.dice.choices(WORDS, k=self.dice.randint(1, 6))

    # Questions

    async def ask(self) -> None:
        who, sort = self.dice.choice(self.people), self.dice.choice(("time", "relevance"))
        query, fits = self.question()
        wanted = {said.id for said in self.said if self.sees(who, said) and fits(said)}
        await self.check(who, query, sort, wanted)

    async def check(self, who: Person, query: str, sort: Sort, wanted: set[UUID]) -> None:
        found = await self.finder.found(who, query, most=10_000, sort=sort)
        assert len(found) == len(dict(found)), query
        assert set(dict(found)) == wanted, query

    def question(self) -> tuple[str, Callable[[Said], bool]]:
        many = self.dice.randint(1, 3)
        items = [self.item(last=at == many - 1) for at in range(many)]
        return " ".join(item for item, _ in items), lambda said: all(
            fits(said) for _, fits in items
        )

    def item(self, *, last: bool) -> tuple[str, Callable[[Said], bool]]:
        kind, word = self.dice.random(), self.dice.choice(WORDS)
        if kind < 0.15:
            other = self.dice.choice(WORDS)
            pair = (word, other)
            return f'"{word} {other}"', lambda said: pair in pairwise(said.words)
        if kind < 0.25:
            by = self.dice.choice(self.people).username
            return f"from:{by}", lambda said: said.by.username == by
        if kind < 0.35:
            room = self.dice.choice(list(self.rooms))
            return f"in:{room}", lambda said: said.room == room
        begins = last or len(word) >= LONG

        def has(said: Said) -> bool:
            return any(one.startswith(word) if begins else one == word for one in said.words)

        if kind < 0.5:
            return f"-{word}", lambda said: not has(said)
        return word, has


@pytest.mark.parametrize("seed", range(3))
async def test_a_question_finds_what_a_reader_would(
    finder: Finder, world: World, alice: Person, bob: Person, mallory: Person, seed: int
) -> None:
    table = Table(finder, world, seed)
    await table.lay(alice, bob, mallory, await world.person("carol"))
    for _ in range(2):
        for _ in range(20):
            await table.talk()
        await finder.index()
        for _ in range(6):
            await table.change()
            await table.ask()
            await table.ask()
