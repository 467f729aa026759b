"""Words of texts in any script, and where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.features.search.state import tokens


def words(text: str) -> list[str]:
    return [token.word for token in tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Olive branches, at DUSK!", ["olive", "branches", "at", "dusk"]),
        ("Café, naïve, Ångström", ["cafe", "naive", "angstrom"]),
        ("Cafe\u0301", ["cafe"]),  # an accent written by itself
        ("straße ﬁne İstanbul", ["strasse", "fine", "istanbul"]),
        ("ЁЛКА й", ["елка", "и"]),
        ("Ελλάδα", ["ελλαδα"]),
        ("كِتَاب", ["كتاب"]),  # without its vowel signs
        ("हिन्दी में", ["हिन्दी", "में"]),  # vowel signs are letters here
        ("v2.10 a-b_c", ["v2", "10", "a", "b", "c"]),
        ("ｆｕｌｌ　ｗｉｄｔｈ", ["full", "width"]),
        ("🎉 yes", ["🎉", "yes"]),
        ("soft\u00adhyphen zero\u200bwidth", ["softhyphen", "zerowidth"]),
        ("", []),
        ("—…!?", []),
    ],
)
def test_words_that_stand_apart(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("日本語", ["日本", "本語", "語"]),
        ("学", ["学"]),
        ("カ\u3099ス", ["ガス", "ス"]),  # a voiced kana written in two parts
        ("학교에", ["학교", "교에", "에"]),
        ("\u1112\u1161\u11a8교", ["학교", "교"]),  # a syllable written in jamo
        ("ไทย", ["ไท", "ทย", "ย"]),
        ("Python入門", ["python", "入門", "門"]),
    ],
)
def test_scripts_without_spaces_come_in_pairs(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_a_compound_stands_as_a_whole_and_in_parts() -> None:
    found = [(token.word, token.place) for token in tokens("call getUserName now")]
    assert found == [
        ("call", 1), ("getusername", 2), ("get", 2), ("user", 3), ("name", 4), ("now", 5),
    ]  # fmt: skip
    assert words("HTTPServer") == ["httpserver", "http", "server"]
    assert words("HTTP") == ["http"]
    assert words("snake_case") == ["snake", "case"]


def test_a_host_is_found_by_its_parts() -> None:
    assert words("https://www.example.com/a?b=1")[:4] == ["https", "www", "example", "com"]


def test_where_a_word_came_from() -> None:
    text = "Cafe\u0301 Straße 日本"
    assert [text[token.start : token.end] for token in tokens(text)] == [
        "Cafe\u0301", "Straße", "日本", "本",
    ]  # fmt: skip


@given(st.text(max_size=300))
def test_any_text_gives_words_in_order_within_it(text: str) -> None:
    found = tokens(text)
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    assert [token.place for token in found if not token.part] == sorted(
        {token.place for token in found if not token.part}
    )
    assert all(token.word and "'" not in token.word for token in found)


@given(st.text(max_size=120))
def test_folding_again_changes_nothing(text: str) -> None:
    once = [token.word for token in tokens(text) if not token.part]
    assert [t.word for word in once for t in tokens(word) if not t.dense] == [
        word for word, t in zip(once, (t for t in tokens(text) if not t.part), strict=True)
        if not t.dense
    ]  # fmt: skip


def test_a_monster_is_bounded() -> None:
    assert len(tokens("a " * 8_000)) <= 4_000
    assert len(tokens("x" * 8_000)[0].word) == 64
