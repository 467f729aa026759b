"""Facts about what I hid, in my own stream."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Fact, StreamKind


class MessageHidden(Fact, frozen=True):
    """I deleted a message for myself, or (`hidden` false) took that back."""

    TYPE: ClassVar[str] = "message.hidden"
    STREAM: ClassVar[StreamKind] = "account"
    room_id: UUID
    message_id: UUID
    seq: int
    hidden: bool
