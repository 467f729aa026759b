"""Facts about moderation, private to those who keep order."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Fact, StreamKind


class ReportsChanged(Fact, frozen=True):
    """A report of a room that I moderate came in or was decided: ask for the list again."""

    TYPE: ClassVar[str] = "reports.changed"
    STREAM: ClassVar[StreamKind] = "account"
    room_id: UUID
