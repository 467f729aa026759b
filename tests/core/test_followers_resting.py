"""Sends come before what follows them, but not for ever (ADR 17)."""

from tertulia.core.followers.resting import HOT, HOT_REST, LATE, REST, rest_after


def test_a_rest_is_twice_the_work_and_short() -> None:
    assert rest_after(0.1, heard=10, within=1.0, lag=0.0) == 0.2
    assert rest_after(10.0, heard=10, within=1.0, lag=0.0) == REST


def test_where_much_is_said_it_is_longer() -> None:
    much = int(HOT) + 1
    assert rest_after(0.05, heard=much, within=1.0, lag=0.0) == 1.0
    assert rest_after(0.05, heard=much, within=2.0, lag=0.0) == 0.1
    assert rest_after(10.0, heard=much, within=1.0, lag=0.0) == HOT_REST


def test_but_not_where_search_would_be_a_minute_behind() -> None:
    assert rest_after(0.05, heard=100_000, within=1.0, lag=LATE) == 0.1


def test_a_clock_that_stands_still_asks_for_no_rest() -> None:
    assert rest_after(0.0, heard=5, within=0.0, lag=0.0) == 0.0
