"""The route of search."""

from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import get
from litestar.params import QueryParameter

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.errors import FieldError, Invalid
from tertulia.core.limits import Limiter
from tertulia.features.search import service
from tertulia.features.search.policy import MAX_QUERY, SEARCHING
from tertulia.features.search.schemas import SearchPage, Sort


@get("/search", tags=["search"], summary="Find messages")
async def search(
    actor: Actor,
    db: Database,
    limiter: Limiter,
    question: Annotated[str, QueryParameter(name="query", max_length=MAX_QUERY)],
    sort: Sort = "relevance",
    room_id: UUID | None = None,
    cursor: Annotated[str | None, QueryParameter(max_length=512)] = None,
    time_zone: Annotated[str, QueryParameter(max_length=64)] = "UTC",
) -> SearchPage:
    """`query` is words, "phrases" and operators (docs/protocol.md F). `room_id` looks there only.
    `time_zone` is where my days begin, as in `Europe/Madrid`."""
    await limiter.hit(SEARCHING, str(actor.account_id))
    asked = service.Asked(question, sort, room_id, cursor, _zone(time_zone))
    async with db.read() as tx:
        return await service.search(tx, actor, asked)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        message = "Give the name of a time zone, as in Europe/Madrid."
        raise Invalid(message, errors=(FieldError("time_zone", "unknown", message),)) from None


ROUTES = [search]
