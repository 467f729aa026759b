"""How present a person is, over the sockets of one node, and what one node believes of another."""

from typing import Any
from uuid import UUID

from tertulia.features.presence.state import (
    ASK_SECONDS,
    DEAD_SECONDS,
    GRACE_SECONDS,
    STALL_SECONDS,
    WHOLE_PEOPLE,
    Ask,
    Beat,
    Known,
    News,
    Roster,
    Seen,
    Told,
)

ALICE, BOB = UUID(int=1), UUID(int=2)
NOW = 1000.0


def state(roster: Roster) -> str:
    return roster.standing(ALICE).state


def test_nobody_is_here_at_first() -> None:
    assert Roster().standing(ALICE) == ("offline", False)


def test_the_most_present_socket_counts() -> None:
    roster = Roster()
    roster.set(ALICE, "phone", "online")
    roster.set(ALICE, "laptop", "online")
    roster.set(ALICE, "phone", "away")
    assert roster.standing(ALICE) == ("online", True)
    roster.set(ALICE, "laptop", "away")
    assert roster.standing(ALICE) == ("away", True)


def test_the_active_socket_going_leaves_the_idle_one() -> None:
    roster = Roster()
    roster.set(ALICE, "phone", "online")
    roster.set(ALICE, "laptop", "online")
    roster.set(ALICE, "phone", "away")
    roster.leave(ALICE, "laptop", NOW)
    assert state(roster) == "away"


def test_a_reload_is_not_leaving() -> None:
    roster = Roster()
    roster.set(ALICE, "tab", "online")
    roster.leave(ALICE, "tab", NOW)
    assert roster.standing(ALICE) == ("online", False)
    assert roster.expire(NOW + GRACE_SECONDS - 1) == []
    roster.set(ALICE, "tab again", "online")
    assert roster.expire(NOW + 10 * GRACE_SECONDS) == []


def test_who_does_not_come_back_is_gone() -> None:
    roster = Roster()
    roster.set(ALICE, "tab", "online")
    roster.leave(ALICE, "tab", NOW)
    assert roster.expire(NOW + GRACE_SECONDS) == [ALICE]
    assert state(roster) == "offline"
    assert roster.expire(NOW + GRACE_SECONDS) == []


def test_a_socket_that_never_came_does_not_leave() -> None:
    roster = Roster()
    roster.leave(ALICE, "ghost", NOW)
    assert state(roster) == "offline"
    assert roster.expire(NOW + GRACE_SECONDS) == []


# Two nodes


class Pair:
    """Node `b` listens to node `a`; a test hands the words over."""

    def __init__(self) -> None:
        self.a, self.b = Known("a"), Known("b")

    def news(self) -> News:
        news = self.a.announce(self.a.take(100))
        assert news is not None
        return news

    def tell(self, *told: Told, now: float = NOW) -> Any:
        answers = [self.b.hear(each, now) for each in told]
        return answers[-1]

    def meet(self) -> None:
        self.tell(*self.a.whole())


def test_news_make_a_person_present_on_the_other_node_too() -> None:
    pair = Pair()
    pair.meet()
    pair.a.set(ALICE, "tab", "online", [UUID(int=7)])
    pair.tell(pair.news())
    assert pair.b.state(ALICE) == "online"
    assert pair.b.connected(ALICE)
    assert pair.b.take(10) == {ALICE: [UUID(int=7)]}  # nobody there has to look them up


def test_what_is_not_new_is_not_announced() -> None:
    pair = Pair()
    pair.a.set(ALICE, "tab", "online")
    assert pair.a.announce({ALICE: None}) is not None
    pair.a.set(ALICE, "another tab", "online")
    assert pair.a.announce({ALICE: None}) is None


def test_being_away_there_is_less_than_being_online_here() -> None:
    pair = Pair()
    pair.meet()
    pair.b.set(ALICE, "phone", "online")
    pair.a.set(ALICE, "tab", "away")
    pair.tell(pair.news())
    assert pair.b.state(ALICE) == "online"
    pair.b.leave(ALICE, "phone", NOW)
    pair.b.expire(NOW + GRACE_SECONDS)
    assert pair.b.state(ALICE) == "away"


