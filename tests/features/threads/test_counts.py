"""What is unread in threads is what a recount from scratch finds, whatever was done in any order:
in the server's snapshot, folded from events by who was there, and caught up by who was away."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any, cast

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from tests.support.recount import Life, live_through

from tertulia.features.members import service as members
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import EditMessage, Message
from tertulia.features.people import service as people
from tertulia.features.threads import service as threads

PEOPLE = 3
who = st.integers(0, PEOPLE - 1)
which = st.integers(0, 10_000)
called = st.sets(who, max_size=1)
_edits = count(1)


@dataclass
class Said:
    """A reply, as everybody remembers it; `at` is when, in steps of the test."""

    message: Message
    author: int
    at: int
    gone: bool = False


@dataclass
class Talk:
    """A root and what was said under it. News to somebody is what came after their `floor`."""

    root: Message
    author: int
    at: int
    named: set[int]
    gone: bool = False
    replies: list[Said] = field(default_factory=list[Said])
    floor: dict[int, int] = field(default_factory=dict[int, int])  # of those it calls by itself
    read: dict[int, int] = field(default_factory=dict[int, int])
    choice: dict[int, bool] = field(default_factory=dict[int, bool])

    def follows(self, one: int) -> bool:
        return self.choice.get(one, one in self.floor)


class Threads(Life):
    def __init__(self) -> None:
        super().__init__()
        self.talks: list[Talk] = []
        self.inside = set(range(PEOPLE))
        self.came = dict.fromkeys(range(PEOPLE), 0)
        self.blocks: set[tuple[int, int]] = set()
        self.now = 0

    def step(self) -> int:
        self.now += 1
        return self.now

    @initialize()
    def meet(self) -> None:
        self.people = self.newcomers(PEOPLE)
        owner, *others = self.people
        self.room = self.do(self.world.channel(owner, *others, visibility="public"))
        self.watch(self.people)
        for one in range(PEOPLE - 1):
            self.begin(one, set())

    def words(self, names: set[int]) -> str:
        return " ".join(["hello", *(f"@{self.people[one].username}" for one in sorted(names))])

    @rule(one=who, names=called)
    def begin_another(self, one: int, names: set[int]) -> None:
        self.begin(one, names)

    def begin(self, one: int, names: set[int]) -> None:
        if one in self.inside:
            root = self.do(self.world.say(self.people[one], self.room, self.words(names)))
            self.talks.append(Talk(root, one, self.step(), names & self.inside))

    @rule(said=st.lists(st.tuples(who, which, called, st.booleans()), min_size=1, max_size=5))
    def reply(self, said: list[tuple[int, int, set[int], bool]]) -> None:
        for one in said:
            self._reply(*one)

    def _reply(self, one: int, talk: int, names: set[int], also: bool) -> None:
        living = [one for one in self.talks if not one.gone]
        if one not in self.inside or not living:
            return
        under = living[talk % len(living)]
        sent = self.do(
            self.world.say(
                self.people[one],
                self.room,
                self.words(names),
                thread=under.root.id,
                also_in_room=also,
            )
        )
        before, at = self.now, self.step()
        if not under.replies:
            under.floor = dict.fromkeys([*under.named, under.author], under.at)
        for named in names & self.inside:
            under.floor.setdefault(named, before)
        under.floor[one] = at
        under.replies.append(Said(sent, one, at))

    def pick(self, index: int) -> tuple[Talk, Said] | None:
        found = [(talk, said) for talk in self.talks for said in talk.replies if not said.gone]
        return found[index % len(found)] if found else None

    @rule(index=which, names=called)
    def edit(self, index: int, names: set[int]) -> None:
        picked = self.pick(index)
        if picked and picked[1].author in self.inside:
            talk, said = picked
            change = EditMessage(text=f"{self.words(names)} {next(_edits)}")
            author = self.people[said.author]
            self.do(self.world.write(messages.edit, author, self.room, said.message.id, change))
            at = self.step()
            for named in names & self.inside:
                talk.floor.setdefault(named, at)

    @rule(index=which)
    def delete(self, index: int) -> None:
        picked = self.pick(index)
        if picked and picked[1].author in self.inside:
            said = picked[1]
            author = self.people[said.author]
            self.do(self.world.write(messages.delete, author, self.room, said.message.id))
            said.gone = True
            self.step()

    @rule(index=which)
    def delete_root(self, index: int) -> None:
        living = [talk for talk in self.talks if not talk.gone and talk.author in self.inside]
        if living:
            talk = living[index % len(living)]
            author = self.people[talk.author]
            self.do(self.world.write(messages.delete, author, self.room, talk.root.id))
            talk.gone = True
            self.step()

    @rule(one=who, index=which)
    def read(self, one: int, index: int) -> None:
        picked = self.pick(index)
        if picked and one in self.inside:
            talk, said = picked
            args = (self.people[one], self.room, talk.root.id, said.message.seq)
            self.do(self.world.write(threads.read, *args))
            if talk.follows(one):
                talk.read[one] = max(talk.read.get(one, 0), said.at)

    @rule(one=who)
    def read_all(self, one: int) -> None:
        self.do(self.world.write(threads.read_all, self.people[one]))
        if one in self.inside:
            for talk in self.talks:
                if talk.follows(one):
                    talk.read[one] = self.now

    @rule(one=who, index=which, following=st.booleans())
    def decide(self, one: int, index: int, following: bool) -> None:
        if one not in self.inside or not self.talks:
            return
        talk = self.talks[index % len(self.talks)]
        args = (self.people[one], self.room, talk.root.id, following)
        self.do(self.world.write(threads.follow, *args))
        if talk.choice.get(one) is not following:
            talk.choice[one] = following
            talk.read[one] = self.now

    @rule(one=st.integers(1, PEOPLE - 1))
    def come_and_go(self, one: int) -> None:
        verb = members.leave if one in self.inside else members.join
        self.do(self.world.write(cast("Any", verb), self.people[one], self.room))
        self.inside ^= {one}
        self.came[one] = self.step()

    @rule(one=who, other=who)
    def block(self, one: int, other: int) -> None:
        """N5, and again when it ends."""
        if one != other:
            verb = people.unblock if (one, other) in self.blocks else people.block
            self.do(self.world.write(verb, self.people[one], self.people[other].id))
            self.blocks ^= {(one, other)}

    def expected(self, one: int) -> dict[str, tuple[bool | None, list[int]]]:
        """By root: my decision, and the replies that are news to me."""
        found: dict[str, tuple[bool | None, list[int]]] = {}
        for talk in self.talks:
            since = max(talk.floor.get(one, 0), talk.read.get(one, 0), self.came[one])
            unread = [
                said.message.seq
                for said in talk.replies
                if talk.follows(one) and said.author != one and not said.gone
                and (one, said.author) not in self.blocks
                and not said.message.in_room and said.at > since
            ]  # fmt: skip
            if unread or one in talk.choice:
                found[str(talk.root.id)] = (talk.choice.get(one), unread)
        return found

    @invariant()
    def everybody_is_told_the_truth(self) -> None:
        if not self.watchers:
            return
        for one, *pictures in self.pictures():
            if one in self.inside:
                for picture in cast("list[Any]", pictures):
                    mine = picture["rooms"][str(self.room)]["me"]["threads"]
                    told = {own["root_id"]: (own["following"], own["unread"]) for own in mine}
                    assert told == self.expected(one)
            watcher = self.watchers[one]
            self.do(watcher.compare_pages(watcher.live, "live"))


def test_unread_replies_equal_a_recount_from_scratch(dsn: str) -> None:
    live_through(Threads, dsn, examples=20)
