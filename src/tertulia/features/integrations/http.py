"""Routes of bots and webhooks."""

from typing import Annotated, Any
from urllib.parse import parse_qs
from uuid import UUID

import msgspec
from litestar import MediaType, Request, Router, delete, get, post
from litestar.params import QueryParameter

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.errors import FieldError, Invalid, TooLarge
from tertulia.core.limits import Limiter
from tertulia.core.outbound import NotAllowed, Outbound
from tertulia.features.integrations import policy, service
from tertulia.features.integrations.schemas import (
    Bot,
    BotList,
    DeliveryList,
    MakeBot,
    MakeIncoming,
    MakeOutgoing,
    MakeToken,
    NewIncoming,
    NewOutgoing,
    NewToken,
    OutgoingWebhook,
    WebhookList,
)
from tertulia.features.integrations.service import Posted

Ask = Request[Any, Any, Any]
Cursor = Annotated[str | None, QueryParameter(max_length=256)]


async def find_bot(db: Database, secret: str) -> Actor | None:
    """Whose token this is; noted as used, at most once a minute."""
    async with db.read() as tx:
        found = await service.find_actor(tx, secret)
    if found is None:
        return None
    actor, is_news = found
    if is_news:
        await db.write(lambda tx: service.touch(tx, actor))
    return actor


# Bots


@get("/", summary="All bots")
async def list_bots(actor: Actor, db: Database) -> BotList:
    async with db.read() as tx:
        return await service.bot_list(tx, actor)


@post("/", summary="Make a bot", status_code=201)
async def make_bot(data: MakeBot, actor: Actor, db: Database) -> Bot:
    return await db.write(lambda tx: service.make_bot(tx, actor, data))


@delete("/{bot_id:uuid}", summary="Retire a bot", status_code=204)
async def retire_bot(bot_id: UUID, actor: Actor, db: Database) -> None:
    """Its tokens end at once; what it said stays."""
    await db.write(lambda tx: service.retire_bot(tx, actor, bot_id))


@post("/{bot_id:uuid}/tokens", summary="Make a token for a bot", status_code=201)
async def make_token(bot_id: UUID, data: MakeToken, actor: Actor, db: Database) -> NewToken:
    """The secret is shown this once."""
    return await db.write(lambda tx: service.make_token(tx, actor, bot_id, data))


@delete("/{bot_id:uuid}/tokens/{token_id:uuid}", summary="Revoke a token", status_code=204)
async def revoke_token(bot_id: UUID, token_id: UUID, actor: Actor, db: Database) -> None:
    await db.write(lambda tx: service.revoke_token(tx, actor, bot_id, token_id))


# Webhooks that say something here


@post("/", summary="Make an incoming webhook", status_code=201)
async def make_incoming(
    room_id: UUID, data: MakeIncoming, actor: Actor, db: Database, public_url: str
) -> NewIncoming:
    """Its address is shown this once."""
    return await db.write(
        lambda tx: service.make_incoming(tx, actor, room_id, data, public_url=public_url)
    )


@delete("/{hook_id:uuid}", summary="Revoke one", status_code=204)
async def revoke_incoming(room_id: UUID, hook_id: UUID, actor: Actor, db: Database) -> None:
    await db.write(lambda tx: service.revoke_incoming(tx, actor, room_id, hook_id))


@post(
    "/api/v1/hooks/{hook_id:uuid}/{secret:str}",
    summary="Say something by an incoming webhook",
    status_code=200,
    media_type=MediaType.TEXT,
    tags=["integrations"],
)
async def say(hook_id: UUID, secret: str, request: Ask, db: Database, limiter: Limiter) -> str:
    """Takes Slack's JSON: `text`, `blocks`, `attachments`, `username`, `icon_emoji`; also as the
    form field `payload`. With an `Idempotency-Key` that is a UUID, sending twice says it once.
    Answers `ok`."""
    await limiter.hit(policy.SAYING, str(hook_id))
    payload = _payload(await _body(request), request.headers.get("content-type", ""))
    posted = Posted(hook_id, secret, payload, _key(request.headers.get("idempotency-key")))
    await db.write(lambda tx: service.say(tx, posted))
    return "ok"


