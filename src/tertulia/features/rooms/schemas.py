"""Shapes of rooms on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType, field

from tertulia.core.wire import Request, Shape
from tertulia.features.accounts.schemas import ONE_LINE, Account

RoomKind = Literal["direct", "group", "channel"]
Visibility = Literal["public", "private"]
Role = Literal["owner", "moderator", "member", "guest"]
RoomName = Annotated[str, Meta(min_length=1, max_length=80, pattern=ONE_LINE)]
Topic = Annotated[str, Meta(max_length=250, pattern=ONE_LINE)]
GROUP_LIMIT = 100  # members of a group: its whole roster rides in every snapshot


class Room(Shape, frozen=True):
    """A room as its members see it. `name` is null for direct rooms and unnamed groups: clients
    show the other members' names."""

    id: UUID
    kind: RoomKind
    visibility: Visibility
    name: str | None
    topic: str
    created_at: datetime
    created_by: UUID
    archived_at: datetime | None


class Member(Shape, frozen=True):
    account: Account
    role: Role
    joined_at: datetime


class RoomList(Shape, frozen=True):
    """Public rooms to browse; `next` is an opaque cursor."""

    rooms: list["PublicRoom"]
    next: str | None


class PublicRoom(Shape, frozen=True):
    room: Room
    member_count: int
    joined: bool


class CreateRoom(Request, frozen=True):
    """`members` are account ids. A direct room takes exactly one and returns the existing one."""

    kind: RoomKind
    name: RoomName | None = None
    visibility: Visibility = "private"
    topic: Topic = ""
    members: Annotated[list[UUID], Meta(max_length=GROUP_LIMIT)] = field(default_factory=list)


class ChangeRoom(Request, frozen=True):
    name: RoomName | None | UnsetType = UNSET
    topic: Topic | UnsetType = UNSET
    visibility: Visibility | UnsetType = UNSET
    archived: bool | UnsetType = UNSET


class MarkRead(Request, frozen=True):
    """`seq` is the highest seq seen; the position never moves back, nor past the head."""

    seq: Annotated[int, Meta(ge=0)]
