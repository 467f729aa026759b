"""Routes of reading back."""

from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.params import Parameter

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.errors import Invalid
from tertulia.features.timeline import service
from tertulia.features.timeline.schemas import (
    HiddenList,
    MarkUnread,
    Page,
    PinList,
    ReminderList,
    StarList,
    ThreadPage,
    TimelineMessage,
)

Seq = Annotated[int | None, Parameter(ge=0, le=2**62)]
Cursor = Annotated[str | None, Parameter(max_length=512)]
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
    anchor = _anchor(before, after, around)
    async with db.read() as tx:
        return await service.page(tx, actor, room_id, anchor, limit)


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


@get(
    "/rooms/{room_id:uuid}/messages/{message_id:uuid}/thread",
    tags=["threads"],
    summary="Read a page of a thread",
)
async def list_thread(
    room_id: UUID,
    message_id: UUID,
    actor: Actor,
    db: Database,
    before: Seq = None,
    after: Seq = None,
    around: Seq = None,
    limit: Limit = 50,
) -> ThreadPage:
    anchor = _anchor(before, after, around)
    async with db.read() as tx:
        return await service.thread_page(tx, actor, room_id, message_id, anchor, limit)


def _anchor(before: int | None, after: int | None, around: int | None) -> service.Anchor:
    if sum(anchor is not None for anchor in (before, after, around)) > 1:
        raise Invalid("Give at most one of before, after and around.")
    return service.Anchor(before, after, around)


@post(
    "/rooms/{room_id:uuid}/unread",
    tags=["members"],
    summary="Mark unread from a message on",
    status_code=204,
)
async def mark_unread(room_id: UUID, data: MarkUnread, actor: Actor, db: Database) -> None:
    await db.write(lambda tx: service.mark_unread(tx, actor, room_id, data.seq))


@get("/rooms/{room_id:uuid}/pins", tags=["pins"], summary="Messages a room keeps in sight")
async def list_pins(room_id: UUID, actor: Actor, db: Database) -> PinList:
    async with db.read() as tx:
        return await service.pinned(tx, actor, room_id)


@get("/rooms/{room_id:uuid}/hidden", tags=["messages"], summary="Messages I deleted for myself")
async def list_hidden(
    room_id: UUID, actor: Actor, db: Database, before: Seq = None, limit: Limit = 30
) -> HiddenList:
    async with db.read() as tx:
        return await service.hidden(tx, actor, room_id, before, limit)


@get("/me/stars", tags=["stars"], summary="Messages I saved")
async def list_stars(
    actor: Actor, db: Database, cursor: Cursor = None, limit: Limit = 30
) -> StarList:
    async with db.read() as tx:
        return await service.starred(tx, actor, cursor, limit)


@get("/me/reminders", tags=["later"], summary="What I am to be reminded of")
async def list_reminders(actor: Actor, db: Database) -> ReminderList:
    async with db.read() as tx:
        return await service.reminders(tx, actor)


ROUTES = [
    list_messages,
    get_message,
    list_thread,
    list_pins,
    list_hidden,
    list_stars,
    list_reminders,
    mark_unread,
]
