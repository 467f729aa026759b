"""What is found, and why: words of a text, the language of questions, windows of time. Pure."""

from tertulia.features.search.state.excerpt import excerpt
from tertulia.features.search.state.index import (
    THREAD,
    Facets,
    Match,
    any_mark,
    author_mark,
    has_marks,
    index,
    match,
    room_mark,
    terms,
)
from tertulia.features.search.state.query import HAS, IS, OPERATORS, Filter, Hint, Query, parse
from tertulia.features.search.state.texts import holds, plain, same_name, words_of
from tertulia.features.search.state.tokens import Token, tokens
from tertulia.features.search.state.windows import windows

__all__ = [
    "HAS",
    "IS",
    "OPERATORS",
    "THREAD",
    "Facets",
    "Filter",
    "Hint",
    "Match",
    "Query",
    "Token",
    "any_mark",
    "author_mark",
    "excerpt",
    "has_marks",
    "holds",
    "index",
    "match",
    "parse",
    "plain",
    "room_mark",
    "same_name",
    "terms",
    "tokens",
    "windows",
    "words_of",
]
