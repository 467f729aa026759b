"""Routes of reading back."""

from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import Parameter

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.errors import Invalid
from tertulia.features.timeline import service
from tertulia.features.timeline.schemas import Page, TimelineMessage

Seq = Annotated[int | None, Parameter(ge=0, le=2**62)]
Limit = Annotated[int, Parameter(ge=1, le=100)]


@get(
    "/rooms/{room_id:uuid}/messages",
    tags=["messages"],
    summary="Read a page of history",
)
async def list_messages(
    room_id: UUID,
    actor: Actor,
    db: Database,
    before: Seq = None,
    after: Seq = None,
    around: Seq = None,
    limit: Limit = 50,
) -> Page:
    if sum(anchor is not None for anchor in (before, after, around)) > 1:
        raise Invalid("Give at most one of before, after and around.")
    async with db.read() as tx:
        return await service.page(tx, actor, room_id, service.Anchor(before, after, around), limit)


@get(
    "/rooms/{room_id:uuid}/messages/{message_id:uuid}",
    tags=["messages"],
    summary="Read one message",
)
async def get_message(
    room_id: UUID, message_id: UUID, actor: Actor, db: Database
) -> TimelineMessage:
    async with db.read() as tx:
        return await service.message(tx, actor, room_id, message_id)


ROUTES = [list_messages, get_message]
