"""Shapes of reminders."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from tertulia.core.wire import Request, Shape
from tertulia.features.scheduled.schemas import When, Zone

REMINDER_LIMIT = 200
Note = Annotated[str, Meta(max_length=500)]


class Reminder(Shape, frozen=True):
    """Of a message, or of `note` alone. `rung_at` says when it rang; null while it waits."""

    id: UUID
    room_id: UUID | None
    message_id: UUID | None
    note: str
    due_at: datetime
    zone: str
    created_at: datetime
    rung_at: datetime | None


class RemindMe(Request, frozen=True):
    """Of a message, or without one of `note`. `due_at` is in the future, at most a year ahead."""

    client_id: UUID
    due_at: When
    zone: Zone = "UTC"
    note: Note = ""
    room_id: UUID | None = None
    message_id: UUID | None = None


class ChangeReminder(Request, frozen=True):
    """Another time: one that rang will ring again."""

    due_at: When
    zone: Zone = "UTC"
