"""Shapes of membership on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from tertulia.core.wire import Request, Shape
from tertulia.features.accounts.schemas import Account
from tertulia.features.rooms.schemas import Member, Reason, Role


class MemberCounts(Shape, frozen=True):
    """How many there are of each role."""

    owner: int = 0
    moderator: int = 0
    member: int = 0
    guest: int = 0


class MemberList(Shape, frozen=True):
    """A page, and (on a first page) how many match in all, by role."""

    members: list[Member]
    next: str | None
    counts: MemberCounts | None = None


class AddMembers(Request, frozen=True):
    account_ids: Annotated[list[UUID], Meta(min_length=1, max_length=50)]


class ChangeRole(Request, frozen=True):
    role: Role


class TimeOut(Request, frozen=True):
    """`until` null lifts it."""

    until: Annotated[datetime, Meta(tz=True)] | None
    reason: Reason = ""


class Ban(Request, frozen=True):
    account_id: UUID
    reason: Reason = ""


class Banned(Shape, frozen=True):
    account: Account
    reason: str
    banned_at: datetime
    banned_by: UUID


class BanList(Shape, frozen=True):
    bans: list[Banned]
    next: str | None = None
