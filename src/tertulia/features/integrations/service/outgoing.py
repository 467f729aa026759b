"""Webhooks that tell elsewhere what happened here."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from tertulia.core import cursors, jobs
from tertulia.core.actor import Actor
from tertulia.core.errors import Conflict, Forbidden, NotFound
from tertulia.core.followers import Happened
from tertulia.core.streams import account_stream, room_stream
from tertulia.core.tx import Tx
from tertulia.core.wire import Shape
from tertulia.features.accounts.service import keepers
from tertulia.features.integrations import policy
from tertulia.features.integrations.events import WebhookDisabled
from tertulia.features.integrations.schemas import (
    DeliveryList,
    MakeOutgoing,
    NewOutgoing,
    OffReason,
    OutgoingWebhook,
    WebhookList,
)
from tertulia.features.integrations.service.incoming import TooManyWebhooks, incoming_of
from tertulia.features.integrations.store import outgoing as store
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import SystemBody
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import AuditAction
from tertulia.features.rooms.service import AuditEntry, Can

DELIVER = "webhook.deliver"  # the kind of job
TOLD = 50  # of those who run the server; the others see it when they look
TURNED_OFF = "the webhook was turned off"


class TurnedOff(Conflict):
    title = "This webhook is turned off: turn it on first"


class ToDeliver(Shape, frozen=True):
    webhook_id: UUID
    delivery_id: UUID


class Parcel(NamedTuple):
    """What is to be posted where, signed with which secrets."""

    url: str
    body: bytes
    secrets: list[bytes]


class Outcome(NamedTuple):
    """Of one attempt. `last`: there will be no other."""

    status: int | None
    milliseconds: int
    error: str
    last: bool

    @property
    def good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


async def _require(tx: Tx, actor: Actor, room_id: UUID | None) -> None:
    """A room's webhooks are its moderators'; those of the server are for those who run it."""
    if room_id is not None:
        await rooms.require(tx, actor, room_id, Can.MODERATE)
    elif not actor.is_admin:
        raise Forbidden("Webhooks of the server are for those who run it.")


async def _find(tx: Tx, actor: Actor, room_id: UUID | None, hook_id: UUID) -> store.Target:
    await _require(tx, actor, room_id)
    found = await store.find_target(tx, hook_id)
    if found is None or found.room_id != room_id:
        raise NotFound
    return found


async def webhooks(tx: Tx, actor: Actor, room_id: UUID | None) -> WebhookList:
    """Both ways; of the whole server with `room_id` None."""
    await _require(tx, actor, room_id)
    incoming = [] if room_id is None else await incoming_of(tx, room_id)
    return WebhookList(incoming=incoming, outgoing=await store.outgoing_of(tx, room_id))


async def make_outgoing(
    tx: Tx, actor: Actor, room_id: UUID | None, draft: MakeOutgoing, *, key: bytes
) -> NewOutgoing:
    """The secret is in this answer, and derived again for each delivery. Raises TooManyWebhooks."""
    await _require(tx, actor, room_id)
    if len(await store.outgoing_of(tx, room_id)) >= policy.HOOKS:
        raise TooManyWebhooks
    events = list(dict.fromkeys(draft.events))
    since = 0 if room_id is None else tx.head(room_stream(room_id))
    hook = await store.insert_outgoing(
        tx, tx.ids.uuid7(), room_id, draft.url, events, actor.account_id, since
    )
    await _record(tx, actor, room_id, "webhook.made", draft.url)
    return NewOutgoing(webhook=hook, secret=_secret(key, hook.id, 1))


async def rotate(
    tx: Tx, actor: Actor, room_id: UUID | None, hook_id: UUID, *, key: bytes
) -> NewOutgoing:
    """A new secret; for a day the old one signs too. Raises NotFound."""
    await _find(tx, actor, room_id, hook_id)
    generation = await store.rotate(tx, hook_id)
    hook = await _shown(tx, room_id, hook_id)
    await _record(tx, actor, room_id, "webhook.secret_changed", hook.url)
    return NewOutgoing(webhook=hook, secret=_secret(key, hook_id, generation))


async def enable(tx: Tx, actor: Actor, room_id: UUID | None, hook_id: UUID) -> OutgoingWebhook:
    """Turn one on again that was turned off. Raises NotFound."""
    await _find(tx, actor, room_id, hook_id)
    await store.enable(tx, hook_id)
    hook = await _shown(tx, room_id, hook_id)
    await _record(tx, actor, room_id, "webhook.enabled", hook.url)
    return hook


async def remove_outgoing(tx: Tx, actor: Actor, room_id: UUID | None, hook_id: UUID) -> None:
    """What waits is not delivered any more. Raises NotFound."""
    found = await _find(tx, actor, room_id, hook_id)
    await store.delete_outgoing(tx, hook_id)
    await _record(tx, actor, room_id, "webhook.removed", found.url)


async def _shown(tx: Tx, room_id: UUID | None, hook_id: UUID) -> OutgoingWebhook:
    return next(one for one in await store.outgoing_of(tx, room_id) if one.id == hook_id)


async def _record(
    tx: Tx, actor: Actor, room_id: UUID | None, action: AuditAction, url: str
) -> None:
    """The trail names the host alone: what stands behind it may be a secret of the receiver's."""
    if room_id is not None:
        entry = AuditEntry(action=action, detail=policy.host_of(url))
        await rooms.record(tx, actor, room_id, entry)


def _secret(key: bytes, hook_id: UUID, generation: int) -> str:
    return policy.shown(policy.secret_of(key, hook_id.bytes, generation))


# The log of deliveries


