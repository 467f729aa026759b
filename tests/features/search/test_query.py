"""The language of questions."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.features.search.state import Filter, Hint, Query, has_marks, lookup, match, parse

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def asked(text: str, zone: str = "UTC") -> Query:
    return parse(text, now=NOW, zone=ZoneInfo(zone))


def looked_up(text: str, *shares: float, marks: Sequence[str] = ()) -> str | None:
    """With these shares of all messages for what is asked for."""
    return lookup(asked(text), marks, shares, common=0.01, broad=0.02)


@pytest.mark.parametrize(
    ("text", "tsquery"),
    [
        ("olive", "'olive':*"),
        ("olive oil", "'olive':* & 'oil':*"),
        ("oil olive", "'oil' & 'olive':*"),
        ("oil* green tea", "'oil':* & 'green':* & 'tea':*"),
        ('"olive oil" green', "('olive' <-> 'oil') & 'green':*".replace("<->", "<1>")),
        ('"olive', "'olive'"),
        ("“olive oil”", "('olive' <1> 'oil')"),
        ("olive -oil", "'olive':* & !'oil':*"),
        ('tree -"olive oil"', "'tree' & !('olive' <1> 'oil')"),
        ("日本語", "('日本' <1> '本語')"),
        ("語", "'語':*"),
        ("日本 語", "'日本' & '語':*"),
        ("example.com", "('example' <1> 'com':*)"),
        ("getUser", "('getuser':* | ('get' <1> 'user':*))"),
        ("Café", "'cafe':*"),
        ("re:olive", "('re' <1> 'olive':*)"),
    ],
)
def test_words_become_a_tsquery(text: str, tsquery: str) -> None:
    assert match(asked(text), []).full == tsquery


def test_a_common_beginning_is_left_to_a_second_look() -> None:
    assert match(asked("zebra a"), []).full == "'zebra':* & 'a':*"
    assert looked_up("zebra a", 0.001, 0.5) == "'zebra':*"
    assert looked_up("zebra a", 0.001, 0.009) == "'zebra':* & 'a':*"
    assert looked_up("the zebra", 0.001, 0.001) == "'the' & 'zebra':*"
    assert looked_up("zebra", 0.2, 0.001, marks=["'@1'"]) == "'@1'"


def test_gin_is_asked_for_something_rare_or_not_at_all() -> None:
    assert looked_up("the of", 0.6, 0.3) is None
    assert looked_up('"the of"', 0.02) is None
    assert looked_up('"the of" zebra*', 0.02, 0.001) == "('the' <1> 'of') & 'zebra':*"
    assert looked_up("-the") is None
    assert looked_up("zebra a* -the -oil*", 0.001, 0.5) == "'zebra':* & !'the'"
    assert looked_up("the", 0.6, 0.019, marks=["'@1'"]) == "'@1'"
    assert looked_up("", 0.6, marks=["!'#code'"]) is None


def test_gin_knows_no_places() -> None:
    assert match(asked('"the old man" re:think'), ["'@1'"]).parts == (
        "('the' & 'old' & 'man')", "('re' & 'think':*)", "'@1'",
    )  # fmt: skip


def test_operators() -> None:
    query = asked('from:@Bob from:me in:#tea -in:"The table" has:link -has:code is:starred olive')
    assert query.authors == (Filter("Bob", False), Filter("me", False))
    assert query.rooms == (Filter("#tea", False), Filter("The table", True))
    assert query.has == (Filter("link", False), Filter("code", True))
    assert query.states == (Filter("starred", False),)
    assert len(query.terms) == 1
    assert query.hints == ()


def test_marks_of_operators() -> None:
    query = asked("has:links -has:code is:mention is:thread")
    assert has_marks(query, UUID(int=0xABC)) == [
        "'#link'", "!'#code'", "('!000000000abc' | '!room')", "'#thread'",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("before:2026-02-10", None, "2026-02-10"),
        ("after:2026-02-10", "2026-02-11", None),
        ("during:2026-02-10", "2026-02-10", "2026-02-11"),
        ("during:2026-02", "2026-02-01", "2026-03-01"),
        ("during:2025-12", "2025-12-01", "2026-01-01"),
        ("during:2025", "2025-01-01", "2026-01-01"),
        ("during:today", "2026-03-01", "2026-03-02"),
        ("during:yesterday", "2026-02-28", "2026-03-01"),
        ("after:2025 before:2026-02", "2026-01-01", "2026-02-01"),
    ],
)
def test_days(text: str, since: str | None, until: str | None) -> None:
    query = asked(text)
    assert (query.since and query.since.date().isoformat()) == since
    assert (query.until and query.until.date().isoformat()) == until


def test_days_begin_where_the_asker_is() -> None:
    query = asked("during:today", "Pacific/Kiritimati")  # where it is tomorrow already
    assert query.since == datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("sender:bob", Hint("unknown_operator", "sender:")),
        ("has:spam", Hint("unknown_value", "has:spam")),
        ("is:old", Hint("unknown_value", "is:old")),
        ("before:soon", Hint("bad_date", "before:soon")),
        ("during:2026-13", Hint("bad_date", "during:2026-13")),
        ("during:9999", Hint("bad_date", "during:9999")),
    ],
)
def test_what_is_not_understood_is_said(text: str, hint: Hint) -> None:
    query = asked(text)
    assert query.hints == (hint,)
    assert query.impossible == (hint.code != "unknown_operator")


@pytest.mark.parametrize(
    "text", ["https://example.com", "std::vector", "12:30", "http:80", ":tada:"]
)
def test_what_only_looks_like_an_operator_is_words(text: str) -> None:
    query = asked(text)
    assert query.terms
    assert [hint for hint in query.hints if hint.about != "http:"] == []


def test_nothing_asked() -> None:
    assert asked("").is_empty
    assert asked("  … ").is_empty
    assert not asked("from:bob").is_empty


def test_a_question_is_bounded() -> None:
    many = asked(" ".join(f"word{number}" for number in range(40)))
    assert len(many.terms) == 16
    assert many.hints[0].code == "too_long"
    long = asked(f'"{"日本" * 200}"')
    assert long.hints[0].code == "too_long"


@given(st.text(max_size=200))
def test_anything_may_be_asked(text: str) -> None:
    query = asked(text)
    full = match(query, []).full
    assert full.count("'") % 2 == 0
    assert full.count("(") == full.count(")")


OPERATOR = st.sampled_from(["from", "in", "has", "is", "before", "after", "during", "nonsense", ""])


@given(st.lists(st.tuples(st.booleans(), OPERATOR, st.text(max_size=12)), max_size=8))
def test_anything_may_stand_behind_an_operator(parts: list[tuple[bool, str, str]]) -> None:
    asked(" ".join(("-" if minus else "") + f"{name}:{value}" for minus, name, value in parts))
