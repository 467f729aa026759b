"""Looking it up: the newest that fit, and the best of them, with bounded work.

What is common is among the newest messages, so those are simply read, one by one. What is not among
them is rare enough for GIN, mostly. Where it is neither (a phrase of common words that nobody says)
so many messages are read and no more: the next page goes on from there.
"""

from typing import NamedTuple

from tertulia.core.tx import Tx
from tertulia.features.search import state, store
from tertulia.features.search.service.plan import Cursor, Plan
from tertulia.features.search.store import Found, Place, Walked

PAGE = 20  # hits
RANKED = 250  # newest that fit, which relevance puts in order
FIRST = 1_000  # messages walked through before GIN is asked: about a millisecond
CHUNK = 4_000  # at a time from then on
WALK = 16_000  # in all; half of that where each room is walked: its messages lie apart
COMMON = 0.01  # share of messages from which on GIN does not gather a beginning
BROAD = 0.02  # share below which something asked for must be for GIN to be asked
GATHERED = 8_000  # messages that GIN may find: each is looked at
SAMPLES, SAMPLE = 8, 64  # of all times, to learn what is common


class Newest(NamedTuple):
    """The newest that fit. `rest`: what is older than this was not looked at, None where there is
    no more."""

    found: list[Found]
    rest: Place | None


async def by_time(tx: Tx, plan: Plan, cursor: Cursor) -> tuple[list[Found], Cursor | None]:
    """The next page and where the one after it begins."""
    found, rest = await _newest(tx, plan, PAGE + 1)
    if len(found) > PAGE:
        found, rest = found[:PAGE], found[PAGE - 1].place
    return found, Cursor(cursor.as_of, rest) if rest else None


async def by_relevance(tx: Tx, plan: Plan, cursor: Cursor) -> tuple[list[Found], Cursor | None]:
    """The same. Ranked are stretches of the newest; behind a stretch comes the next."""
    found, rest = await _newest(tx, plan, RANKED)
    match = plan.match
    ranks = await store.ranks(tx, found, match.words, match.exact, cursor.as_of)
    ranked = sorted(zip(ranks, (one.place for one in found), found, strict=True), reverse=True)
    if cursor.rank is not None and cursor.behind is not None:
        behind = (cursor.rank, cursor.behind)
        ranked = [one for one in ranked if one[:2] < behind]
    page = [one for _, _, one in ranked[:PAGE]]
    if len(ranked) > PAGE:
        rank, place, _ = ranked[PAGE - 1]
        return page, Cursor(cursor.as_of, cursor.start, place, rank)
    return page, Cursor(cursor.as_of, rest) if rest else None


async def _newest(tx: Tx, plan: Plan, limit: int) -> Newest:
    words = plan.match.full
    if plan.bounds.only is not None:
        return _cut(await store.among(tx, plan.accesses, words, plan.bounds, limit), limit, None)
    first = await _walk(tx, plan, limit, FIRST, plan.match.parts)
    found, stop = first.found, first.stop
    if stop is None or len(found) >= limit:
        return _cut(found, limit, stop)
    plan = _older(plan, stop)
    far = WALK // 2 if plan.sizes else WALK
    if len(found) * far < limit * FIRST:  # walking on at this rate does not find them all
        more = await _looked_up(tx, plan, first.shares, limit - len(found))
        if more is not None:
            return _cut([*found, *more], limit, None)
    walked = FIRST
    while stop and len(found) < limit and walked < far:
        more, stop, _ = await _walk(tx, plan, limit - len(found), CHUNK, ())
        found = [*found, *more]
        walked += CHUNK
        plan = _older(plan, stop) if stop else plan
    return _cut(found, limit, stop)


def _cut(found: list[Found], limit: int, stop: Place | None) -> Newest:
    """Of so many there may be more right behind the last."""
    return Newest(found, found[-1].place if len(found) >= limit else stop)


def _older(plan: Plan, than: Place) -> Plan:
    return plan._replace(bounds=plan.bounds._replace(before=than))


async def _walk(tx: Tx, plan: Plan, limit: int, number: int, parts: tuple[str, ...]) -> Walked:
    """Where my rooms hold little of all there is, each is walked by itself, large ones further."""
    by_room = None
    if plan.sizes:
        all_sizes = max(sum(plan.sizes), 1)
        by_room = [2 + number * size // all_sizes for size in plan.sizes]
    return await store.walk(
        tx, plan.accesses, plan.match.full, parts, plan.bounds, limit, number, by_room
    )


async def _looked_up(tx: Tx, plan: Plan, newest: list[float], limit: int) -> list[Found] | None:
    """What GIN finds; None where that is too much to ask of it."""
    ever = await store.shares_ever(tx, plan.match.parts, SAMPLES, SAMPLE)
    shares = [max(pair) for pair in zip(newest, ever, strict=True)]
    marks = plan.marks
    if plan.rooms:
        marks, shares = [*marks, plan.rooms], [*shares, plan.share]
    lookup = state.lookup(plan.query, marks, shares, common=COMMON, broad=BROAD)
    if lookup is None:
        return None
    return await store.by_words(
        tx, plan.accesses, plan.match.full, lookup, plan.bounds, limit, GATHERED
    )
