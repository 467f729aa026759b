"""Shapes of catching up."""

from datetime import datetime
from uuid import UUID

import msgspec

from tertulia.core.wire import Shape
from tertulia.features.accounts.schemas import Device, OwnAccount
from tertulia.features.drafts.schemas import Draft
from tertulia.features.messages.schemas import Message
from tertulia.features.people.schemas import Circle
from tertulia.features.preferences.schemas import Arrangement, RoomPreferences
from tertulia.features.presence.schemas import Availability
from tertulia.features.receipts.schemas import Cursor, RoomCursors
from tertulia.features.reminders.schemas import Reminder
from tertulia.features.rooms.schemas import Member, Role, Room
from tertulia.features.scheduled.schemas import Scheduled
from tertulia.features.threads.schemas import OwnThread


class Event(Shape, frozen=True):
    """The envelope. `stream` is `room:<id>` or `account:<id>`; `data` is the fact of `type`."""

    stream: str
    seq: int
    type: str
    at: datetime
    actor: UUID | None
    data: msgspec.Raw


class Hello(Shape, frozen=True):
    """First event on a socket. `heads` holds the last `seq` of every stream of mine. Of the streams
    in `replayed` everything above the head I told follows on this socket: nothing to fetch."""

    connection_id: str
    account_id: UUID
    device_id: UUID
    server_time: datetime
    heartbeat_ms: int
    build: str
    heads: dict[str, int]
    replayed: list[str]


class Own(Shape, frozen=True):
    """My side of a room. Unread messages are named by their `seq` (newest 100), so that counting
    is filtering: not mine, not deleted, not a system note, not only in a thread, above `read_seq`.
    `threads` are those that I follow and that have news, and those that I decided about. `hidden`
    are the messages I deleted for myself, by their `seq` (R9). Until `timed_out_until` is over I
    can only read."""

    role: Role
    joined_at: datetime
    read_seq: int
    unread: list[int]
    mentions: list[int]
    hidden: list[int]
    threads: list[OwnThread]
    preferences: RoomPreferences
    timed_out_until: datetime | None


class RoomSnapshot(Shape, frozen=True):
    """A room as it stands at `head`. `members` holds everybody in direct rooms and groups, and is
    empty for channels (see `GET /rooms/{id}/members`); so does `receipts`, of those who got further
    since they came. `id` is the room's: every object has its own."""

    id: UUID
    room: Room
    head: int
    me: Own
    member_count: int
    members: list[Member]
    last_message: Message | None
    receipts: list[Cursor] = msgspec.field(default_factory=list[Cursor])


class Snapshot(Shape, frozen=True):
    """Everything about my account at `head` of its stream, without histories. `rung` are reminders
    that rang and that I am not done with; `failed`, messages that could not be said at their time.
    """

    account: OwnAccount
    head: int
    devices: list[Device]
    drafts: list[Draft]
    rooms: list[RoomSnapshot]
    arrangement: Arrangement
    circle: Circle
    availability: Availability
    rung: list[Reminder]
    failed: list[Scheduled]


class Unread(Shape, frozen=True):
    """What asks for my attention, by my preferences: the sum of my badges, and how many rooms show
    one; how many messages call me, in rooms and in threads; how many threads have news for me."""

    rooms: int
    badge: int
    mentions: int
    threads: int


class StreamChanges(Shape, frozen=True):
    """Events of one stream after the cursor, in order, all up to `head`. Some may be known already
    (drop what is not above your head). `snapshot` stands in for them where the gap was too long or
    the room is new: replace the room and forget its held history."""

    stream: str
    head: int
    events: list[Event]
    snapshot: RoomSnapshot | None


class Changes(Shape, frozen=True):
    """The answer of `GET /sync`. With `reset`, `snapshot` replaces everything held (an absent,
    foreign or too old cursor). Otherwise apply `streams`; while `more`, ask again with `cursor`.
    `rooms` always lists the rooms I am in: forget any other. `receipts` are cursors of others that
    moved: apply them last."""

    cursor: str
    reset: bool
    more: bool
    snapshot: Snapshot | None
    streams: list[StreamChanges]
    rooms: list[UUID]
    receipts: list[RoomCursors] = msgspec.field(default_factory=list[RoomCursors])


class EventPage(Shape, frozen=True):
    """Events after `after`. With `too_long` there are none: take the room's snapshot instead."""

    events: list[Event]
    head: int
    too_long: bool
