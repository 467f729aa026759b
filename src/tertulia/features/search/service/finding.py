"""Looking it up: the newest that fit, window by window, and the best of them."""

from tertulia.core.tx import Tx
from tertulia.features.search import state, store
from tertulia.features.search.service.plan import Cursor, Plan
from tertulia.features.search.store import Found

PAGE = 20  # hits
RANKED = 250  # newest candidates that relevance chooses from
COMMON = 100  # a term is common that one in so many messages fulfils
LATEST = 1_000  # messages that are read one by one before the index is asked: about 2 ms


async def by_time(tx: Tx, plan: Plan, cursor: Cursor) -> tuple[list[Found], Cursor | None]:
    """The next page and where the one after it begins."""
    found = await _newest(tx, plan, PAGE + 1)
    if len(found) <= PAGE:
        return found, None
    return found[:PAGE], Cursor(cursor.as_of, found[PAGE - 1].place)


async def by_relevance(tx: Tx, plan: Plan, cursor: Cursor) -> tuple[list[Found], Cursor | None]:
    """The same. Ranked are the newest: of a thousand that say the same the old are not missed."""
    found = await _newest(tx, plan, RANKED)
    words, exact = plan.match.words or "", plan.match.exact or ""
    ranks = await store.ranks(tx, found, words, exact, cursor.as_of)
    ranked = sorted(zip(ranks, (one.place for one in found), found, strict=True), reverse=True)
    if cursor.rank is not None and cursor.behind is not None:
        behind = (cursor.rank, cursor.behind)
        ranked = [one for one in ranked if one[:2] < behind]
    page = [one for _, _, one in ranked[:PAGE]]
    if len(ranked) <= PAGE:
        return page, None
    rank, place, _ = ranked[PAGE - 1]
    return page, Cursor(cursor.as_of, place, rank)


async def _newest(tx: Tx, plan: Plan, limit: int) -> list[Found]:
    """First the latest messages are simply read: what is common is among them, and GIN would gather
    every message that has a word beginning so. What is not among them is rare enough for GIN."""
    if plan.narrow:
        return await _candidates(tx, plan, [], limit)
    words = plan.match.full or plan.match.lookup
    terms = state.terms(plan.query)
    latest = await store.latest(tx, plan.accesses, words, terms, plan.bounds, limit, LATEST)
    found = latest.found
    if latest.reached is None or len(found) >= limit:
        return found
    common = [place for place, count in enumerate(latest.counts) if count * COMMON >= LATEST]
    plan = plan._replace(
        match=state.match(plan.query, plan.marks, common),
        bounds=plan.bounds._replace(before=latest.reached),
    )
    windows = list(state.windows(latest.reached.at, plan.query.since))
    at, stride = 0, 1
    while at < len(windows) and len(found) < limit:
        marks = [mark for window in windows[at : at + stride] for mark in window.marks]
        more = await _candidates(tx, plan, marks, limit - len(found))
        found += more
        at += stride
        stride = 1 if more else stride + 1  # nothing there: look further back at once
    return found


async def _candidates(tx: Tx, plan: Plan, marks: list[str], limit: int) -> list[Found]:
    wanted = [part for part in (plan.match.lookup, state.any_mark(marks) if marks else "") if part]
    lookup = " & ".join(wanted)
    return await store.candidates(tx, plan.accesses, lookup, plan.match.full, plan.bounds, limit)
