"""How present a person is, over all their sockets. What others were told must stay true."""

from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tertulia.features.presence.schemas import PresenceState
from tertulia.features.presence.state import GRACE_SECONDS, Roster

ALICE = UUID(int=1)
NOW = 1000.0


def test_nobody_is_here_at_first() -> None:
    assert Roster().state(ALICE) == "offline"


def test_the_first_socket_is_news_and_the_second_is_not() -> None:
    roster = Roster()
    assert roster.set(ALICE, "phone", "online")
    assert not roster.set(ALICE, "laptop", "online")
    assert roster.state(ALICE) == "online"


def test_the_most_present_socket_counts() -> None:
    roster = Roster()
    roster.set(ALICE, "phone", "online")
    roster.set(ALICE, "laptop", "online")
    assert not roster.set(ALICE, "phone", "away")
    assert roster.state(ALICE) == "online"
    assert roster.set(ALICE, "laptop", "away")
    assert roster.state(ALICE) == "away"


def test_the_active_socket_going_leaves_the_idle_one() -> None:
    roster = Roster()
    roster.set(ALICE, "phone", "online")
    roster.set(ALICE, "laptop", "online")
    roster.set(ALICE, "phone", "away")
    assert roster.leave(ALICE, "laptop", NOW)
    assert roster.state(ALICE) == "away"


def test_a_reload_is_not_leaving() -> None:
    roster = Roster()
    roster.set(ALICE, "tab", "online")
    assert not roster.leave(ALICE, "tab", NOW)
    assert roster.state(ALICE) == "online"
    assert roster.expire(NOW + GRACE_SECONDS - 1) == []
    assert not roster.set(ALICE, "tab again", "online")
    assert roster.expire(NOW + 10 * GRACE_SECONDS) == []


def test_who_does_not_come_back_is_gone() -> None:
    roster = Roster()
    roster.set(ALICE, "tab", "online")
    roster.leave(ALICE, "tab", NOW)
    assert roster.expire(NOW + GRACE_SECONDS) == [ALICE]
    assert roster.state(ALICE) == "offline"
    assert roster.expire(NOW + GRACE_SECONDS) == []
    assert roster.set(ALICE, "tab", "online")


def test_who_was_away_and_comes_back_awake_is_news() -> None:
    """Others were told "away": a reconnection within the grace must tell them otherwise."""
    roster = Roster()
    roster.set(ALICE, "tab", "online")
    roster.set(ALICE, "tab", "away")
    roster.leave(ALICE, "tab", NOW)
    assert roster.set(ALICE, "tab again", "online")


def test_a_socket_that_never_came_does_not_leave() -> None:
    roster = Roster()
    assert not roster.leave(ALICE, "ghost", NOW)
    assert roster.state(ALICE) == "offline"
    assert roster.expire(NOW + GRACE_SECONDS) == []


PEOPLE = st.sampled_from([UUID(int=1), UUID(int=2)])
SOCKETS = st.sampled_from(["a", "b", "c"])


class Presences(RuleBasedStateMachine):
    """Somebody who only hears what the roster says is news never believes anything untrue."""

    def __init__(self) -> None:
        super().__init__()
        self.roster = Roster()
        self.now = NOW
        self.believed: dict[UUID, PresenceState] = {}
        self.sockets: dict[UUID, set[str]] = {}

    @rule(who=PEOPLE, socket=SOCKETS, state=st.sampled_from(["online", "away"]))
    def set(self, who: UUID, socket: str, state: PresenceState) -> None:
        self.sockets.setdefault(who, set()).add(socket)
        self._hear(who, self.roster.set(who, socket, state))

    @rule(who=PEOPLE, socket=SOCKETS)
    def leave(self, who: UUID, socket: str) -> None:
        self.sockets.setdefault(who, set()).discard(socket)
        self._hear(who, self.roster.leave(who, socket, self.now))

    @rule(seconds=st.sampled_from([1.0, GRACE_SECONDS / 2, GRACE_SECONDS]))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        for who in self.roster.expire(self.now):
            self._hear(who, news=True)

    def _hear(self, who: UUID, news: bool) -> None:
        state = self.roster.state(who)
        if news:
            assert self.believed.get(who, "offline") != state, "told what was known"
            self.believed[who] = state

    @invariant()
    def what_is_believed_is_so(self) -> None:
        for number in (1, 2):
            who = UUID(int=number)
            assert self.believed.get(who, "offline") == self.roster.state(who)
            if self.sockets.get(who):
                assert self.roster.state(who) != "offline"


TestPresences = Presences.TestCase
TestPresences.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
