"""What the index holds of a message, as a tsvector; what is asked of it, as a tsquery.

Beside its words a message has marks, which no word can look like: `%` its room, `@` its author,
`!` whom it calls, `#` what it holds, `~` when it was said. With them one GIN index answers every
filter, and a common word costs no more than the hours it is looked for in.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tertulia.features.search.state.query import Filter, Phrase, Query, Term
from tertulia.features.search.state.tokens import tokens
from tertulia.features.search.state.windows import buckets

PLACES = 255  # of one word that PostgreSQL keeps
DENSE_FROM = "\u0e00"  # the first letter of scripts without spaces

_LINK = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_CODE = re.compile(r"```|`[^`\n]+`")


class Facets(NamedTuple):
    """What is known of a message beside its words. `calls` are account ids, `has` values of
    `has:`."""

    room_id: UUID
    author_id: UUID
    sent_at: datetime
    calls: Sequence[UUID] = ()
    calls_room: bool = False
    in_thread: bool = False
    has: Sequence[str] = ()


def index(text: str, facets: Facets) -> str:
    """A tsvector in its text form."""
    places: dict[str, list[int]] = {}
    for token in tokens(text):
        places.setdefault(token.word, []).append(token.place)
    words = [f"'{word}':{_listed(at)}" for word, at in places.items()]
    return " ".join([*words, *(f"'{mark}'" for mark in _marks(text, facets))])


def _listed(places: list[int]) -> str:
    if len(places) == 1:
        return str(places[0])
    return ",".join(map(str, sorted(set(places))[:PLACES]))


def _marks(text: str, facets: Facets) -> Iterable[str]:
    yield room_mark(facets.room_id)
    yield author_mark(facets.author_id)
    yield from buckets(facets.sent_at)
    yield from {call_mark(account_id) for account_id in facets.calls}
    if facets.calls_room:
        yield ROOM_CALL
    if facets.in_thread:
        yield THREAD
    yield from {f"#{value}" for value in facets.has}
    if _LINK.search(text):
        yield "#link"
    if _CODE.search(text):
        yield "#code"


ROOM_CALL = "!room"
THREAD = "#thread"


def room_mark(room_id: UUID) -> str:
    return f"%{_short(room_id)}"


def author_mark(account_id: UUID) -> str:
    return f"@{_short(account_id)}"


def call_mark(account_id: UUID) -> str:
    return f"!{_short(account_id)}"


def _short(id_: UUID) -> str:
    """The random end of it. Two that are alike cost a look at a row, nothing more."""
    return id_.hex[-12:]


# Questions


class Match(NamedTuple):
    """tsqueries as text. `lookup` is what GIN looks up, `full` what a row must fulfil as well, None
    when that is the same; `words` is what relevance is reckoned by, None where no words are asked
    for; `exact` the same without beginnings."""

    lookup: str
    full: str | None
    words: str | None
    exact: str | None


def match(query: Query, marks: Sequence[str], common: Collection[int] = ()) -> Match:
    """`marks` are tsquery expressions of the filters: authors, rooms, and so on. `common` are the
    places of positive terms that many messages fulfil: where they are beginnings of words they are
    left to the second look, for GIN would gather all of those messages before it looks at the rest.
    """
    positive = [term for term in query.terms if not term.negative]
    negative = [_not(_term(term)) for term in query.terms if term.negative]
    broad = [
        _begins(term) and (place in common or _is_short(term))
        for place, term in enumerate(positive)
    ]
    quick = [term for term, is_broad in zip(positive, broad, strict=True) if not is_broad]
    if not quick and not marks:
        quick = positive
    all_words = terms(query)
    return Match(
        lookup=_and([*map(_term, quick), *negative, *marks]),
        full=_and([*all_words, *negative, *marks]) if len(quick) < len(positive) else None,
        words=_and(all_words) or None,
        exact=_and([_term(term, exact=True) for term in positive]) or None,
    )


def terms(query: Query) -> list[str]:
    """A tsquery for each positive term."""
    return [_term(term) for term in query.terms if not term.negative]


def _begins(term: Term) -> bool:
    return any(wanted.prefix for phrase in term.phrases for wanted in phrase)


def _is_short(term: Term) -> bool:
    """`a*` is in half of all messages. A letter of a script without spaces says more."""
    return all(
        any(w.prefix and len(w.word) <= 2 and w.word < DENSE_FROM for w in phrase)
        for phrase in term.phrases
    )


def _term(term: Term, *, exact: bool = False) -> str:
    return _or([_phrase(phrase, exact=exact) for phrase in term.phrases])


def _phrase(phrase: Phrase, *, exact: bool) -> str:
    text, before = "", 0
    for wanted in phrase:
        lexeme = f"'{wanted.word}'" + (":*" if wanted.prefix and not exact else "")
        text += lexeme if not text else f" <{wanted.place - before}> {lexeme}"
        before = wanted.place
    return f"({text})" if len(phrase) > 1 else text


def any_mark(marks: Iterable[str]) -> str:
    return _or([f"'{mark}'" for mark in marks])


def has_marks(query: Query, me: UUID) -> list[str]:
    """The expressions of `has:`, and of those states that the index knows."""
    made = [_signed(any_mark([f"#{wanted.value}"]), wanted) for wanted in query.has]
    for wanted in query.states:
        if wanted.value == "thread":
            made.append(_signed(any_mark([THREAD]), wanted))
        if wanted.value == "mention":
            made.append(_signed(any_mark([call_mark(me), ROOM_CALL]), wanted))
    return made


def _signed(expression: str, wanted: Filter) -> str:
    return _not(expression) if wanted.negative else expression


def _and(parts: Sequence[str]) -> str:
    return " & ".join(parts)


def _or(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({' | '.join(parts)})"


def _not(part: str) -> str:
    return f"!{part}" if part.startswith(("'", "(")) else f"!({part})"
