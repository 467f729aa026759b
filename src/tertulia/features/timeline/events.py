"""Facts about where somebody reads, in their own account's stream."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Fact, StreamKind


class RoomUnread(Fact, frozen=True):
    """I put my read position back, on some device of mine. `unread` and `mentions` are as in a
    room's snapshot whose `head` this is."""

    TYPE: ClassVar[str] = "room.unread"
    STREAM: ClassVar[StreamKind] = "account"
    room_id: UUID
    read_seq: int
    head: int
    unread: list[int]
    mentions: list[int]
