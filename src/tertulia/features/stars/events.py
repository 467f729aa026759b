"""Facts about my stars, in my own stream."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Fact, StreamKind


class StarChanged(Fact, frozen=True):
    """A message has my star now, or no longer."""

    TYPE: ClassVar[str] = "star.changed"
    STREAM: ClassVar[StreamKind] = "account"
    room_id: UUID
    message_id: UUID
    starred: bool
