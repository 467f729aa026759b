"""Which bytes are given (RFC 9110 §13, §14), by table and by chance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.http.ranges import Portion, choose, content_range

TAG = '"abc"'
WHOLE = Portion(200, 0, 100)


def asked(size: int = 100, method: str = "GET", **headers: str) -> Portion:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return choose(method, names, TAG, size)


@pytest.mark.parametrize(
    ("header", "status", "start", "stop"),
    [
        ("bytes=0-9", 206, 0, 10),
        ("bytes=0-0", 206, 0, 1),
        ("bytes=90-", 206, 90, 100),
        ("bytes=0-", 206, 0, 100),
        ("bytes=90-1000", 206, 90, 100),
        ("bytes=-10", 206, 90, 100),
        ("bytes=-1000", 206, 0, 100),
        ("BYTES=5-6", 206, 5, 7),
        ("bytes= 5-6", 206, 5, 7),
        # Several that touch or overlap are one; others would need a multipart answer.
        ("bytes=0-9, 10-19", 206, 0, 20),
        ("bytes=10-19,0-9,,", 206, 0, 20),
        ("bytes=0-50,40-60,-5", 200, 0, 100),
        ("bytes=0-0,99-99", 200, 0, 100),
        ("bytes=0-9,200-300", 206, 0, 10),
        # Nothing there.
        ("bytes=100-", 416, 0, 0),
        ("bytes=100-200", 416, 0, 0),
        ("bytes=-0", 416, 0, 0),
        ("bytes=200-300,400-", 416, 0, 0),
        # Broken or foreign: as if it were not there.
        ("bytes=9-0", 200, 0, 100),
        ("bytes=", 200, 0, 100),
        ("bytes=-", 200, 0, 100),
        ("bytes=a-b", 200, 0, 100),
        ("bytes=0-9,x", 200, 0, 100),
        ("bytes=+1-2", 200, 0, 100),
        ("bytes=١-٢", 200, 0, 100),
        ("bytes=0 - 9", 200, 0, 100),
        ("bytes=0-" + "9" * 30, 200, 0, 100),
        ("items=0-9", 200, 0, 100),
        ("bytes", 200, 0, 100),
        ("", 200, 0, 100),
        ("bytes=" + ",".join(["0-1"] * 17), 200, 0, 100),
        ("bytes=" + "0-1," * 500, 200, 0, 100),
    ],
)
def test_a_range(header: str, status: int, start: int, stop: int) -> None:
    assert asked(range=header) == Portion(status, start, stop)


@pytest.mark.parametrize(
    ("header", "status"), [("bytes=0-", 416), ("bytes=0-5", 416), ("bytes=-5", 200)]
)
def test_a_range_of_nothing(header: str, status: int) -> None:
    assert asked(size=0, range=header) == Portion(status)


def test_head_tells_of_the_whole() -> None:
    assert asked(method="HEAD", range="bytes=0-9") == WHOLE
    assert asked(method="HEAD", if_none_match=TAG).status == 304


@pytest.mark.parametrize("header", [TAG, "*", f'"x", {TAG}', f"W/{TAG}", f'"a,b" ,W/{TAG}'])
def test_who_has_it_gets_nothing(header: str) -> None:
    assert asked(if_none_match=header, range="bytes=0-9") == Portion(304)


@pytest.mark.parametrize("header", ['"x"', "abc", "", '"abc', 'W/"x"', '"ab""c"'])
def test_who_has_another_gets_it(header: str) -> None:
    assert asked(if_none_match=header) == WHOLE


def test_who_wants_another_gets_none() -> None:
    assert asked(if_match='"x"') == Portion(412)
    assert asked(if_match=f"W/{TAG}") == Portion(412)  # strong comparison
    assert asked(if_match="*") == WHOLE
    assert asked(if_match=TAG, range="bytes=0-9").status == 206
    # If-Match is looked at first (§13.2.2).
    assert asked(if_match='"x"', if_none_match=TAG).status == 412


@pytest.mark.parametrize(
    "header", ['"x"', f"W/{TAG}", "Sat, 21 Nov 2026 12:00:00 GMT", "*", f'{TAG}, "x"']
)
def test_a_range_of_what_may_have_changed_is_the_whole(header: str) -> None:
    assert asked(if_range=header, range="bytes=0-9") == WHOLE
    assert asked(if_range=header, range="bytes=200-") == WHOLE


def test_a_range_of_the_same() -> None:
    assert asked(if_range=TAG, range="bytes=0-9") == Portion(206, 0, 10)


def test_dates_are_nothing_here() -> None:
    date = "Sat, 21 Nov 2026 12:00:00 GMT"
    assert asked(if_modified_since=date, if_unmodified_since=date) == WHOLE


def test_what_is_said_of_it() -> None:
    assert content_range(Portion(206, 0, 10), 100) == "bytes 0-9/100"
    assert content_range(Portion(416), 100) == "bytes */100"


@given(size=st.integers(0, 60), first=st.integers(0, 70), last=st.none() | st.integers(0, 70))
def test_one_range_gives_what_a_slice_gives(size: int, first: int, last: int | None) -> None:
    content = bytes(range(size))
    header = f"bytes={first}-{'' if last is None else last}"
    portion = asked(size=size, range=header)
    if last is not None and last < first:
        assert portion == Portion(200, 0, size)
    elif first >= size:
        assert portion.status == 416
    else:
        wanted = content[first:] if last is None else content[first : last + 1]
        assert portion.status == 206
        assert content[portion.start : portion.stop] == wanted


spans = st.tuples(st.integers(0, 70), st.integers(0, 70)).map(lambda pair: tuple(sorted(pair)))


@given(size=st.integers(0, 60), listed=st.lists(spans, min_size=1, max_size=8))
def test_several_ranges_give_all_that_was_asked_for(
    size: int, listed: list[tuple[int, int]]
) -> None:
    header = "bytes=" + ",".join(f"{first}-{last}" for first, last in listed)
    wanted = {at for first, last in listed for at in range(first, last + 1) if at < size}
    portion = asked(size=size, range=header)
    given_ = set(range(portion.start, portion.stop))
    assert (portion.status == 416) == (not wanted)
    assert wanted <= given_
    if portion.status == 206:
        assert given_ == wanted


@given(
    size=st.integers(0, 10**12),
    headers=st.dictionaries(
        st.sampled_from(["range", "if-range", "if-match", "if-none-match"]),
        st.text(max_size=40) | st.from_regex(r"bytes=[0-9, -]{0,20}"),
    ),
    method=st.sampled_from(["GET", "HEAD"]),
)
def test_nothing_breaks_it(size: int, headers: dict[str, str], method: str) -> None:
    portion = choose(method, headers, TAG, size)
    assert 0 <= portion.start <= portion.stop <= size
    assert portion.status in (200, 206, 304, 412, 416)
    assert portion.status != 206 or portion.length > 0
    assert portion.status != 200 or portion.length == size
