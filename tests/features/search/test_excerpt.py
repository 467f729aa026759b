"""What of a text is shown, and what of that is marked."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.features.search.state import excerpt, parse

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def shown(text: str, query: str) -> str:
    """With what was found in brackets."""
    parts = excerpt(text, parse(query, now=NOW, zone=UTC))
    return "".join(f"[{part.text}]" if part.found else part.text for part in parts)


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("The Olive tree", "olive", "The [Olive] tree"),
        ("olives and oil", "oliv", "[olives] and oil"),
        ("Un café olé", "cafe ole", "Un [café] [olé]"),
        ("olive oil, green olive", '"olive oil"', "[olive] [oil], green olive"),
        ("日本語の本", "本語", "日[本語]の本"),
        ("日本語の本", "本", "日[本]語の[本]"),
        (
            "call getUserName()",
            "user",
            "call getUserName()".replace("getUserName", "get[User]Name"),
        ),
        ("a -b c", "c -b", "a -b [c]"),
        ("one\ntwo", "two", "one [two]"),
        ("nothing", "else", "nothing"),
        ("🎉 party", "🎉", "[🎉] party"),
    ],
)
def test_what_is_found_is_marked(text: str, query: str, expected: str) -> None:
    assert shown(text, query) == expected


def test_a_long_text_is_cut_around_what_was_found() -> None:
    text = "before " * 100 + "the olive " + "after " * 100
    found = shown(text, "olive")
    assert found.startswith("… ")
    assert found.endswith(" …")
    assert "[olive]" in found
    assert len(found) < 300


@given(st.text(max_size=600), st.text(max_size=20))
def test_any_text_is_shown_as_it_is(text: str, query: str) -> None:
    parts = excerpt(text, parse(query, now=NOW, zone=UTC))
    whole = "".join(part.text for part in parts)
    flat = text.replace("\r", " ").replace("\n", " ").replace("\t", " ")
    assert whole.removeprefix("… ").removesuffix(" …").strip() in flat
