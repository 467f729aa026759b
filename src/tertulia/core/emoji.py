"""Which texts are one emoji.

The list is Unicode's (emoji-test.txt), as the `emoji` package carries it. One emoji has several
spellings: whether the invisible variation selectors (U+FE0F) are there depends on the keyboard.
"""

from collections.abc import Mapping
from functools import cache

import emoji

_SELECTOR = "\ufe0f"


def canonical(text: str) -> str | None:
    """The fully qualified spelling of one emoji; None for anything else, also for two of them."""
    return _spellings().get(text.replace(_SELECTOR, ""))


def is_short_name(name: str) -> bool:
    """Does a `:name:` already stand for an emoji of Unicode's, as people write them (`tada`)?"""
    return name in _short_names()


def named(name: str) -> str | None:
    """The emoji of Unicode's that people write as `:name:`; None for no such name."""
    return canonical(_short_names().get(name.lower(), ""))


@cache
def _short_names() -> Mapping[str, str]:
    """Emoji, and the parts of them that have names, by each name."""
    return {
        name.strip(":").lower(): sequence
        for sequence, about in emoji.EMOJI_DATA.items()
        for name in (about["en"], *about.get("alias", ()))
    }


@cache
def _spellings() -> Mapping[str, str]:
    """Fully qualified emoji by their spelling without selectors, which no two share."""
    whole = emoji.STATUS["fully_qualified"]
    return {
        sequence.replace(_SELECTOR, ""): sequence
        for sequence, about in emoji.EMOJI_DATA.items()
        if about["status"] == whole
    }
