"""Webhooks that say something here."""

import hmac
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import UNSET

from tertulia.core.actor import Actor
from tertulia.core.emoji import canonical, named
from tertulia.core.errors import AppError, Conflict, Invalid, NotFound
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.accounts.service import bots
from tertulia.features.integrations import policy
from tertulia.features.integrations.schemas import IncomingWebhook, MakeIncoming, NewIncoming
from tertulia.features.integrations.store import incoming as store
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import MAX_TEXT, SendMessage, ShownAs, TextBody
from tertulia.features.messages.service import Outgoing
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import AuditEntry, Can

MAX_NAME = 80


class TooManyWebhooks(Conflict):
    title = f"A room has at most {policy.HOOKS} webhooks each way"


class Posted(NamedTuple):
    """What came to a webhook's address: JSON as Slack takes it, and an id that makes a second try
    of the same thing say nothing (None: every one is new)."""

    hook_id: UUID
    secret: str
    payload: dict[str, Any]
    client_id: UUID | None


async def make_incoming(
    tx: Tx, actor: Actor, room_id: UUID, draft: MakeIncoming, *, public_url: str
) -> NewIncoming:
    """A bot of its own takes a seat, and speaks. The address is in this answer and nowhere else.
    Raises TooManyWebhooks."""
    access = await rooms.require(tx, actor, room_id, Can.MODERATE)
    if len(await store.incoming_of(tx, room_id)) >= policy.HOOKS:
        raise TooManyWebhooks
    hook_id, secret = tx.ids.uuid7(), tx.ids.token()
    bot = await bots.make_bot(tx, f"hook-{hook_id.hex[-10:]}", draft.name)
    if bot is None:
        raise accounts.UsernameTaken
    await rooms.seat(tx, access.room, {bot.id: "member"}, actor)
    hook = store.Incoming(
        room_id=room_id,
        id=hook_id,
        account_id=bot.id,
        name=draft.name,
        created_by=actor.account_id,
        created_at=tx.now,
        last_used_at=None,
        hash=policy.hashed(secret),
    )
    await store.insert_incoming(tx, hook)
    entry = AuditEntry(action="webhook.made", detail=draft.name)
    await rooms.record(tx, actor, room_id, entry)
    [shown] = await incoming_of(tx, room_id, only=hook_id)
    return NewIncoming(webhook=shown, url=f"{public_url}/api/v1/hooks/{hook_id}/{secret}")


async def revoke_incoming(tx: Tx, actor: Actor, room_id: UUID, hook_id: UUID) -> None:
    """Its address opens nothing from now on, and its bot leaves. Raises NotFound."""
    access = await rooms.require(tx, actor, room_id, Can.MODERATE)
    revoked = await store.revoke_incoming(tx, room_id, hook_id)
    if revoked is None:
        raise NotFound
    await rooms.unseat(tx, access.room, revoked.account_id, "removed", actor)
    await bots.retire_bot(tx, revoked.account_id)
    entry = AuditEntry(action="webhook.removed", detail=revoked.name)
    await rooms.record(tx, actor, room_id, entry)


async def incoming_of(tx: Tx, room_id: UUID, only: UUID | None = None) -> list[IncomingWebhook]:
    """Of a room whose webhooks may be seen."""
    found = [one for one in await store.incoming_of(tx, room_id) if only in (None, one.id)]
    people = await accounts.get_accounts(tx, [one.account_id for one in found])
    return [
        IncomingWebhook(
            id=one.id,
            name=one.name,
            account=people[one.account_id],
            created_by=one.created_by,
            created_at=one.created_at,
            last_used_at=one.last_used_at,
        )
        for one in found
    ]


async def say(tx: Tx, posted: Posted) -> UUID:
    """Say what a payload says, as the webhook's bot; the message's id. Raises NotFound for an
    address that is none, Invalid for a payload that says nothing, and what sending raises."""
    hook = await store.find_incoming(tx, posted.hook_id)
    if hook is None or not hmac.compare_digest(hook.hash, policy.hashed(posted.secret)):
        raise NotFound
    text = policy.said(posted.payload).replace("\0", "")[:MAX_TEXT]
    if not text:
        raise Invalid("Give a text, blocks or attachments.")
    body = TextBody(text=text, shown_as=_shown_as(posted.payload) or UNSET)
    draft = SendMessage(client_id=posted.client_id or tx.ids.uuid7(), text=text)
    actor = Actor(hook.account_id, hook.id)
    (outcome,) = await messages.send_all(tx, [Outgoing(actor, hook.room_id, draft, body=body)])
    if isinstance(outcome, AppError):
        raise outcome
    await store.mark_incoming(tx, hook.id)
    return outcome.message.id


class _Override(msgspec.Struct):
    username: str = ""
    icon_emoji: str = ""


def _shown_as(payload: dict[str, Any]) -> ShownAs | None:
    """Pictures from elsewhere (`icon_url`) are not shown: they would tell a stranger who reads."""
    try:
        wanted = msgspec.convert(payload, _Override)
    except msgspec.ValidationError:
        return None
    name = "".join(c for c in " ".join(wanted.username.split()) if c.isprintable())[:MAX_NAME]
    icon = canonical(wanted.icon_emoji) or named(wanted.icon_emoji.strip(":"))
    return ShownAs(name=name, icon=icon) if name or icon else None