async def _body(request: Ask) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > policy.MAX_BODY:
            raise TooLarge
    return bytes(body)


def _payload(body: bytes, content_type: str) -> dict[str, Any]:
    try:
        if content_type.startswith("application/x-www-form-urlencoded"):
            body = parse_qs(body.decode(), max_num_fields=10)["payload"][0].encode()
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, ValueError, LookupError, RecursionError):
        raise Invalid("Send a JSON object.") from None


def _key(text: str | None) -> UUID | None:
    try:
        return None if text is None else UUID(text)
    except ValueError:
        wrong = FieldError("Idempotency-Key", "invalid", "Make it a UUID.")
        raise Invalid(errors=(wrong,)) from None


# Webhooks that tell elsewhere: of a room (`room_id`), or without one of all public rooms


def _require_address(outbound: Outbound, url: str) -> None:
    try:
        outbound.check(url)
    except NotAllowed as refused:
        message = f"{refused}."
        raise Invalid(message, errors=(FieldError("url", "not_allowed", message),)) from None


@get("/", summary="Webhooks, both ways")
async def list_webhooks(actor: Actor, db: Database, room_id: UUID | None = None) -> WebhookList:
    async with db.read() as tx:
        return await service.webhooks(tx, actor, room_id)


@post("/", summary="Make an outgoing webhook", status_code=201)
async def make_outgoing(
    data: MakeOutgoing,
    actor: Actor,
    db: Database,
    outbound: Outbound,
    hook_key: bytes,
    room_id: UUID | None = None,
) -> NewOutgoing:
    """The secret is shown this once."""
    _require_address(outbound, data.url)
    return await db.write(lambda tx: service.make_outgoing(tx, actor, room_id, data, key=hook_key))


@delete("/{webhook_id:uuid}", summary="Remove an outgoing webhook", status_code=204)
async def remove_outgoing(
    webhook_id: UUID, actor: Actor, db: Database, room_id: UUID | None = None
) -> None:
    await db.write(lambda tx: service.remove_outgoing(tx, actor, room_id, webhook_id))


@post("/{webhook_id:uuid}/secret", summary="Change the secret", status_code=200)
async def rotate(
    webhook_id: UUID, actor: Actor, db: Database, hook_key: bytes, room_id: UUID | None = None
) -> NewOutgoing:
    """For a day deliveries are signed with the old one too."""
    return await db.write(lambda tx: service.rotate(tx, actor, room_id, webhook_id, key=hook_key))


@post("/{webhook_id:uuid}/enable", summary="Turn it on again", status_code=200)
async def enable(
    webhook_id: UUID, actor: Actor, db: Database, room_id: UUID | None = None
) -> OutgoingWebhook:
    return await db.write(lambda tx: service.enable(tx, actor, room_id, webhook_id))


@get("/{webhook_id:uuid}/deliveries", summary="What was delivered, or was not")
async def list_deliveries(
    webhook_id: UUID,
    actor: Actor,
    db: Database,
    room_id: UUID | None = None,
    cursor: Cursor = None,
) -> DeliveryList:
    async with db.read() as tx:
        return await service.deliveries(tx, actor, room_id, webhook_id, cursor)


@post(
    "/{webhook_id:uuid}/deliveries/{delivery_id:uuid}/redeliver",
    summary="Deliver it again",
    status_code=204,
)
async def redeliver(
    webhook_id: UUID, delivery_id: UUID, actor: Actor, db: Database, room_id: UUID | None = None
) -> None:
    await db.write(lambda tx: service.redeliver(tx, actor, room_id, webhook_id, delivery_id))


ROUTES = [
    Router(
        "/api/v1/bots",
        route_handlers=[list_bots, make_bot, retire_bot, make_token, revoke_token],
        tags=["bots"],
    ),
    Router(
        "/api/v1/rooms/{room_id:uuid}/incoming-webhooks",
        route_handlers=[make_incoming, revoke_incoming],
        tags=["integrations"],
    ),
    Router(
        "/api/v1/webhooks",
        route_handlers=[
            list_webhooks, make_outgoing, remove_outgoing, rotate, enable, list_deliveries,
            redeliver,
        ],
        tags=["integrations"],
    ),
    say,
]  # fmt: skip
