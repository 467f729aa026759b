"""Shapes of groups on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType, field

from tertulia.core.wire import Request, Shape
from tertulia.features.accounts.schemas import ONE_LINE, Account

MEMBERS = 100  # of one group
# As usernames: what can stand after an @.
Handle = Annotated[
    str, Meta(min_length=2, max_length=32, pattern=r"^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$")
]
GroupName = Annotated[str, Meta(min_length=1, max_length=64, pattern=ONE_LINE)]
GroupMembers = Annotated[list[UUID], Meta(max_length=MEMBERS)]


class Group(Shape, frozen=True):
    """`handle` is what stands after the @, in small letters."""

    id: UUID
    handle: str
    name: str
    member_count: int
    mine: bool
    created_at: datetime


class GroupDetail(Shape, frozen=True):
    """A group and who is in it, by name."""

    id: UUID
    group: Group
    members: list[Account]


class GroupList(Shape, frozen=True):
    """All groups of the server, by handle."""

    groups: list[Group]


class CreateGroup(Request, frozen=True):
    handle: Handle
    name: GroupName
    account_ids: GroupMembers = field(default_factory=list)


class ChangeGroup(Request, frozen=True):
    """`account_ids` replaces who is in it."""

    handle: Handle | UnsetType = UNSET
    name: GroupName | UnsetType = UNSET
    account_ids: GroupMembers | UnsetType = UNSET
