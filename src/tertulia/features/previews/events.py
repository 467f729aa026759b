"""Facts about previews, in the room's stream."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Fact, StreamKind
from tertulia.features.previews.schemas import LinkPreview


class MessagePreviewed(Fact, frozen=True):
    """All that is shown under a message from now on; an empty list, nothing."""

    TYPE: ClassVar[str] = "message.previewed"
    STREAM: ClassVar[StreamKind] = "room"
    message_id: UUID
    previews: list[LinkPreview]
