"""Shapes of bots and webhooks on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from tertulia.core.grants import Scope
from tertulia.core.wire import Request, Shape
from tertulia.features.accounts.schemas import ONE_LINE, Account, DisplayName, Username

HookName = Annotated[str, Meta(min_length=1, max_length=40, pattern=ONE_LINE)]
Url = Annotated[str, Meta(min_length=10, max_length=1_000)]
HookEvent = Literal["message.sent", "message.edited", "message.deleted", "reaction.changed",
                    "member.joined", "member.left", "room.changed"]  # fmt: skip
OffReason = Literal["gone", "failing"]
DeliveryState = Literal["waiting", "delivered", "failed"]


class MakeBot(Request, frozen=True):
    username: Username
    display_name: DisplayName | None = None


class BotToken(Shape, frozen=True):
    """`room_ids` null: every room the bot is in."""

    id: UUID
    name: str
    scopes: list[Scope]
    room_ids: list[UUID] | None
    created_at: datetime
    last_used_at: datetime | None


class Bot(Shape, frozen=True):
    id: UUID
    account: Account
    tokens: list[BotToken]


class BotList(Shape, frozen=True):
    bots: list[Bot]


class MakeToken(Request, frozen=True):
    name: HookName
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=2)]
    room_ids: Annotated[list[UUID], Meta(min_length=1, max_length=100)] | None = None


class NewToken(Shape, frozen=True):
    """`secret` is shown this once."""

    token: BotToken
    secret: str


class IncomingWebhook(Shape, frozen=True):
    """Who knows its address can say something here, as `account`."""

    id: UUID
    name: str
    account: Account
    created_by: UUID
    created_at: datetime
    last_used_at: datetime | None


class MakeIncoming(Request, frozen=True):
    name: HookName


class NewIncoming(Shape, frozen=True):
    """`url` is shown this once."""

    webhook: IncomingWebhook
    url: str


class OutgoingWebhook(Shape, frozen=True):
    """`disabled_at` is set when nobody answered for days (`disabled_reason` `failing`), or the
    receiver said that it is gone (`gone`)."""

    id: UUID
    url: str
    events: list[HookEvent]
    created_by: UUID
    created_at: datetime
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_reason: str


class MakeOutgoing(Request, frozen=True):
    url: Url
    events: Annotated[list[HookEvent], Meta(min_length=1, max_length=7)]


class NewOutgoing(Shape, frozen=True):
    """`secret` (`whsec_…`, Standard Webhooks) is shown this once."""

    webhook: OutgoingWebhook
    secret: str


class WebhookList(Shape, frozen=True):
    incoming: list[IncomingWebhook]
    outgoing: list[OutgoingWebhook]


class Delivery(Shape, frozen=True):
    """`status` and `milliseconds` are of the last attempt; null where no answer came."""

    id: UUID
    type: str
    state: DeliveryState
    attempts: int
    status: int | None
    milliseconds: int | None
    error: str
    created_at: datetime
    tried_at: datetime | None


class DeliveryList(Shape, frozen=True):
    """The newest first."""

    deliveries: list[Delivery]
    next: str | None
