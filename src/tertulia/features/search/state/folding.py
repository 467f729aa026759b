"""One spelling for what reads the same, and where each letter of it came from.

NFKC and case folding, without the diacritics of Latin, Greek, Cyrillic, Hebrew and Arabic: people
type `cafe`. Vowel signs of Thai or Hindi are letters and stay, and so are the marks of kana.
"""

import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

# Combining marks that people leave out when they type: accents, points, harakat, selectors.
_LEFT_OUT = (
    (0x0300, 0x036F), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670),
    (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F),
)  # fmt: skip
_JAMO = (0x1160, 0x11FF)  # vowels and finals of a Hangul syllable written in parts
_ZERO_WIDTH = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")


class Folded(NamedTuple):
    """`text` is what is compared; its letter `i` comes from `starts[i]` up to `ends[i]` of the
    original, in code points."""

    text: str
    starts: list[int] | range
    ends: list[int] | range


def fold(text: str) -> Folded:
    if text.isascii():
        return Folded(text.lower(), range(len(text)), range(1, len(text) + 1))
    folded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        for letter in _spelling(text[start:end]):
            folded.append(letter)
            starts.append(start)
            ends.append(end)
    return Folded("".join(folded), starts, ends)


def _clusters(text: str) -> list[tuple[int, int]]:
    """Each letter with the marks behind it: what is normalised together."""
    if not any(map(_continues, text)):
        return list(pairwise(range(len(text) + 1)))
    clusters: list[tuple[int, int]] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not _continues(text[at]):
            clusters.append((start, at))
            start = at
    return clusters


@lru_cache(8_192)
def _continues(letter: str) -> bool:
    code = ord(letter)
    if code < 0x0300:
        return False
    return unicodedata.combining(letter) != 0 or _JAMO[0] <= code <= _JAMO[1] or _is_mark(code)


@lru_cache(8_192)  # letters come again
def _spelling(cluster: str) -> str:
    if cluster.isascii():
        return cluster.lower()
    if cluster in _ZERO_WIDTH:
        return ""
    whole = unicodedata.normalize("NFKC", cluster).casefold()
    parts = unicodedata.normalize("NFKD", whole)
    kept = "".join(letter for letter in parts if not _is_mark(ord(letter)))
    return unicodedata.normalize("NFC", kept)


def _is_mark(code: int) -> bool:
    return code >= 0x0300 and any(low <= code <= high for low, high in _LEFT_OUT)
