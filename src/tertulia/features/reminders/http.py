"""Routes of reminders. `GET me/reminders` is in `timeline`, with the messages."""

from uuid import UUID

from litestar import delete, patch, post

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.limits import Bucket, Limiter
from tertulia.features.reminders import service
from tertulia.features.reminders.schemas import ChangeReminder, Reminder, RemindMe

REMINDER = "/me/reminders/{reminder_id:uuid}"
REMINDING = Bucket("reminders.set", 120, 60)


@post("/me/reminders", tags=["later"], summary="Remind me")
async def add_reminder(data: RemindMe, actor: Actor, db: Database, limiter: Limiter) -> Reminder:
    await limiter.hit(REMINDING, str(actor.account_id))
    return await db.write(lambda tx: service.remind(tx, actor, data))


@patch(REMINDER, tags=["later"], summary="Remind me at another time")
async def snooze_reminder(
    reminder_id: UUID, data: ChangeReminder, actor: Actor, db: Database, limiter: Limiter
) -> Reminder:
    await limiter.hit(REMINDING, str(actor.account_id))
    return await db.write(lambda tx: service.snooze(tx, actor, reminder_id, data))


@delete(REMINDER, tags=["later"], summary="Done with it", status_code=204)
async def dismiss_reminder(reminder_id: UUID, actor: Actor, db: Database) -> None:
    await db.write(lambda tx: service.dismiss(tx, actor, reminder_id))


ROUTES = [add_reminder, snooze_reminder, dismiss_reminder]
