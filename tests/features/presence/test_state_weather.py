"""Whatever happens to nodes and to what they tell each other: when it is over all believe the
truth, and no socket was told anything twice or untrue."""

from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tertulia.features.presence.schemas import PresenceState
from tertulia.features.presence.state import DEAD_SECONDS, Ask, Known, Told

ACCOUNTS = [UUID(int=number) for number in range(3)]
BEAT_SECONDS = 5
RANK = ["offline", "away", "online"]

person = st.sampled_from(ACCOUNTS)
socket = st.sampled_from(["phone", "laptop"])
place = st.integers(0, 2)


class Place:
    """A node, as its sockets see it. `believed` is all they were ever told."""

    def __init__(self, name: str) -> None:
        self.known = Known(name)
        self.believed: dict[UUID, PresenceState] = {}
        self.inbox: list[Told] = []
        self.asked = False

    def round(self) -> list[Told]:
        """What `live` does: answer, announce, tell."""
        said: list[Told] = list(self.known.whole()) if self.asked else []
        self.asked = False
        batch = self.known.take(2)
        news = self.known.announce(batch)
        if news is not None:
            said.append(news)
        for account_id in batch:
            if self.known.is_news(account_id):
                state = self.known.tell(account_id)
                assert self.believed.get(account_id, "offline") != state, "told what was known"
                self.believed[account_id] = state
        return said

    def read(self, told: Told, now: float) -> list[Told]:
        if isinstance(told, Ask) and told.node != self.known.me:
            self.asked |= told.of in ("", self.known.me)
        ask = self.known.hear(told, now)
        return [] if ask is None else [ask]


class Weather(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000.0
        self.names = iter(range(1_000))
        self.places = [self._place() for _ in range(3)]
        self._clear_up(BEAT_SECONDS)  # they know each other

    def _place(self) -> Place:
        return Place(f"node-{next(self.names)}")

    def _say(self, said: list[Told], deaf: frozenset[int] = frozenset()) -> None:
        for index, each in enumerate(self.places):
            if index not in deaf:
                each.inbox += said

    @rule(at=place, who=person, socket=socket, state=st.sampled_from(["online", "away"]))
    def set(self, at: int, who: UUID, socket: str, state: PresenceState) -> None:
        self.places[at].known.set(who, socket, state)

    @rule(at=place, who=person, socket=socket)
    def leave(self, at: int, who: UUID, socket: str) -> None:
        self.places[at].known.leave(who, socket, self.now)

    @rule(at=place, deaf=st.frozensets(place))
    def round(self, at: int, deaf: frozenset[int]) -> None:
        """`deaf` are those on whose way it is lost."""
        self._say(self.places[at].round(), deaf)

    @rule(at=place, deaf=st.frozensets(place))
    def read(self, at: int, deaf: frozenset[int]) -> None:
        inbox, self.places[at].inbox = self.places[at].inbox, []
        for told in inbox:
            self._say(self.places[at].read(told, self.now), deaf)

    @rule(at=place, index=st.integers(0, 5))
    def double(self, at: int, index: int) -> None:
        inbox = self.places[at].inbox
        inbox += inbox[index : index + 1]

    @rule(at=place)
    def swap(self, at: int) -> None:
        inbox = self.places[at].inbox
        inbox[:2] = reversed(inbox[:2])

    @rule(at=place)
    def die(self, at: int) -> None:
        """And another starts in its stead."""
        self.places[at] = self._place()
        self._say([Ask(self.places[at].known.me)])

    @rule(seconds=st.sampled_from([1, 4, 20]))
    def wait(self, seconds: int) -> None:
        self.now += seconds
        for each in self.places:
            each.known.expire(self.now)

    @rule(at=place)
    def beat(self, at: int) -> None:
        self._say([self.places[at].known.beat()])

    @invariant()
    def own_sockets_count(self) -> None:
        for each in self.places:
            for account_id in ACCOUNTS:
                own = each.known._roster.standing(account_id).state  # pyright: ignore[reportPrivateUsage]
                assert RANK.index(each.known.state(account_id)) >= RANK.index(own)

    def teardown(self) -> None:
        """The weather clears: nothing is lost any more, and time passes."""
        self._clear_up(2 * int(DEAD_SECONDS))
        for account_id in ACCOUNTS:
            own = [each.known._roster.standing(account_id) for each in self.places]  # pyright: ignore[reportPrivateUsage]
            truth = max((standing.state for standing in own), key=RANK.index)
            for each in self.places:
                assert each.known.state(account_id) == truth
                assert each.believed.get(account_id, "offline") == truth
                assert each.known.connected(account_id) == any(one.connected for one in own)

    def _clear_up(self, seconds: int) -> None:
        for second in range(seconds):
            self.now += 1
            for each in self.places:
                each.known.expire(self.now)
            if second % BEAT_SECONDS == 0:
                self._say([each.known.beat() for each in self.places])
            self._settle()

    def _settle(self) -> None:
        while any(each.inbox or each.known.touched or each.asked for each in self.places):
            for each in self.places:
                inbox, each.inbox = each.inbox, []
                for told in inbox:
                    self._say(each.read(told, self.now))
                self._say(each.round())


TestWeather = Weather.TestCase
TestWeather.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
