"""A million messages as people say them: which words, where, by whom, when.

Words follow Zipf's law; the commonest are those of English, so that `the` also begins `they` and
`there`. A sixth of the messages is Chinese, Japanese or Thai. Rooms are of very different sizes
and live for different times: some were loud last year and are quiet now.
"""

import itertools
import random
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple
from uuid import UUID

import msgspec

from tertulia.core.clock import SystemClock
from tertulia.core.ids import SystemIds
from tertulia.features.messages.schemas import TextBody
from tertulia.features.search import state
from tertulia.features.search.state import Facets

BATCH = 5_000
AHEAD = 4  # batches made while one is written
WORDS = 120_000
YEARS = timedelta(days=730)
SEED = 7
MENTIONS = 0.01
THREADS = 0.03
ENGLISH = (
    "the to of and a in is it you that for on was with be this are have i not we as at they but"
    " or will if do there can what so one all from about just like my me your would when get up"
    " out then some by an more know how think time people no he she who see now want them thanks"
    " has which here could been day make work good than go into need their our good back also"
    " only where after new use two way because us look very should well even over these still"
)
HAN = "的一是不了人我在有他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家"
KANA = "のにはをたがでてとしれさあるいうこもなっまんかすきりく日本人今時行見月分後前"
THAI = "กานรอ่เา้ีมตงสยลคหดวทบปพไใะ"


class Said(NamedTuple):
    """A message; `words` is what the index holds of it."""

    room: UUID
    seq: int
    id: UUID
    author: UUID
    at: datetime
    calls: list[UUID]
    thread: bool
    body: str
    words: str


class _Place(NamedTuple):
    """Where and when one thing is said; what is drawn later, in another process."""

    room: UUID
    seq: int
    id: UUID
    author: UUID
    at: datetime
    calls: list[UUID]
    thread: bool


@cache
def vocabulary() -> tuple[list[str], list[float]]:
    """Words, the commonest first, and how much each and all before it weigh."""
    dice = random.Random(SEED)
    made: dict[str, None] = dict.fromkeys(ENGLISH.split())
    syllables = [consonant + vowel for consonant in "bcdfghklmnprstvz" for vowel in "aeiou"]
    while len(made) < WORDS:
        count = dice.choice((1, 2, 2, 2, 3, 3, 4))
        made["".join([*dice.choices(syllables, k=count), dice.choice(("", *"snrtlae"))])] = None
    return list(made), list(itertools.accumulate(1 / rank for rank in range(1, WORDS + 1)))


def text(dice: random.Random) -> str:
    length, kind = max(1, int(dice.gammavariate(2, 6))), dice.random()
    for letters, share in ((HAN, 0.08), (KANA, 0.13), (THAI, 0.17)):
        if kind < share:
            weights = [1 / (rank + 1) ** 0.7 for rank in range(len(letters))]
            return "".join(dice.choices(letters, weights, k=length * 2))
    all_words, weights = vocabulary()
    words = dice.choices(all_words, cum_weights=weights, k=length)
    if kind > 0.98:
        words.append(f"https://{dice.choice(all_words)}.example/")
    elif kind > 0.97:
        words.append(f"`{dice.choice(all_words)}`")
    return " ".join(words)


def said(
    workers: Executor, count: int, authors: Sequence[UUID], places: Sequence[UUID]
) -> Iterator[list[Said]]:
    """All of it, in the order of its times. The workers take the texts apart."""
    waiting: deque[Future[list[Said]]] = deque()
    for number, batch in enumerate(_batches(_places(count, authors, places))):
        waiting.append(workers.submit(_say, number, batch))
        if len(waiting) > AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _batches(places: Iterator[_Place]) -> Iterator[list[_Place]]:
    while batch := list(itertools.islice(places, BATCH)):
        yield batch


def _places(count: int, authors: Sequence[UUID], rooms: Sequence[UUID]) -> Iterator[_Place]:
    dice, ids, begin = random.Random(SEED), SystemIds(SystemClock()), datetime.now(UTC) - YEARS
    seqs = dict.fromkeys(rooms, 0)
    lives = [_life(dice, number) for number in range(len(rooms))]
    by_author = list(itertools.accumulate(1 / (n + 1) ** 0.8 for n in range(len(authors))))
    for start in range(0, count, BATCH):
        now = start / count
        loud = [
            size if born <= now < died else size / 5_000
            for size, (born, died) in zip(_sizes(len(rooms)), lives, strict=True)
        ]
        many = min(BATCH, count - start)
        here = dice.choices(rooms, loud, k=many)
        who = dice.choices(authors, cum_weights=by_author, k=many)
        for number, (room, author) in enumerate(zip(here, who, strict=True), start):
            seqs[room] += 1
            calls = [dice.choice(authors)] if dice.random() < MENTIONS else []
            yield _Place(
                room, seqs[room], ids.uuid7(), author, begin + YEARS * (number / count),
                calls, dice.random() < THREADS,
            )  # fmt: skip


def _sizes(rooms: int) -> list[float]:
    return [1 / (n + 1) ** 0.9 for n in range(rooms)]


def _life(dice: random.Random, number: int) -> tuple[float, float]:
    """From when to when a room is used, in parts of all the time. Every third falls silent."""
    born = dice.random() * 0.5 if number else 0
    return born, (born + 0.3 if number % 3 == 2 else 2)


def _say(number: int, batch: list[_Place]) -> list[Said]:
    dice = random.Random(f"{SEED} {number}")
    return [_one(place, text(dice)) for place in batch]


def _one(place: _Place, words: str) -> Said:
    facets = Facets(place.room, place.author, calls=place.calls, in_thread=place.thread)
    body = msgspec.json.encode(TextBody(text=words)).decode()
    return Said(*place, body, state.index(words, facets))
