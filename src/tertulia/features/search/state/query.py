"""The language of questions: words, "phrases", `operator:value`, and `-` before any of them.

Nothing is an error: what is not understood is searched as words or left out, and a hint says so.
"""

import re
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal, NamedTuple

from tertulia.features.search.state.tokens import Token, tokens

MOST_TERMS = 16
MOST_WANTED = 64  # tokens of one question
BEGINNING = 5  # letters from which a word finds those that begin with it, wherever it stands

Has = Literal["link", "file", "image", "video", "poll", "code", "voice"]
Is = Literal["starred", "pinned", "thread", "mention"]
HAS: tuple[Has, ...] = ("link", "file", "image", "video", "poll", "code", "voice")
IS: tuple[Is, ...] = ("starred", "pinned", "thread", "mention")
OPERATORS = ("from", "in", "has", "is", "before", "after", "during")

HintCode = Literal["unknown_operator", "unknown_value", "bad_date", "too_long", "unknown_room"]


class Hint(NamedTuple):
    """`about` is what was typed."""

    code: HintCode
    about: str


class Wanted(NamedTuple):
    """A token at `place` of its phrase (from 0); `prefix`: any that begins so."""

    word: str
    place: int
    prefix: bool


Phrase = tuple[Wanted, ...]


class Term(NamedTuple):
    """Found where one of the `phrases` is."""

    phrases: tuple[Phrase, ...]
    negative: bool = False


class Filter(NamedTuple):
    value: str
    negative: bool


