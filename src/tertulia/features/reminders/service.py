"""The verbs of reminders."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from tertulia.core import jobs
from tertulia.core.actor import Actor
from tertulia.core.errors import AppError, Invalid, NotFound
from tertulia.core.streams import account_stream
from tertulia.core.tx import Tx
from tertulia.features.messages import service as messages
from tertulia.features.reminders import store
from tertulia.features.reminders.events import ReminderChanged, ReminderDue
from tertulia.features.reminders.schemas import (
    REMINDER_LIMIT,
    ChangeReminder,
    Reminder,
    RemindMe,
)
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can
from tertulia.features.scheduled.service import require_ahead

RING = "reminder.ring"  # the kind of job


class Ringing(msgspec.Struct, frozen=True):
    """What a job is told: whose, and which."""

    account_id: UUID
    id: UUID


class TooManyReminders(AppError):
    code, status, title = "too_many", 409, f"At most {REMINDER_LIMIT} reminders can wait"


async def remind(tx: Tx, actor: Actor, wanted: RemindMe) -> Reminder:
    """Ring at a time, about a message I may read or about a note of mine. The same `client_id`
    again returns the first answer."""
    require_ahead(wanted.due_at, tx.now, "due_at")
    if "\0" in wanted.note:
        raise Invalid("The note holds a NUL character.")
    if (wanted.room_id is None) != (wanted.message_id is None):
        raise Invalid("A message is named by its room and its id.")
    if wanted.room_id is not None and wanted.message_id is not None:
        [access] = await rooms.find_accesses(tx, [(actor.account_id, wanted.room_id)])
        refused = rooms.refusal(access, Can.READ)
        if access is None or refused is not None:
            raise refused or NotFound()
        await messages.get_message(tx, access, wanted.message_id)
    elif not wanted.note.strip():
        raise Invalid("Say what to remind you of.")
    await tx.lock(account_stream(actor.account_id))
    earlier = await store.find_asked(tx, actor.account_id, wanted.client_id)
    if earlier is not None:
        return earlier
    if await store.count(tx, actor.account_id) >= REMINDER_LIMIT:
        raise TooManyReminders
    reminder = Reminder(
        id=tx.ids.uuid7(),
        room_id=wanted.room_id,
        message_id=wanted.message_id,
        note=wanted.note,
        due_at=wanted.due_at,
        zone=wanted.zone,
        created_at=tx.now,
        rung_at=None,
    )
    await store.insert(tx, actor.account_id, wanted.client_id, reminder)
    await _wind(tx, actor.account_id, reminder)
    return reminder


async def _wind(tx: Tx, account_id: UUID, reminder: Reminder) -> None:
    later = Ringing(account_id, reminder.id)
    await jobs.enqueue(tx, RING, later, run_at=reminder.due_at, key=str(reminder.id))
    fact = ReminderChanged(id=reminder.id, reminder=reminder)
    tx.emit(account_stream(account_id), fact, account_id)


async def reminders(tx: Tx, actor: Actor) -> list[Reminder]:
    """All of mine: those that rang, then the next first."""
    return await store.all_of(tx, actor.account_id)


async def rung(tx: Tx, actor: Actor) -> list[Reminder]:
    """Those of mine that rang and that I am not done with, in the order they rang."""
    return await store.rung_of(tx, actor.account_id)


async def snooze(tx: Tx, actor: Actor, id_: UUID, wanted: ChangeReminder) -> Reminder:
    """Ring (again) at another time. Raises NotFound."""
    require_ahead(wanted.due_at, tx.now, "due_at")
    reminder = await _get(tx, actor, id_)
    after = msgspec.structs.replace(reminder, due_at=wanted.due_at, zone=wanted.zone, rung_at=None)
    if after != reminder:
        await store.update(tx, actor.account_id, after)
        await _wind(tx, actor.account_id, after)
    return after


async def _get(tx: Tx, actor: Actor, id_: UUID) -> Reminder:
    await tx.lock(account_stream(actor.account_id))
    reminder = await store.find(tx, actor.account_id, id_)
    if reminder is None:
        raise NotFound
    return reminder


async def dismiss(tx: Tx, actor: Actor, id_: UUID) -> None:
    """Done with it, whether it rang or not. Raises NotFound."""
    await _get(tx, actor, id_)
    await store.delete(tx, actor.account_id, id_)
    await jobs.cancel(tx, RING, str(id_))
    fact = ReminderChanged(id=id_, reminder=None)
    tx.emit(account_stream(actor.account_id), fact, actor)


async def ring(tx: Tx, account_id: UUID, id_: UUID) -> None:
    """Tell somebody that it is time, once."""
    await tx.lock(account_stream(account_id))
    reminder = await store.find(tx, account_id, id_)
    if reminder is None or reminder.rung_at is not None or reminder.due_at > tx.now:
        return  # dismissed, rung, or moved: then another job waits
    rung = msgspec.structs.replace(reminder, rung_at=tx.now)
    await store.update(tx, account_id, rung)
    tx.emit(account_stream(account_id), ReminderDue(id=id_, reminder=rung), None)


async def logged_reminders(
    tx: Tx, wanted: Sequence[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], Reminder]:
    return await store.by_id(tx, wanted)
