"""Routes of what is to be said later."""

from uuid import UUID

from litestar import delete, get, patch, post

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.limits import Limiter
from tertulia.features.scheduled import service
from tertulia.features.scheduled.policy import PLANNING
from tertulia.features.scheduled.schemas import (
    ChangeScheduled,
    Scheduled,
    ScheduledList,
    ScheduleMessage,
)

MINE = "/me/scheduled/{scheduled_id:uuid}"


@post("/rooms/{room_id:uuid}/scheduled", tags=["later"], summary="Say something later")
async def schedule_message(
    room_id: UUID, data: ScheduleMessage, actor: Actor, db: Database, limiter: Limiter
) -> Scheduled:
    await limiter.hit(PLANNING, str(actor.account_id))
    return await db.write(lambda tx: service.schedule(tx, actor, room_id, data))


@get("/me/scheduled", tags=["later"], summary="What I want to say later")
async def list_scheduled(actor: Actor, db: Database) -> ScheduledList:
    async with db.read() as tx:
        return ScheduledList(scheduled=await service.scheduled(tx, actor))


@patch(MINE, tags=["later"], summary="Change words or time")
async def change_scheduled(
    scheduled_id: UUID, data: ChangeScheduled, actor: Actor, db: Database, limiter: Limiter
) -> Scheduled:
    await limiter.hit(PLANNING, str(actor.account_id))
    return await db.write(lambda tx: service.change(tx, actor, scheduled_id, data))


@delete(MINE, tags=["later"], summary="Do not say it", status_code=204)
async def cancel_scheduled(scheduled_id: UUID, actor: Actor, db: Database) -> None:
    await db.write(lambda tx: service.cancel(tx, actor, scheduled_id))


@post(f"{MINE}/send", tags=["later"], summary="Say it now", status_code=204)
async def send_scheduled(scheduled_id: UUID, actor: Actor, db: Database, limiter: Limiter) -> None:
    await limiter.hit(PLANNING, str(actor.account_id))
    await db.write(lambda tx: service.send_now(tx, actor, scheduled_id))


ROUTES = [
    schedule_message,
    list_scheduled,
    change_scheduled,
    cancel_scheduled,
    send_scheduled,
]