def test_whoever_missed_news_asks_and_believes_the_answer() -> None:
    pair = Pair()
    pair.meet()
    pair.a.set(ALICE, "tab", "online")
    pair.news()  # lost
    pair.a.set(BOB, "tab", "online")
    assert pair.tell(pair.news()) == Ask("b", "a")
    assert pair.b.state(BOB) == "offline"
    pair.meet()
    assert (pair.b.state(ALICE), pair.b.state(BOB)) == ("online", "online")


def test_a_heartbeat_tells_of_news_that_were_lost() -> None:
    pair = Pair()
    pair.meet()
    assert pair.tell(pair.a.beat()) is None
    pair.a.set(ALICE, "tab", "online")
    pair.news()  # lost
    assert pair.tell(pair.a.beat()) == Ask("b", "a")


def test_a_node_is_not_asked_again_at_once() -> None:
    pair = Pair()
    assert pair.tell(Beat("a", 5)) == Ask("b", "a")
    assert pair.tell(Beat("a", 5)) is None
    assert pair.tell(Beat("a", 5), now=NOW + ASK_SECONDS) == Ask("b", "a")


def test_news_told_twice_or_late_change_nothing() -> None:
    pair = Pair()
    pair.meet()
    pair.a.set(ALICE, "tab", "online")
    old = pair.news()
    pair.a.set(ALICE, "tab", "away")
    pair.tell(old, pair.news())
    assert pair.tell(old) is None
    assert pair.b.state(ALICE) == "away"


def test_a_whole_takes_away_who_left_meanwhile() -> None:
    pair = Pair()
    pair.a.set(ALICE, "tab", "online")
    pair.news()
    pair.meet()
    pair.a.leave(ALICE, "tab", NOW)
    pair.a.expire(NOW + GRACE_SECONDS)
    pair.news()  # lost
    pair.meet()
    assert pair.b.state(ALICE) == "offline"


def test_a_whole_comes_in_parts_and_counts_when_all_are_there() -> None:
    pair = Pair()
    for number in range(WHOLE_PEOPLE + 1):
        pair.a.set(UUID(int=number), "tab", "online")
    pair.a.announce(pair.a.take(WHOLE_PEOPLE + 1))
    first, second = pair.a.whole()
    pair.tell(second)  # a part without the one before is nothing
    assert not pair.b.touched
    pair.tell(first, first)  # told to somebody else too, at the same moment
    assert not pair.b.touched
    pair.tell(second)
    assert len(pair.b.touched) == WHOLE_PEOPLE + 1


def test_silence_is_death_and_what_was_there_is_gone() -> None:
    pair = Pair()
    pair.a.set(ALICE, "tab", "online")
    pair.news()
    pair.meet()
    for second in range(int(DEAD_SECONDS)):
        pair.b.expire(NOW + second)
    assert pair.b.state(ALICE) == "online"
    pair.b.expire(NOW + DEAD_SECONDS)
    assert pair.b.state(ALICE) == "offline"
    assert ALICE in pair.b.touched
    assert pair.b.elsewhere.nodes == 0
    assert pair.tell(pair.a.beat(), now=NOW + 60) == Ask("b", "a")  # it was only cut off


def test_a_node_that_slept_blames_nobody_for_silence() -> None:
    """Fault 34: stopped for a minute, it has not yet read what the others said meanwhile."""
    pair = Pair()
    pair.a.set(ALICE, "tab", "online")
    pair.news()
    pair.meet()
    pair.b.expire(NOW)
    pair.b.expire(NOW + 60)
    assert pair.b.state(ALICE) == "online"
    later = NOW + 60
    while pair.b.state(ALICE) == "online":
        later += STALL_SECONDS / 2
        pair.b.expire(later)
    assert later - NOW - 60 <= DEAD_SECONDS + STALL_SECONDS


def test_my_own_words_come_back_to_me_and_mean_nothing() -> None:
    node = Known("a")
    assert node.hear(News("a", 9, [Seen(ALICE, "online", connected=True)]), NOW) is None
    assert node.state(ALICE) == "offline"
    assert node.elsewhere.nodes == 0