class Query(NamedTuple):
    """`since` is inclusive, `until` is not. `impossible`: a filter that finds nothing."""

    terms: tuple[Term, ...] = ()
    authors: tuple[Filter, ...] = ()
    rooms: tuple[Filter, ...] = ()
    has: tuple[Filter, ...] = ()
    states: tuple[Filter, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    hints: tuple[Hint, ...] = ()
    impossible: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing is asked for. (A hint alone asks for nothing either.)"""
        return not (
            self.terms or self.authors or self.rooms or self.has or self.states
            or self.since or self.until or self.impossible
        )  # fmt: skip


# What may stand between spaces: -? then operator:"value" | operator:value | "phrase" | word
_ITEM = re.compile(
    r"""(?P<minus>-)?(?:
        (?P<operator>[A-Za-z]{2,12}):(?:"(?P<quoted>[^"]*)(?:"|\Z)|(?P<value>[^\s"]+))
        | "(?P<phrase>[^"]*)(?:"|\Z)
        | (?P<word>[^\s"]+)
    )""",
    re.VERBOSE,
)
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "：": ":"})


def parse(text: str, *, now: datetime, zone: tzinfo) -> Query:
    """`zone` is where the asker's days begin."""
    items = list(_ITEM.finditer(text.translate(_QUOTES)))
    query = Query()
    if len(items) > MOST_TERMS:
        query = _hint(query, "too_long", items[MOST_TERMS].group())
        items = items[:MOST_TERMS]
    last = items[-1] if items else None
    for item in items:
        query = _read(query, item, last=item is last, today=now.astimezone(zone).date(), zone=zone)
    return _bounded(query)


def _read(query: Query, item: re.Match[str], *, last: bool, today: date, zone: tzinfo) -> Query:
    negative = item["minus"] is not None
    if item["phrase"] is not None:
        return _with_term(query, _phrase(item["phrase"]), negative=negative)
    if item["operator"] is None:
        return _with_term(query, _word(item["word"], last=last), negative=negative)
    operator = item["operator"].lower()
    value = item["quoted"] if item["quoted"] is not None else item["value"]
    if operator not in OPERATORS:
        return _as_words(query, item, last=last)
    if operator in ("before", "after", "during"):
        return _with_date(query, operator, value, today, zone)
    if operator in ("has", "is"):
        return _with_choice(query, operator, value.lower(), negative=negative)
    wanted = Filter(value.lstrip("@#") or value, negative)
    if operator == "from":
        return query._replace(authors=(*query.authors, wanted))
    return query._replace(rooms=(*query.rooms, Filter(value, negative)))


def _as_words(query: Query, item: re.Match[str], *, last: bool) -> Query:
    """`https://…`, `std::vector` and `re:think` are words that look like operators."""
    whole = item.group().removeprefix("-")
    value = item["value"] or ""
    if not value.startswith(("/", ":")):
        query = _hint(query, "unknown_operator", f"{item['operator']}:")
    return _with_term(query, _word(whole, last=last), negative=item["minus"] is not None)


def _with_term(query: Query, phrases: tuple[Phrase, ...], *, negative: bool) -> Query:
    if not phrases:
        return query
    return query._replace(terms=(*query.terms, Term(phrases, negative)))


def _hint(query: Query, code: HintCode, about: str) -> Query:
    return query._replace(hints=(*query.hints, Hint(code, about)))


def _with_choice(query: Query, operator: str, value: str, *, negative: bool) -> Query:
    known = HAS if operator == "has" else IS
    single = value.removesuffix("s") if value not in known else value
    if single not in known:
        query = _hint(query, "unknown_value", f"{operator}:{value}")
        return query._replace(impossible=True)
    chosen = Filter(single, negative)
    if operator == "has":
        return query._replace(has=(*query.has, chosen))
    return query._replace(states=(*query.states, chosen))


# Words


def _word(text: str, *, last: bool) -> tuple[Phrase, ...]:
    """A word as typed. What the tokens make of it may be a phrase: `a.b`, `日本語`."""
    starred = text.endswith("*")
    found = [token for token in tokens(text) if not token.part]
    parts = [token for token in tokens(text) if token.part]
    phrases = [_wanted(found, open_end=last or starred)]
    if parts and len(found) == 1:  # `getUser` also finds `get user`
        phrases.append(_wanted(parts, open_end=last or starred))
    return tuple(phrase for phrase in phrases if phrase)


def _phrase(text: str) -> tuple[Phrase, ...]:
    """As it stands, each word whole."""
    found = [token for token in tokens(text) if not token.part]
    phrase = _wanted(found, open_end=False, whole=True)
    return (phrase,) if phrase else ()


def _wanted(found: list[Token], *, open_end: bool, whole: bool = False) -> Phrase:
    """What a text must hold. A letter by itself at the end of a dense run may have others behind it
    there, so it is left to the pair before it, or looked for as a beginning."""
    if not found:
        return ()
    first = found[0].place
    wanted: list[Wanted] = []
    for at, token in enumerate(found):
        alone = token.dense and len(token.word) == 1
        if alone and at > 0 and found[at - 1].dense and found[at - 1].place == token.place - 1:
            continue
        is_last = at == len(found) - 1
        begins = not whole and not token.dense and len(token.word) >= BEGINNING and len(found) == 1
        prefix = alone or (not token.dense and ((is_last and open_end) or begins))
        wanted.append(Wanted(token.word, token.place - first, prefix))
    return tuple(wanted)


def _bounded(query: Query) -> Query:
    """No question may be more work than a long sentence."""
    kept: list[Term] = []
    count = 0
    for term in query.terms:
        count += sum(map(len, term.phrases))
        if count > MOST_WANTED:
            return _hint(query._replace(terms=tuple(kept)), "too_long", "")
        kept.append(term)
    return query


# Days


def _with_date(query: Query, operator: str, value: str, today: date, zone: tzinfo) -> Query:
    span = _span(value.lower(), today)
    if span is None:
        query = _hint(query, "bad_date", f"{operator}:{value}")
        return query._replace(impossible=True)
    begin, end = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in span)
    if operator == "before":
        return _within(query, None, begin)
    if operator == "after":
        return _within(query, end, None)
    return _within(query, begin, end)


def _within(query: Query, since: datetime | None, until: datetime | None) -> Query:
    sinces = [at for at in (query.since, since) if at]
    untils = [at for at in (query.until, until) if at]
    return query._replace(since=max(sinces, default=None), until=min(untils, default=None))


def _span(value: str, today: date) -> tuple[date, date] | None:
    """The first day meant, and the first after it: a day, a month or a year."""
    named = {"today": today, "yesterday": today - timedelta(days=1)}
    if value in named:
        return named[value], named[value] + timedelta(days=1)
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", value)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        begin = date(year or 0, month or 1, day or 1)
        if day:
            return begin, begin + timedelta(days=1)
        if month:
            return begin, date(begin.year + month // 12, month % 12 + 1, 1)
        return begin, date(begin.year + 1, 1, 1)
    except (ValueError, OverflowError):
        return None
