"""All that one node knows, and what of it is still to be told to whom."""

from collections.abc import Hashable, Iterator, Mapping
from itertools import islice
from uuid import UUID

from tertulia.features.presence.schemas import PresenceState
from tertulia.features.presence.state.elsewhere import Elsewhere
from tertulia.features.presence.state.roster import Roster
from tertulia.features.presence.state.standing import (
    GONE,
    Ask,
    Beat,
    News,
    Seen,
    Standing,
    Told,
    Whole,
)

NEWS_PEOPLE = 200  # in one message: with 100 rooms each it has 800 kB
WHOLE_PEOPLE = 1_000

RANK: dict[PresenceState, int] = {"offline": 0, "away": 1, "online": 2, "dnd": 3}


class Known:
    """All that the node `me` knows. `touched` are people about whom something may be to be told, to
    sockets here or to other nodes, each with their rooms where those are known."""

    def __init__(self, me: str) -> None:
        self.me = me
        self.touched: dict[UUID, list[UUID] | None] = {}
        self.elsewhere = Elsewhere()
        self._roster = Roster()
        self._version = 0
        self._announced: dict[UUID, Standing] = {}  # what other nodes were told of this one
        self._told: dict[UUID, PresenceState] = {}  # what sockets of this node were told

    # Asking

    def state(self, account_id: UUID) -> PresenceState:
        """A person is as present as on the node where they are most."""
        most: PresenceState = "offline"
        for each in self._standings(account_id):
            if RANK[each.state] > RANK[most]:
                most = each.state
        return most

    def connected(self, account_id: UUID) -> bool:
        """Is a socket of this account open, on any node?"""
        return any(each.connected for each in self._standings(account_id))

    def _standings(self, account_id: UUID) -> Iterator[Standing]:
        yield self._roster.standing(account_id)
        yield from self.elsewhere.standings(account_id)

    # What happens

    def set(
        self,
        account_id: UUID,
        socket: Hashable,
        state: PresenceState,
        rooms: list[UUID] | None = None,
    ) -> None:
        self._roster.set(account_id, socket, state)
        self.touch(account_id, rooms)

    def leave(self, account_id: UUID, socket: Hashable, now: float) -> None:
        self._roster.leave(account_id, socket, now)
        self.touch(account_id)

    def hear(self, told: Told, now: float) -> Ask | None:
        """Another node spoke. Returns what to ask it."""
        if told.node == self.me:
            return None
        people, ask = self.elsewhere.hear(told, now)
        for seen in people:
            self.touch(seen.account_id, seen.rooms)
        return Ask(self.me, told.node) if ask else None

    def expire(self, now: float) -> list[UUID]:
        """Who left this node for good; they may be on another."""
        left = self._roster.expire(now)
        for account_id in (*left, *self.elsewhere.expire(now)):
            self.touch(account_id)
        return left

    def set_quiet(self, account_id: UUID, *, quiet: bool) -> None:
        """Somebody on this node does not want to be disturbed from now on, or does again."""
        if quiet != (account_id in self._roster.quiet):
            (self._roster.quiet.add if quiet else self._roster.quiet.discard)(account_id)
            self.touch(account_id)

    def is_here(self, account_id: UUID) -> bool:
        """Has this node a socket of theirs?"""
        return self._roster.is_here(account_id)

    def touch(self, account_id: UUID, rooms: list[UUID] | None = None) -> None:
        """Most that is touched turns out to be no news; that is found out when it is told."""
        if rooms is not None or account_id not in self.touched:
            self.touched[account_id] = rooms

    # What is to be told

    def take(self, limit: int) -> dict[UUID, list[UUID] | None]:
        """The people touched first, no longer touched."""
        taken = dict(islice(self.touched.items(), limit))
        for account_id in taken:
            del self.touched[account_id]
        return taken

    def is_news(self, account_id: UUID) -> bool:
        """Were sockets here told something else, or nothing?"""
        return self._told.get(account_id, "offline") != self.state(account_id)

    def tell(self, account_id: UUID) -> PresenceState:
        """What sockets here are told now."""
        state = self.state(account_id)
        if state == "offline":
            self._told.pop(account_id, None)
        else:
            self._told[account_id] = state
        return state

    def announce(self, people: Mapping[UUID, list[UUID] | None]) -> News | None:
        """What other nodes are told of these people; None if they know it all."""
        changed: list[Seen] = []
        for account_id, rooms in people.items():
            standing = self._roster.standing(account_id)
            if self._announced.get(account_id, GONE) == standing:
                continue
            if standing == GONE:
                del self._announced[account_id]
            else:
                self._announced[account_id] = standing
            changed.append(Seen(account_id, *standing, rooms))
        if not changed:
            return None
        self._version += 1
        return News(self.me, self._version, changed)

    def beat(self) -> Beat:
        return Beat(self.me, self._version)

    def whole(self) -> Iterator[Whole]:
        """Everything announced so far."""
        people = [Seen(account_id, *standing) for account_id, standing in self._announced.items()]
        parts = max(1, -(-len(people) // WHOLE_PEOPLE))
        for part in range(parts):
            some = people[part * WHOLE_PEOPLE : (part + 1) * WHOLE_PEOPLE]
            yield Whole(self.me, self._version, part, parts, some)
