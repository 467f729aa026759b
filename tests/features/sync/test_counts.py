"""What a member is told to be unread is what a recount from scratch finds, whatever was done.

Hypothesis does anything in any order. After every step each member's unread messages and mentions,
as the server's snapshot tells them, as a connected client folded them from events and as one that
catches up did, equal a count over all that was ever said by the plainest reading of the rules.
"""

from dataclasses import dataclass, field
from itertools import count
from typing import Any, cast
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from tests.support.recount import Life, live_through

from tertulia.features.expiry import service as expiry
from tertulia.features.hidden import service as hidden
from tertulia.features.members import service as members
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import EditMessage, Message, SendMessage
from tertulia.features.people import service as people
from tertulia.features.preferences import service as preferences
from tertulia.features.preferences.schemas import ChangePreferences
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import ChangeRoom
from tertulia.features.threads import service as threads
from tertulia.features.timeline import service as timeline

PEOPLE = 4
who = st.integers(0, PEOPLE - 1)
which = st.integers(0, 10_000)
HOUR = 3600
_edits = count(1)


@dataclass
class Said:
    """A message as everybody remembers it."""

    message: Message
    author: int
    mentions: set[int]
    in_room: bool
    hidden_by: set[int] = field(default_factory=set[int])
    gone: bool = False
    expires: float | None = None


