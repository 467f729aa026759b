"""Facts about forwarding, in the room of the original."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Fact, StreamKind


class ForwardCounted(Fact, frozen=True):
    """A message was carried on: `count` times by now. Where to and by whom is nobody's business."""

    TYPE: ClassVar[str] = "forward.counted"
    STREAM: ClassVar[StreamKind] = "room"
    message_id: UUID
    count: int
