"""The verbs of saying something later."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from tertulia.core import jobs
from tertulia.core.actor import Actor
from tertulia.core.errors import AppError, FieldError, Invalid, NotFound
from tertulia.core.streams import account_stream, room_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import SendMessage
from tertulia.features.messages.service import Outgoing
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can
from tertulia.features.scheduled import policy, store
from tertulia.features.scheduled.events import ScheduledChanged
from tertulia.features.scheduled.schemas import (
    SCHEDULED_LIMIT,
    ChangeScheduled,
    Scheduled,
    ScheduleMessage,
)

SEND = "scheduled.send"  # the kind of job


class Later(msgspec.Struct, frozen=True):
    """What a job is told: whose, and which."""

    account_id: UUID
    id: UUID


class TooManyScheduled(AppError):
    code, status, title = "too_many", 409, f"At most {SCHEDULED_LIMIT} messages can be scheduled"


async def schedule(tx: Tx, actor: Actor, room_id: UUID, wanted: ScheduleMessage) -> Scheduled:
    """Say something later, where I may say it now. The same `client_id` again returns the first
    answer."""
    require_ahead(wanted.send_at, tx.now, "send_at")
    messages.require_speakable(wanted.text)
    await _require_may(tx, actor, room_id, Can.POST if wanted.thread is None else Can.REPLY)
    await tx.lock(account_stream(actor.account_id))
    earlier = await store.find_asked(tx, actor.account_id, wanted.client_id)
    if earlier is not None:
        return earlier
    if await store.count(tx, actor.account_id) >= SCHEDULED_LIMIT:
        raise TooManyScheduled
    message = Scheduled(
        id=tx.ids.uuid7(),
        room_id=room_id,
        thread=wanted.thread,
        text=wanted.text,
        reply_to=wanted.reply_to,
        send_at=wanted.send_at,
        zone=wanted.zone,
        client_id=wanted.client_id,
        created_at=tx.now,
        failed=None,
    )
    await store.insert(tx, actor, message)
    await _plan(tx, actor.account_id, message)
    return message


async def _require_may(tx: Tx, actor: Actor, room_id: UUID, can: Can) -> None:
    """Without the room's lock: what counts is what I may when it is said."""
    [access] = await rooms.find_accesses(tx, [(actor.account_id, room_id)])
    refused = rooms.refusal(access, can)
    if refused is not None:
        raise refused


def require_ahead(when: datetime, now: datetime, field: str) -> None:
    """Raises `Invalid` naming the field of a time that is over, or too far away."""
    if not policy.is_ahead(when, now):
        message = "Choose a time in the next year."
        raise Invalid(message, errors=(FieldError(field, "invalid", message),))


async def _plan(tx: Tx, account_id: UUID, message: Scheduled) -> None:
    later = Later(account_id, message.id)
    await jobs.enqueue(tx, SEND, later, run_at=message.send_at, key=str(message.id))
    _tell(tx, account_id, message.id, message)


def _tell(tx: Tx, account_id: UUID, id_: UUID, message: Scheduled | None) -> None:
    tx.emit(account_stream(account_id), ScheduledChanged(id=id_, scheduled=message), account_id)


async def scheduled(tx: Tx, actor: Actor) -> list[Scheduled]:
    """All of mine, the next first."""
    return await store.all_of(tx, actor.account_id)


async def failed(tx: Tx, actor: Actor) -> list[Scheduled]:
    """Those of mine that could not be said, the longest due first."""
    return await store.failed_of(tx, actor.account_id)


async def change(tx: Tx, actor: Actor, id_: UUID, wanted: ChangeScheduled) -> Scheduled:
    """Other words or another time; one that failed gets a new chance. Raises NotFound, also for one
    that was said meanwhile."""
    message = await _get(tx, actor, id_)
    new: dict[str, Any] = {
        field: value
        for field in ("text", "send_at", "zone")
        if (value := getattr(wanted, field)) is not UNSET
    }
    if wanted.text is not UNSET:
        messages.require_speakable(wanted.text)
    after = msgspec.structs.replace(message, **new, failed=None)
    require_ahead(after.send_at, tx.now, "send_at")
    if after != message:
        await store.update(tx, actor.account_id, after)
        await _plan(tx, actor.account_id, after)
    return after


async def _get(tx: Tx, actor: Actor, id_: UUID) -> Scheduled:
    await tx.lock(account_stream(actor.account_id))
    message = await store.find(tx, actor.account_id, id_)
    if message is None:
        raise NotFound
    return message


async def cancel(tx: Tx, actor: Actor, id_: UUID) -> None:
    """Raises NotFound, also for one that was said meanwhile."""
    await _get(tx, actor, id_)
    await _forget(tx, actor.account_id, id_)


async def _forget(tx: Tx, account_id: UUID, id_: UUID) -> None:
    await store.delete(tx, account_id, id_)
    await jobs.cancel(tx, SEND, str(id_))
    _tell(tx, account_id, id_, None)


async def send_now(tx: Tx, actor: Actor, id_: UUID) -> None:
    """Say it at once. Raises NotFound, and what sending raises; then it stays scheduled."""
    refused = await _say(tx, actor.account_id, id_, actor.device_id)
    if refused is not None:
        raise refused


async def send_due(tx: Tx, account_id: UUID, id_: UUID) -> None:
    """Say a message whose time has come, once, whoever asks and how often. What its author may no
    longer say is kept with the reason, and they are told."""
    message = await store.find(tx, account_id, id_)
    if message is None or message.failed is not None or message.send_at > tx.now:
        return  # said, cancelled, or moved: then another job waits
    device_id = await store.find_device(tx, account_id, id_)
    refused = await _say(tx, account_id, id_, device_id)
    if refused is not None:
        await _postpone(tx, account_id, message, refused)


async def _postpone(tx: Tx, account_id: UUID, message: Scheduled, refused: AppError) -> None:
    if refused.retry_after is not None and refused.retry_after <= policy.PATIENCE:
        again = tx.now + timedelta(seconds=max(1.0, refused.retry_after))
        later = Later(account_id, message.id)
        await jobs.enqueue(tx, SEND, later, run_at=again, key=str(message.id))
        return
    failed = msgspec.structs.replace(message, failed=refused.code)
    await store.update(tx, account_id, failed)
    _tell(tx, account_id, message.id, failed)


async def _say(tx: Tx, account_id: UUID, id_: UUID, device_id: UUID) -> AppError | None:
    """Send, and forget the plan. The room is locked before the account, as everywhere; what is
    found then is what is said."""
    message = await store.find(tx, account_id, id_)
    if message is None:
        return NotFound()
    await tx.lock(room_stream(message.room_id))
    await tx.lock(account_stream(account_id))
    message = await store.find(tx, account_id, id_)
    if message is None:
        return NotFound()
    if (await accounts.get_accounts(tx, [account_id]))[account_id].deactivated:
        return NotFound()
    draft = SendMessage(
        client_id=message.client_id,
        text=message.text,
        reply_to=message.reply_to,
        thread=message.thread,
    )
    [outcome] = await messages.send_all(
        tx, [Outgoing(Actor(account_id, device_id), message.room_id, draft)]
    )
    if isinstance(outcome, AppError):
        return outcome
    await _forget(tx, account_id, id_)
    return None


# For the event log, which hands an account's facts to that account only


async def logged_scheduled(
    tx: Tx, wanted: Sequence[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], Scheduled]:
    return await store.by_id(tx, wanted)
