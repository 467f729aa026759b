"""What is found, and why: words of a text, the language of questions. Pure."""

from tertulia.features.search.state.excerpt import excerpt
from tertulia.features.search.state.index import (
    THREAD,
    Facets,
    Match,
    any_mark,
    author_mark,
    has_marks,
    index,
    lookup,
    match,
    room_mark,
)
from tertulia.features.search.state.query import HAS, IS, OPERATORS, Filter, Hint, Query, parse
from tertulia.features.search.state.texts import holds, plain, same_name, words_of
from tertulia.features.search.state.tokens import Token, tokens

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
    "lookup",
    "match",
    "parse",
    "plain",
    "room_mark",
    "same_name",
    "tokens",
    "words_of",
]
