"""The part of a text that a question found, with what was found marked."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tertulia.features.search.state.query import Phrase, Query, Wanted
from tertulia.features.search.state.tokens import Token, tokens

LENGTH = 240  # code points of an excerpt, about
LEAD = 60  # of them before the first thing found
MOST_COMPARED = 100  # places looked at for the best one


class Part(NamedTuple):
    text: str
    found: bool


def excerpt(text: str, query: Query) -> list[Part]:
    """One line. It begins near the place where most was found together."""
    spans = highlights(text, query)
    start, end = _frame(text, spans)
    parts: list[Part] = [Part("… ", found=False)] if start > 0 else []
    at = start
    for begin, finish in spans:
        if begin < start or begin >= end:
            continue
        parts.append(Part(text[at:begin], found=False))
        at = min(finish, end)
        parts.append(Part(text[begin:at], found=True))
    parts.append(Part(text[at:end], found=False))
    if end < len(text):
        parts.append(Part(" …", found=False))
    return [Part(_one_line(part.text), part.found) for part in parts if part.text]


def highlights(text: str, query: Query) -> list[tuple[int, int]]:
    """What was found, as ranges of code points, in order, none touching another."""
    places: dict[int, list[Token]] = {}
    for token in tokens(text):
        places.setdefault(token.place, []).append(token)
    spans: list[tuple[int, int]] = []
    for term in query.terms:
        if not term.negative:
            for phrase in term.phrases:
                spans += _phrase_spans(places, phrase)
    return _merged(spans)


def _phrase_spans(places: dict[int, list[Token]], phrase: Phrase) -> Iterable[tuple[int, int]]:
    for place in places:
        spans = [_span(places.get(place + wanted.place, ()), wanted) for wanted in phrase]
        if all(spans):
            yield from (span for span in spans if span)


def _span(here: Iterable[Token], wanted: Wanted) -> tuple[int, int] | None:
    """Of the tokens at one place the one wanted. Of a pair found by its first letter, that."""
    for token in here:
        if token.word == wanted.word or (wanted.prefix and token.word.startswith(wanted.word)):
            one_letter = token.dense and len(wanted.word) == 1
            return token.start, token.start + 1 if one_letter else token.end
    return None


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _frame(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Where the excerpt begins and ends: at words, around the most that was found."""
    if len(text) <= LENGTH:
        return 0, len(text)
    best = max(
        (start for start, _ in spans),
        key=lambda start: (
            sum(start <= other < start + LENGTH - LEAD for other, _ in spans),
            -start,
        ),
        default=0,
    )
    start = max(0, min(best - LEAD, len(text) - LENGTH))
    if start > 0:
        space = text.find(" ", start, best)
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + LENGTH)
    space = text.rfind(" ", max(start + 1, best + 40), end) if end < len(text) else -1
    return start, (space if space > 0 else end)


def _one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ").replace("\t", " ")
