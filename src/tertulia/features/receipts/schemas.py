"""Shapes of receipts on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from tertulia.core.wire import Request, Shape
from tertulia.features.accounts.schemas import Account

ROOMS_AT_ONCE = 100  # one word of a client tells of


class Cursor(Shape, frozen=True):
    """How far a member got. `read_seq` is null where it is not shown to me."""

    account_id: UUID
    delivered_seq: int
    read_seq: int | None


class RoomCursors(Shape, frozen=True):
    """Cursors of others in one room; those not named stand where they stood."""

    room_id: UUID
    cursors: list[Cursor]


class CursorList(Shape, frozen=True):
    """Everybody's in a direct room or a group, but mine."""

    cursors: list[Cursor]


class Arrived(Request, frozen=True):
    """This device has everything of a room up to `seq`."""

    room_id: UUID
    seq: Annotated[int, Meta(ge=0, le=2**62)]


class MarkDelivered(Request, frozen=True):
    """At most once a second; rooms that are not mine are passed over."""

    rooms: Annotated[list[Arrived], Meta(min_length=1, max_length=ROOMS_AT_ONCE)]


class ListCursors(Request, frozen=True):
    room_id: UUID


class Seen(Shape, frozen=True):
    """`at` is null where it was too long ago to be known."""

    account_id: UUID
    at: datetime | None


class MessageReceipts(Shape, frozen=True):
    """Who else got a message, and who read it, the latest first; of each at most 100, with the
    whole number beside. Members who came later do not count. `hidden`: I hide my receipts, so
    `read` is not for me.

    In a room of more than 1,000 members only reading is known, and not when: `read` in the order
    of members, further ones by the cursor `next`; nobody in `delivered` or `waiting`."""

    message_id: UUID
    read: list[Seen]
    read_count: int
    delivered: list[Seen]
    delivered_count: int
    waiting: list[UUID]
    waiting_count: int
    hidden: bool
    people: list[Account]
    next: str | None = None
