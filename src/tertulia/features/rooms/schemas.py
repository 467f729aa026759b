"""Shapes of rooms, members and invites on the wire."""

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


class Room(Shape):
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


class Member(Shape):
    account: Account
    role: Role
    joined_at: datetime


class RoomList(Shape):
    """Public rooms to browse; `next` is an opaque cursor."""

    rooms: list["PublicRoom"]
    next: str | None


class PublicRoom(Shape):
    room: Room
    member_count: int
    joined: bool


class MemberList(Shape):
    members: list[Member]
    next: str | None


class CreateRoom(Request):
    """`members` are account ids. A direct room takes exactly one and returns the existing one."""

    kind: RoomKind
    name: RoomName | None = None
    visibility: Visibility = "private"
    topic: Topic = ""
    members: Annotated[list[UUID], Meta(max_length=GROUP_LIMIT)] = field(default_factory=list)


class ChangeRoom(Request):
    name: RoomName | None | UnsetType = UNSET
    topic: Topic | UnsetType = UNSET
    visibility: Visibility | UnsetType = UNSET
    archived: bool | UnsetType = UNSET


class AddMembers(Request):
    account_ids: Annotated[list[UUID], Meta(min_length=1, max_length=50)]


class ChangeRole(Request):
    role: Role


class Ban(Request):
    account_id: UUID
    reason: Annotated[str, Meta(max_length=250, pattern=ONE_LINE)] = ""


class Banned(Shape):
    account: Account
    reason: str
    banned_at: datetime
    banned_by: UUID


class BanList(Shape):
    bans: list[Banned]


class CreateInvite(Request):
    """`expires_in` in seconds (default a week, null for never), `max_uses` null for any number."""

    expires_in: Annotated[int, Meta(ge=60, le=31_536_000)] | None = 604_800
    max_uses: Annotated[int, Meta(ge=1, le=10_000)] | None = None
    role: Literal["member", "guest"] = "member"


class Invite(Shape):
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


class InviteList(Shape):
    """Codes of existing invites are not stored, so `code` and `url` are empty here."""

    invites: list[Invite]


class InvitePreview(Shape):
    """What a link shows before it is accepted."""

    room_id: UUID
    kind: RoomKind
    room_name: str | None
    topic: str
    member_count: int
    invited_by: Account


class Joined(Shape):
    room_id: UUID


class MarkRead(Request):
    """`seq` is the highest seq seen; the position never moves back, nor past the head."""

    seq: Annotated[int, Meta(ge=0)]
