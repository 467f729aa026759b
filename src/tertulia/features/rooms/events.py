"""Facts about rooms and membership, in the room's stream and in that of the one concerned."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from tertulia.core.wire import Fact, StreamKind
from tertulia.features.accounts.schemas import Account
from tertulia.features.rooms.schemas import Member, ReadPosition, Role, Room

RoomField = Literal["name", "topic", "visibility", "archived", "posting", "thread_replies",
                    "slow_mode", "avatar", "message_ttl", "room_mentions", "previews"]  # fmt: skip
LeaveReason = Literal["left", "removed", "banned"]


class RoomCreated(Fact, frozen=True):
    TYPE: ClassVar[str] = "room.created"
    STREAM: ClassVar[StreamKind] = "room"
    room: Room


class RoomChanged(Fact, frozen=True):
    """`changed` names what is new in `room`."""

    TYPE: ClassVar[str] = "room.changed"
    STREAM: ClassVar[StreamKind] = "room"
    room: Room
    changed: list[RoomField]


class MemberJoined(Fact, frozen=True):
    """`by` is who added them; null when they came by themselves."""

    TYPE: ClassVar[str] = "member.joined"
    STREAM: ClassVar[StreamKind] = "room"
    member: Member
    by: UUID | None


class MemberLeft(Fact, frozen=True):
    TYPE: ClassVar[str] = "member.left"
    STREAM: ClassVar[StreamKind] = "room"
    account_id: UUID
    reason: LeaveReason
    by: UUID | None


class MemberTimedOut(Fact, frozen=True):
    """A member may only read until then; `until` null: the time-out was lifted."""

    TYPE: ClassVar[str] = "member.timed_out"
    STREAM: ClassVar[StreamKind] = "room"
    account_id: UUID
    until: datetime | None


class MemberRoleChanged(Fact, frozen=True):
    TYPE: ClassVar[str] = "member.role_changed"
    STREAM: ClassVar[StreamKind] = "room"
    account_id: UUID
    role: Role


class MemberChanged(Fact, frozen=True):
    """A member's profile changed."""

    TYPE: ClassVar[str] = "member.changed"
    STREAM: ClassVar[StreamKind] = "room"
    account: Account


class RoomJoined(Fact, frozen=True):
    """I am in a room now: fetch its snapshot (`GET /rooms/{room_id}`)."""

    TYPE: ClassVar[str] = "room.joined"
    STREAM: ClassVar[StreamKind] = "account"
    room_id: UUID


class RoomLeft(Fact, frozen=True):
    """I am no longer in a room: forget what is held of it."""

    TYPE: ClassVar[str] = "room.left"
    STREAM: ClassVar[StreamKind] = "account"
    room_id: UUID
    reason: LeaveReason


class RoomsRead(Fact, frozen=True):
    """I read several rooms at once: each as in `room.read`."""

    TYPE: ClassVar[str] = "rooms.read"
    STREAM: ClassVar[StreamKind] = "account"
    positions: list[ReadPosition]


class RoomRead(Fact, frozen=True):
    """I read up to `read_seq`, on some device of mine."""

    TYPE: ClassVar[str] = "room.read"
    STREAM: ClassVar[StreamKind] = "account"
    room_id: UUID
    read_seq: int
