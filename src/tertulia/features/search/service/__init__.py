"""The verbs of search: find, and keep the index."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import NamedTuple
from uuid import UUID

from tertulia.core import cursors
from tertulia.core.actor import Actor
from tertulia.core.tx import Tx
from tertulia.features.files import service as files
from tertulia.features.files.schemas import File
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import Message
from tertulia.features.search import state, store
from tertulia.features.search.schemas import (
    ExcerptPart,
    SearchHint,
    SearchHit,
    SearchPage,
    Sort,
)
from tertulia.features.search.service import finding, plan
from tertulia.features.search.service.indexing import follow, on_deleted, on_edited, on_expired
from tertulia.features.search.service.plan import Cursor
from tertulia.features.search.state import Query
from tertulia.features.search.store import Found

__all__ = ["Asked", "follow", "on_deleted", "on_edited", "on_expired", "search"]


class Asked(NamedTuple):
    """`room_id`: only there. `zone` is where the asker's days begin."""

    query: str
    sort: Sort
    room_id: UUID | None
    cursor: str | None
    zone: tzinfo


async def search(tx: Tx, actor: Actor, asked: Asked) -> SearchPage:
    """Messages that answer a question, from rooms I am in."""
    query = state.parse(asked.query, now=tx.now, zone=asked.zone)
    cursor = cursors.decode(asked.cursor, Cursor) if asked.cursor else plan.beginning(tx.now)
    if query.is_empty:
        return _nothing(query)
    drawn = await plan.draw(tx, actor, query, asked.room_id, cursor)
    if drawn.query.impossible or not drawn.accesses:
        return _nothing(drawn.query)
    await store.prepare(tx)
    if asked.sort == "relevance" and drawn.match.words:
        found, following = await finding.by_relevance(tx, drawn, cursor)
    else:
        found, following = await finding.by_time(tx, drawn, cursor)
    return await _page(tx, drawn, found, following)


def _nothing(query: Query) -> SearchPage:
    return SearchPage(hits=[], people=[], hints=_hints(query), next=None)


async def _page(
    tx: Tx, drawn: plan.Plan, found: Sequence[Found], following: Cursor | None
) -> SearchPage:
    accesses = {access.room_id: access for access in drawn.accesses}
    there = await messages.find_messages(tx, [(accesses[one.room_id], one.id) for one in found])
    bringing = [(accesses[one.room_id], one.id) for one in there.values()
                if messages.file_ids(one.body)]  # fmt: skip
    brought = await files.beside(tx, bringing)
    hits = [
        _hit(there[one.room_id, one.id], brought.get(one.id, []), drawn.query)
        for one in found
        if (one.room_id, one.id) in there
    ]
    return SearchPage(
        hits=hits,
        people=await messages.people_in(tx, [hit.message for hit in hits]),
        hints=_hints(drawn.query),
        next=cursors.encode(following) if following else None,
    )


def _hit(message: Message, own: Sequence[File], query: Query) -> SearchHit:
    parts = state.excerpt(state.plain(state.words_of(message.body, own)), query)
    return SearchHit(
        message=message,
        files=list(own),
        excerpt=[ExcerptPart(text=part.text, found=part.found) for part in parts],
    )


def _hints(query: Query) -> list[SearchHint]:
    return [SearchHint(code=hint.code, about=hint.about) for hint in query.hints]
