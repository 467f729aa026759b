"""Facts about pins, in the room's stream."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Fact, StreamKind
from tertulia.features.pins.schemas import Pinned


class PinChanged(Fact, frozen=True):
    """A message is pinned now, or (`pinned` null) no longer."""

    TYPE: ClassVar[str] = "pin.changed"
    STREAM: ClassVar[StreamKind] = "room"
    message_id: UUID
    pinned: Pinned | None
