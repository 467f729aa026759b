"""Windows of time cover everything once, and grow."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tertulia.features.search.state import windows
from tertulia.features.search.state.windows import buckets

MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(tzinfo=UTC)
)


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=20_000)))
def test_every_moment_is_in_one_window(until: datetime, ago: timedelta) -> None:
    at = max(until - ago, datetime(1970, 1, 1, tzinfo=UTC))
    marks = set(buckets(at))
    assert sum(bool(marks & set(window.marks)) for window in windows(until, None)) == 1


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=2_000)))
def test_what_is_since_a_moment_is_covered(until: datetime, ago: timedelta) -> None:
    since = max(until - ago, datetime(1970, 1, 1, tzinfo=UTC))
    for at in (since, until, since + (until - since) / 2):
        assert any(set(buckets(at)) & set(w.marks) for w in windows(until, since))


@given(MOMENTS)
def test_they_go_back_and_are_few(until: datetime) -> None:
    found = list(windows(until, None))
    assert [w.since for w in found] == sorted((w.since for w in found), reverse=True)
    assert len(found) <= 6
    assert all(len(window.marks) <= 40 for window in found)
