"""Facts about what is to happen later, in my own stream. The log keeps no texts."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Fact, Logged, StreamKind
from tertulia.features.scheduled.schemas import Scheduled


class ScheduledChanged(Fact, frozen=True):
    """A scheduled message as it stands; null: it was said or cancelled. With `failed` it could not
    be said."""

    TYPE: ClassVar[str] = "scheduled.changed"
    STREAM: ClassVar[StreamKind] = "account"
    id: UUID
    scheduled: Scheduled | None

    def logged(self) -> Logged:
        return Logged(ref=self.id, data=None)
