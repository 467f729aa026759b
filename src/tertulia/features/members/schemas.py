"""Shapes of membership on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from tertulia.core.wire import Request, Shape
from tertulia.features.accounts.schemas import ONE_LINE, Account
from tertulia.features.rooms.schemas import Member, Role


class MemberList(Shape, frozen=True):
    members: list[Member]
    next: str | None


class AddMembers(Request, frozen=True):
    account_ids: Annotated[list[UUID], Meta(min_length=1, max_length=50)]


class ChangeRole(Request, frozen=True):
    role: Role


class Ban(Request, frozen=True):
    account_id: UUID
    reason: Annotated[str, Meta(max_length=250, pattern=ONE_LINE)] = ""


class Banned(Shape, frozen=True):
    account: Account
    reason: str
    banned_at: datetime
    banned_by: UUID


class BanList(Shape, frozen=True):
    bans: list[Banned]
