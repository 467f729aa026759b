"""The words of a text, as the index keeps them.

Where words stand apart (Latin, Cyrillic, Arabic, Devanagari, …) a token is a word. Where they do
not (Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese) tokens are pairs of letters, so that any
part of such a text is found as a phrase of pairs. PostgreSQL has no parser for these and the
embedded one no trigrams: this is ours, the same for texts and for questions.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from tertulia.features.search.state.folding import Folded, fold

LONGEST_WORD = 64  # letters; more is no word, and an index entry has a limit
MOST_TOKENS = 4_000  # of one text
MOST_PLACES = 16_000  # PostgreSQL counts positions up to 16,383

# Scripts without spaces between words, and Hangul, whose words end in particles.
_DENSE = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029"
    "\u3040-\u312f\u3130-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
_ASCII_WORD = re.compile(r"[0-9a-z]+")
_DENSE_LETTER = re.compile(f"[{_DENSE}]")


class Token(NamedTuple):
    """`place` counts words from 1, as phrases need it; `start` and `end` are code points of the
    text. `dense`: a pair of letters of a script without spaces. `part`: of a compound such as
    `getUserName`, which stands as a whole at the place of its first part."""

    word: str
    place: int
    start: int
    end: int
    dense: bool = False
    part: bool = False


class _Run(NamedTuple):
    """Letters of one kind, as indices of the folded text."""

    kind: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Every token of a text, in order."""
    found: list[Token] = []
    place = 1
    folded = fold(text)
    for run in _runs(folded.text):
        made = _of_run(text, folded, run, place)
        found.extend(made)
        place = made[-1].place + 1
        if len(found) >= MOST_TOKENS or place >= MOST_PLACES:
            break
    return found[:MOST_TOKENS]


def _runs(folded: str) -> Iterator[_Run]:
    if folded.isascii():
        for match in _ASCII_WORD.finditer(folded):
            yield _Run("word", *match.span())
        return
    start, kind = 0, ""
    for at, letter in enumerate(folded):
        now = _kind(letter)
        if now != kind or kind == "sign":
            if kind:
                yield _Run(kind, start, at)
            start, kind = at, now
    if kind:
        yield _Run(kind, start, len(folded))


@lru_cache(8_192)  # letters come again
def _kind(letter: str) -> str:
    """What a letter belongs to; empty for what separates."""
    if letter.isascii():
        return "word" if letter.isalnum() else ""
    category = unicodedata.category(letter)
    if category == "So":
        return "sign"  # an emoji is a word
    if category[0] not in "LMN":
        return ""
    return "dense" if _DENSE_LETTER.match(letter) else "word"


def _of_run(text: str, folded: Folded, run: _Run, place: int) -> list[Token]:
    if run.kind == "dense":
        return _pairs(folded, run, place)
    whole = _token(folded, run.start, run.end, place)
    humps = _humps(text, folded, run)
    if len(humps) < 2:
        return [whole]
    parts = [
        _token(folded, start, end, place + number)._replace(part=True)
        for number, (start, end) in enumerate(humps)
    ]
    return [whole, *parts]


def _token(folded: Folded, start: int, end: int, place: int) -> Token:
    word = folded.text[start : min(end, start + LONGEST_WORD)]
    return Token(word, place, folded.starts[start], folded.ends[end - 1])


def _pairs(folded: Folded, run: _Run, place: int) -> list[Token]:
    """Each letter with its next; the last by itself, so that one letter is found as a beginning."""
    letters, starts, ends = folded.text[: run.end], folded.starts, folded.ends
    last = run.end - 1
    return [
        Token(
            letters[at : at + 2], place + at - run.start, starts[at], ends[min(at + 1, last)], True
        )
        for at in range(run.start, run.end)
    ]


def _humps(text: str, folded: Folded, run: _Run) -> list[tuple[int, int]]:
    """The parts of `getUserName` and `HTTPServer`."""
    typed = text[folded.starts[run.start] : folded.ends[run.end - 1]]
    if typed.islower() or typed.isupper():
        return []
    cuts = [run.start]
    for at in range(run.start + 1, run.end):
        before, here = text[folded.starts[at - 1]], text[folded.starts[at]]
        if not here.isupper() or folded.starts[at] == folded.starts[at - 1]:
            continue
        after = text[folded.starts[at + 1]] if at + 1 < run.end else ""
        if before.islower() or (before.isupper() and after.islower()):
            cuts.append(at)
    cuts.append(run.end)
    return list(pairwise(cuts))
