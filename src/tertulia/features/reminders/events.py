"""Facts about reminders, in my own stream. The log keeps no notes."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Fact, Logged, StreamKind
from tertulia.features.reminders.schemas import Reminder


class ReminderChanged(Fact, frozen=True):
    """A reminder as it stands; null: it was removed."""

    TYPE: ClassVar[str] = "reminder.changed"
    STREAM: ClassVar[StreamKind] = "account"
    id: UUID
    reminder: Reminder | None

    def logged(self) -> Logged:
        return Logged(ref=self.id, data=None)


class ReminderDue(Fact, frozen=True):
    """It is time; the reminder as in `reminder.changed`."""

    TYPE: ClassVar[str] = "reminder.due"
    STREAM: ClassVar[StreamKind] = "account"
    id: UUID
    reminder: Reminder | None

    def logged(self) -> Logged:
        return Logged(ref=self.id, data=None)
