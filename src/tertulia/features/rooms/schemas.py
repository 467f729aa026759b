"""Shapes of rooms on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType, field

from tertulia.core.images.wanted import MAX_BYTES
from tertulia.core.wire import Request, Shape
from tertulia.features.accounts.schemas import ONE_LINE, Account

RoomKind = Literal["direct", "group", "channel"]
Visibility = Literal["public", "private"]
Role = Literal["owner", "moderator", "member", "guest"]
Posting = Literal["everyone", "moderators"]
SlowMode = Annotated[int, Meta(ge=0, le=21_600)]  # seconds
# Who may call a whole room: everybody up to 50 members, then moderators; or always one of the two.
RoomMentions = Literal["auto", "members", "moderators"]
Reason = Annotated[str, Meta(max_length=250, pattern=ONE_LINE)]
RoomName = Annotated[str, Meta(min_length=1, max_length=80, pattern=ONE_LINE)]
Topic = Annotated[str, Meta(max_length=250, pattern=ONE_LINE)]
AuditAction = Literal["member.removed", "member.banned", "member.unbanned", "member.role_changed",
                      "member.timed_out", "member.time_out_lifted", "message.removed",
                      "room.changed", "report.resolved", "report.dismissed", "webhook.made",
                      "webhook.removed", "webhook.secret_changed", "webhook.enabled",
                      "webhook.disabled"]  # fmt: skip
# Seconds a message lives: an hour, 8 hours, a day, a week, 30 days, 90 days.
MessageTtl = Literal[3600, 28800, 86400, 604800, 2592000, 7776000]
GROUP_LIMIT = 100  # members of a group: its whole roster rides in every snapshot
CROWD = 1_000  # members; of a room with more nobody is told or keeps everybody's doings


class Room(Shape, frozen=True):
    """A room as its members see it. `name` is null for direct rooms and unnamed groups: clients
    show the other members' names. With `posting: moderators` only they write (others react, and
    reply in threads while `thread_replies`); `slow_mode` is the least time between two messages of
    one member, in seconds, 0 for none. `avatar` names the room's picture, null for none: at `GET
    rooms/{id}/avatar?v=` and that name it is for ever the same.
    What is said from now on is gone after `message_ttl` seconds; null: it stays. Without
    `previews` the links said here are not looked at."""

    id: UUID
    kind: RoomKind
    visibility: Visibility
    name: str | None
    topic: str
    created_at: datetime
    created_by: UUID
    archived_at: datetime | None
    posting: Posting = "everyone"
    thread_replies: bool = True
    slow_mode: int = 0
    avatar: str | None = None
    message_ttl: int | None = None
    room_mentions: RoomMentions = "auto"
    previews: bool = True


class Member(Shape, frozen=True):
    """Until `timed_out_until` is over, a member can only read."""

    account: Account
    role: Role
    joined_at: datetime
    timed_out_until: datetime | None = None


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
    posting: Posting | UnsetType = UNSET
    thread_replies: bool | UnsetType = UNSET
    slow_mode: SlowMode | UnsetType = UNSET
    message_ttl: MessageTtl | None | UnsetType = UNSET
    room_mentions: RoomMentions | UnsetType = UNSET
    previews: bool | UnsetType = UNSET


class SetPicture(Request, frozen=True):
    """`image` is a PNG, GIF, WebP or JPEG file of at most 256 kB, in base64. The middle of it
    becomes a square."""

    image: Annotated[bytes, Meta(min_length=1, max_length=MAX_BYTES)]


class ReadPosition(Shape, frozen=True):
    room_id: UUID
    read_seq: int


class MarkRead(Request, frozen=True):
    """`seq` is the highest seq seen; the position never moves back, nor past the head."""

    seq: Annotated[int, Meta(ge=0)]
