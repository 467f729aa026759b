"""Routes of the inboxes."""

from typing import Annotated

from litestar import Router, get
from litestar.params import Parameter

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.limits import Bucket, Limiter
from tertulia.features.inbox import service
from tertulia.features.inbox.schemas import MentionInbox, Only, ThreadInbox

LOOK = Bucket("inbox", 240, 60)
Cursor = Annotated[str | None, Parameter(max_length=256)]
Limit = Annotated[int, Parameter(ge=1, le=100)]


@get("/threads", tags=["threads"], summary="Threads that call me, in all my rooms")
async def list_threads(
    actor: Actor, db: Database, limiter: Limiter, cursor: Cursor = None
) -> ThreadInbox:
    await limiter.hit(LOOK, str(actor.account_id))
    async with db.read() as tx:
        return await service.thread_inbox(tx, actor, cursor)


@get("/mentions", tags=["mentions"], summary="Messages that call me, in all my rooms")
async def list_mentions(
    actor: Actor,
    db: Database,
    limiter: Limiter,
    cursor: Cursor = None,
    only: Only | None = None,
    limit: Limit = 30,
) -> MentionInbox:
    await limiter.hit(LOOK, str(actor.account_id))
    async with db.read() as tx:
        return await service.mention_inbox(tx, actor, cursor, only, limit)


ROUTES = [Router("/api/v1", route_handlers=[list_threads, list_mentions])]
