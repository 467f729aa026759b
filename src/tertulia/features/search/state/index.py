"""What the index holds of a message, as a tsvector; what is asked of it, as a tsquery.

Beside its words a message has marks, which no word can look like: `%` its room, `@` its author,
`!` whom it calls, `#` what it holds. With them one GIN index answers every filter.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from tertulia.features.search.state.query import Filter, Phrase, Query, Term
from tertulia.features.search.state.tokens import tokens

PLACES = 255  # of one word that PostgreSQL keeps

_LINK = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_CODE = re.compile(r"```|`[^`\n]+`")


class Facets(NamedTuple):
    """What is known of a message beside its words. `calls` are account ids, `has` values of
    `has:`."""

    room_id: UUID
    author_id: UUID
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
    """tsqueries as text. `full` is what a message must fulfil, empty where that is anything;
    `words` is what relevance is reckoned by, empty where no words are asked for; `exact` the same
    without beginnings. `parts` are what must hold together, as GIN sees them: it knows no places.
    """

    full: str
    words: str
    exact: str
    parts: tuple[str, ...]


def match(query: Query, marks: Sequence[str]) -> Match:
    """`marks` are tsquery expressions of the filters: authors, rooms, and so on."""
    positive, negative = _sides(query)
    terms = [_term(term) for term in positive]
    return Match(
        full=_and([*terms, *negative, *marks]),
        words=_and(terms),
        exact=_and([_term(term, exact=True) for term in positive]),
        parts=(*(_term(term, placed=False) for term in positive), *marks),
    )


def lookup(
    query: Query, marks: Sequence[str], shares: Sequence[float], *, common: float, broad: float
) -> str | None:
    """What GIN is to look up, None where it would have to walk through too much. `shares` says what
    share of messages fulfils each of the parts.

    GIN gathers every message with a word that begins so before it looks at the rest of a question:
    a beginning with a share from `common` on is left to the look at each message. Of what stands
    whole GIN walks through the rarest, which must have a share below `broad`.
    """
    positive, negative = _sides(query)
    parts = [(_term(term), _begins(term)) for term in positive]
    parts += [(mark, False) for mark in marks]
    quick = [
        (part, share)
        for (part, begins), share in zip(parts, shares, strict=True)
        if not begins or share < common
    ]
    if not quick or min(share for _, share in quick) >= broad:
        return None
    return _and([*(part for part, _ in quick), *(part for part in negative if ":*" not in part)])


def _sides(query: Query) -> tuple[list[Term], list[str]]:
    """What must be there, and the tsqueries of what must not."""
    positive = [term for term in query.terms if not term.negative]
    return positive, [_not(_term(term)) for term in query.terms if term.negative]


def _begins(term: Term) -> bool:
    return any(wanted.prefix for phrase in term.phrases for wanted in phrase)


def _term(term: Term, *, exact: bool = False, placed: bool = True) -> str:
    return _or([_phrase(phrase, exact=exact, placed=placed) for phrase in term.phrases])


def _phrase(phrase: Phrase, *, exact: bool, placed: bool) -> str:
    text, before = "", 0
    for wanted in phrase:
        lexeme = f"'{wanted.word}'" + (":*" if wanted.prefix and not exact else "")
        between = f"<{wanted.place - before}>" if placed else "&"
        text += lexeme if not text else f" {between} {lexeme}"
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
