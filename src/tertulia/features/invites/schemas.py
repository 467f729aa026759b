"""Shapes of invites on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from tertulia.core.wire import Request, Shape
from tertulia.features.accounts.schemas import Account
from tertulia.features.rooms.schemas import Role, RoomKind


class CreateInvite(Request, frozen=True):
    """`expires_in` in seconds (default a week, null for never), `max_uses` null for any number."""

    expires_in: Annotated[int, Meta(ge=60, le=31_536_000)] | None = 604_800
    max_uses: Annotated[int, Meta(ge=1, le=10_000)] | None = None
    role: Literal["member", "guest"] = "member"


class Invite(Shape, frozen=True):
    """`code` is a secret: whoever holds it may join. `url` is the link to send."""

    id: UUID
    code: str
    url: str
    role: Role
    created_by: UUID
    created_at: datetime
    expires_at: datetime | None
    max_uses: int | None
    uses: int


class InviteList(Shape, frozen=True):
    """Codes of existing invites are not stored, so `code` and `url` are empty here."""

    invites: list[Invite]


class InvitePreview(Shape, frozen=True):
    """What a link shows before it is accepted."""

    room_id: UUID
    kind: RoomKind
    room_name: str | None
    topic: str
    member_count: int
    invited_by: Account


class Joined(Shape, frozen=True):
    room_id: UUID