class Room(Life):
    """A channel, four people who come and go, and what they do."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[Said] = []
        self.inside: set[int] = {0, 1, 2}
        self.position: dict[int, int] = {}
        self.blocks: set[tuple[int, int]] = set()
        self.ttl: int | None = None

    @initialize()
    def meet(self) -> None:
        self.people = self.newcomers(PEOPLE)
        owner, *others = self.people
        self.room = self.do(self.world.channel(owner, *others[:2], visibility="public"))
        self.watch(self.people)
        for one in self.inside:
            snapshot = self.do(self.world.room_snapshot(self.people[one], self.room))
            self.position[one] = snapshot.me.read_seq

    # Talking

    def name(self, one: int) -> str:
        return self.people[one].username

    def words(self, called: set[int], *, room: bool) -> str:
        names = [f"@{self.name(one)}" for one in sorted(called)] + ["@room"] * room
        return " ".join(["hello", *names])

    def heard(self, called: set[int], *, room: bool) -> set[int]:
        """Only members are called; the whole room is everybody there will be."""
        return set(range(PEOPLE)) if room else called & self.inside

    @rule(one=who, called=st.sets(who, max_size=2), room=st.booleans())
    def say(self, one: int, called: set[int], room: bool) -> None:
        self._say(one, called, room=room, thread=None, also=False)

    @rule(one=who, called=st.sets(who, max_size=1), root=which, also=st.booleans())
    def reply(self, one: int, called: set[int], root: int, also: bool) -> None:
        roots = [said for said in self.said if said.in_room and not said.gone
                 and said.message.thread is None and not self.expired(said)]  # fmt: skip
        if roots:
            thread = roots[root % len(roots)].message.id
            self._say(one, called, room=False, thread=thread, also=also)

    def _say(
        self, one: int, called: set[int], *, room: bool, thread: UUID | None, also: bool
    ) -> None:
        if one not in self.inside:
            return
        draft = SendMessage(
            client_id=self.world.ids.uuid7(),
            text=self.words(called, room=room),
            thread=thread,
            also_in_room=also,
        )
        sent = self.do(self.world.write(messages.send, self.people[one], self.room, draft))
        heard = self.heard(called, room=room)
        said = Said(sent.message, one, heard, in_room=thread is None or also)
        if self.ttl:
            said.expires = self.world.clock.now().timestamp() + self.ttl
        self.said.append(said)

    def pick(self, index: int, *, of: int | None = None) -> Said | None:
        found = [said for said in self.said if not said.gone and not self.expired(said)
                 and (of is None or said.author == of)]  # fmt: skip
        return found[index % len(found)] if found else None

    @rule(one=who, index=which, called=st.sets(who, max_size=2), room=st.booleans())
    def edit(self, one: int, index: int, called: set[int], room: bool) -> None:
        said = self.pick(index, of=one)
        if said is not None and one in self.inside and one not in said.hidden_by:
            change = EditMessage(text=self.words(called, room=room) + f" {next(_edits)}")
            args = (self.people[one], self.room, said.message.id, change)
            self.do(self.world.write(messages.edit, *args))
            said.mentions = self.heard(called, room=room)

    @rule(index=which)
    def delete(self, index: int) -> None:
        said = self.pick(index)
        if said is not None and 0 not in said.hidden_by:  # what one hid is not there for them
            args = (self.people[0], self.room, said.message.id)
            self.do(self.world.write(messages.delete, *args))
            said.gone = True

    @rule(one=who, index=which)
    def hide(self, one: int, index: int) -> None:
        said = self.pick(index)
        if said is not None and one in self.inside:
            args = (self.people[one], self.room, said.message.id)
            if one in said.hidden_by:
                self.do(self.world.write(hidden.show, *args))
                said.hidden_by.remove(one)
            else:
                self.do(self.world.write(hidden.hide, *args))
                said.hidden_by.add(one)

    # Reading

    @rule(one=who, index=which)
    def read(self, one: int, index: int) -> None:
        if one in self.inside and self.said:
            seq = self.said[index % len(self.said)].message.seq
            self.do(self.world.write(members.mark_read, self.people[one], self.room, seq))
            self.position[one] = max(self.position[one], seq)

    @rule(one=who, index=which)
    def unread(self, one: int, index: int) -> None:
        if one in self.inside and self.said:
            seq = self.said[index % len(self.said)].message.seq
            self.do(self.world.write(timeline.mark_unread, self.people[one], self.room, seq))
            self.position[one] = seq - 1

    @rule(one=who)
    def read_all(self, one: int) -> None:
        self.do(self.world.write(members.mark_all_read, self.people[one]))
        if one in self.inside:
            self.position[one] = self.head()

    @rule(one=who, index=which)
    def read_thread(self, one: int, index: int) -> None:
        """Reading a thread reads nothing of the room."""
        said = self.pick(index)
        if one in self.inside and said is not None and said.message.thread is not None:
            root, seq = said.message.thread, said.message.seq
            roots = [each for each in self.said if each.message.id == root]
            if one not in roots[0].hidden_by and not roots[0].gone and not self.expired(roots[0]):
                self.do(self.world.write(threads.read, self.people[one], self.room, root, seq))

    def head(self) -> int:
        watcher = self.people[next(iter(self.inside))]
        return self.do(self.world.room_snapshot(watcher, self.room)).head

    # Coming and going

    @precondition(lambda self: len(self.inside) > 1)
    @rule(one=st.integers(1, PEOPLE - 1))
    def come_or_go(self, one: int) -> None:
        if one in self.inside:
            self.do(self.world.write(members.leave, self.people[one], self.room))
            self.inside.remove(one)
        else:
            self.position[one] = self.head()
            self.do(self.world.write(members.join, self.people[one], self.room))
            self.inside.add(one)

    @rule(one=who, other=who)
    def block(self, one: int, other: int) -> None:
        if one != other:
            verb = people.unblock if (one, other) in self.blocks else people.block
            self.do(self.world.write(verb, self.people[one], self.people[other].id))
            self.blocks ^= {(one, other)}

    @rule(one=who, muted=st.booleans())
    def mute(self, one: int, muted: bool) -> None:
        """Counting is exact whatever one wants to be told."""
        if one in self.inside:
            change = ChangePreferences(muted=muted)
            args = (self.people[one], self.room, change)
            self.do(self.world.write(preferences.change, *args))

    # Time

    @rule(ttl=st.sampled_from([None, HOUR]))
    def disappear(self, ttl: Any) -> None:
        args = (self.people[0], self.room, ChangeRoom(message_ttl=ttl))
        self.do(self.world.write(rooms.change, *args))
        self.ttl = ttl

    @rule(minutes=st.sampled_from([20, 70]))
    def wait(self, minutes: int) -> None:
        self.do(self.world.clock.advance(minutes * 60))
        self.do(self.world.db.write(lambda tx: expiry.sweep(tx, self.room)))

    def expired(self, said: Said) -> bool:
        return said.expires is not None and said.expires <= self.world.clock.now().timestamp()

    # What must hold

    def counts(self, said: Said, one: int) -> bool:
        return (
            said.in_room
            and not said.gone
            and not self.expired(said)
            and said.author != one
            and one not in said.hidden_by
            and (one, said.author) not in self.blocks
            and said.message.seq > self.position[one]
        )

    @invariant()
    def everybody_is_told_the_truth(self) -> None:
        if not self.watchers:
            return
        for one, fresh, live, away in self.pictures():
            assert _differences(live, fresh) == [], f"live: {self.name(one)}"
            assert _differences(away, fresh) == [], f"catching up: {self.name(one)}"
            if one not in self.inside:
                assert str(self.room) not in live["rooms"]
                continue
            mine = live["rooms"][str(self.room)]["me"]
            unread = [said for said in self.said if self.counts(said, one)]
            assert mine["read_seq"] == self.position[one]
            assert mine["unread"] == [said.message.seq for said in unread]
            assert mine["mentions"] == [said.message.seq for said in unread if one in said.mentions]


def _differences(held: Any, fresh: Any, path: str = "") -> list[str]:
    """Where two pictures differ: a whole one is too long to read."""
    if isinstance(held, dict) and isinstance(fresh, dict):
        ours, theirs = cast("dict[str, Any]", held), cast("dict[str, Any]", fresh)
        return [
            found
            for key in sorted({*ours, *theirs})
            for found in _differences(ours.get(key), theirs.get(key), f"{path}.{key}")
        ]
    return [] if held == fresh else [f"{path}: {held} instead of {fresh}"]


def test_counts_equal_a_recount_from_scratch(dsn: str) -> None:
    live_through(Room, dsn, examples=12)
