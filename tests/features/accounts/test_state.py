"""What becomes of a refresh token, as a table and as a game between an owner and a thief."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.features.accounts.state import GRACE, IDLE, LIFETIME, Family, Outcome, present

BORN = datetime(2026, 3, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def family(count: int = 5, **changed: datetime) -> Family:
    young = Family(b"seed", count, BORN, BORN, None)
    return msgspec.structs.replace(young, **changed)


@pytest.mark.parametrize(
    ("count", "after", "expected"),
    [
        (5, SECOND, "next"),
        (5, IDLE - SECOND, "next"),
        (5, IDLE, "expired"),
        (4, SECOND, "again"),
        (4, GRACE, "again"),
        (4, GRACE + SECOND, "reused"),
        (3, SECOND, "reused"),
        (0, SECOND, "reused"),
        (6, SECOND, "reused"),
        (4, IDLE, "expired"),
        # Of two transactions the one that began first may come second.
        (4, -SECOND, "again"),
        (5, -SECOND, "next"),
    ],
)
def test_what_a_token_brings_about(count: int, after: timedelta, expected: Outcome) -> None:
    assert present(family(), count, BORN + after) == expected


def test_a_family_ends_with_its_lifetime_however_busy() -> None:
    busy = family(refreshed_at=BORN + LIFETIME - SECOND)
    assert present(busy, 5, BORN + LIFETIME - SECOND) == "next"
    assert present(busy, 5, BORN + LIFETIME) == "expired"


def test_a_family_that_ended_stays_so() -> None:
    ended = family(signed_out_at=BORN)
    assert {present(ended, count, BORN) for count in (3, 4, 5, 6)} == {"ended"}


Turn = tuple[str, float]


@given(st.lists(st.tuples(st.sampled_from(["owner", "thief"]), st.floats(21, 86_400))))
def test_two_who_hold_a_family_cannot_both_go_on(turns: list[Turn]) -> None:
    """Both start from one stolen token and take turns more than the grace apart: nobody comes in
    after the other has been in, so the theft shows at the second party's first turn."""
    now, one = BORN, family(0)
    held = {"owner": 0, "thief": 0}
    used: set[str] = set()
    for who, seconds in turns:
        now += timedelta(seconds=seconds)
        outcome = present(one, held[who], now)
        if outcome == "next":
            one = msgspec.structs.replace(one, count=one.count + 1, refreshed_at=now)
            held[who] = one.count
            used.add(who)
        elif outcome == "reused":
            one = msgspec.structs.replace(one, signed_out_at=now)
        assert outcome != "again"
    assert len(used) <= 1, "whoever came second did not get in"