async def deliveries(
    tx: Tx, actor: Actor, room_id: UUID | None, hook_id: UUID, cursor: str | None
) -> DeliveryList:
    """The newest first. Raises NotFound."""
    await _find(tx, actor, room_id, hook_id)
    before = cursors.decode(cursor, UUID) if cursor else None
    found = await store.deliveries(tx, hook_id, before, policy.PAGE + 1)
    page = found[: policy.PAGE]
    following = cursors.encode(page[-1].id) if len(found) > policy.PAGE else None
    return DeliveryList(deliveries=page, next=following)


async def redeliver(
    tx: Tx, actor: Actor, room_id: UUID | None, hook_id: UUID, delivery_id: UUID
) -> None:
    """Send the same thing again, under the same id. Raises NotFound, and TurnedOff: it would wait
    for ever."""
    found = await _find(tx, actor, room_id, hook_id)
    if found.disabled_at is not None:
        raise TurnedOff
    if not await store.wait_again(tx, hook_id, delivery_id):
        raise NotFound
    await _enqueue(tx, hook_id, delivery_id)


# What happens is followed


class _Said(msgspec.Struct):
    sent_at: datetime


class _Message(msgspec.Struct):
    message: _Said


async def anybody_listens(tx: Tx) -> bool:
    """Whether there is a webhook at all."""
    return await store.any_outgoing(tx)


async def follow(tx: Tx, events: Sequence[Happened]) -> None:
    """Make a delivery for each webhook that wants an event, once."""
    for event in events:
        if event.data is None or _is_late(event, tx.now):
            continue
        for wanting in await store.wanting(tx, event.stream.id, event.type, event.seq, event.at):
            if wanting.room_id is None and not await _is_public(tx, event.stream.id):
                continue  # what is said among some is not told to the server's own webhooks
            body = _body(event)
            delivery_id = await store.insert_delivery(
                tx, wanting.hook_id, event.stream.id, event.seq, event.type, body
            )
            if delivery_id is not None:
                await _enqueue(tx, wanting.hook_id, delivery_id)


def _is_late(event: Happened, now: datetime) -> bool:
    if now - event.at > policy.KEPT:
        return True
    if event.type != "message.sent" or event.data is None:
        return False
    sent_at = msgspec.json.decode(event.data, type=_Message).message.sent_at
    return event.at - sent_at > policy.LATE


async def _is_public(tx: Tx, room_id: UUID) -> bool:
    room = await rooms.find_room(tx, room_id)
    return room is not None and room.visibility == "public"


def _body(event: Happened) -> bytes:
    """As Standard Webhooks has it: type, timestamp, data; and where in the log it stands."""
    return msgspec.json.encode(
        {
            "type": event.type,
            "timestamp": event.at,
            "stream": event.stream.name,
            "seq": event.seq,
            "actor": event.actor,
            "data": msgspec.Raw(event.data or b"null"),
        }
    )


async def _enqueue(tx: Tx, hook_id: UUID, delivery_id: UUID) -> None:
    payload = ToDeliver(webhook_id=hook_id, delivery_id=delivery_id)
    await jobs.enqueue(tx, DELIVER, payload, key=str(delivery_id))


# Delivering


async def parcel(tx: Tx, wanted: ToDeliver, *, key: bytes) -> Parcel | None:
    """None where it is not to be delivered any more: the webhook is off or gone."""
    hook = await store.find_target(tx, wanted.webhook_id)
    found = await store.parcel(tx, wanted.webhook_id, wanted.delivery_id)
    if hook is None or hook.disabled_at is not None or found is None or found.state != "waiting":
        return None
    numbers = policy.generations(hook.generation, hook.rotated_at, tx.now)
    secrets = [policy.secret_of(key, hook.id.bytes, number) for number in numbers]
    return Parcel(hook.url, found.body, secrets)


async def note_attempt(tx: Tx, wanted: ToDeliver, outcome: Outcome) -> None:
    """Write down how an attempt ended, and turn a webhook off that is gone (410), or that took
    nothing for days."""
    hook = await store.find_target(tx, wanted.webhook_id)
    why = None
    if hook is not None and not outcome.good:
        why = policy.off_because(outcome.status, hook.failing_since, tx.now)
    if hook is not None and why and hook.room_id is not None:
        # The room before its webhook's row, as everybody takes them who changes one.
        await tx.lock(room_stream(hook.room_id))
    state = "delivered" if outcome.good else "failed" if outcome.last else "waiting"
    await store.note_attempt(
        tx,
        wanted.webhook_id,
        wanted.delivery_id,
        state,
        outcome.status,
        outcome.milliseconds,
        outcome.error,
    )
    await store.mark_answer(tx, wanted.webhook_id, good=outcome.good)
    if hook is not None and why and await store.disable(tx, hook.id, why):
        await store.give_up(tx, hook.id, TURNED_OFF)
        await _tell_off(tx, hook, why)


async def _tell_off(tx: Tx, hook: store.Target, why: OffReason) -> None:
    """Say that a webhook was turned off, to those who can turn it on again: in the room and its
    trail, or to those who run the server."""
    host = policy.host_of(hook.url)
    if hook.room_id is not None:
        entry = AuditEntry(action="webhook.disabled", detail=f"{why} {host}")
        await rooms.record_of(tx, hook.created_by, hook.room_id, entry)
        note = SystemBody(event="webhook.disabled", text=why)
        await messages.note(tx, hook.created_by, hook.room_id, note)
        return
    hearers = [account_stream(one) for one in await keepers.admin_ids(tx, TOLD)]
    await tx.lock(*hearers)
    for hearer in hearers:
        tx.emit(hearer, WebhookDisabled(webhook_id=hook.id, host=host, reason=why), None)


async def sweep(tx: Tx, limit: int) -> int:
    """Forget deliveries that are a month old; how many."""
    return await store.sweep(tx, tx.now - policy.KEPT, limit)
