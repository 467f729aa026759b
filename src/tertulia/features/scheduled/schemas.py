"""Shapes of what is to happen later."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from tertulia.core.wire import Request, Shape
from tertulia.features.messages.schemas import Text

SCHEDULED_LIMIT = 100  # of one account
# An IANA name, as `Intl.DateTimeFormat().resolvedOptions().timeZone` gives it.
Zone = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_+\-/]+\Z")]
When = Annotated[datetime, Meta(tz=True)]


class Scheduled(Shape, frozen=True):
    """`zone` is its author's when they chose the time. `failed` is the code of the error that kept
    it from being said; null while it waits."""

    id: UUID
    room_id: UUID
    thread: UUID | None
    text: str
    reply_to: UUID | None
    send_at: datetime
    zone: str
    client_id: UUID
    created_at: datetime
    failed: str | None


class ScheduledList(Shape, frozen=True):
    """The next first."""

    scheduled: list[Scheduled]


class ScheduleMessage(Request, frozen=True):
    """`client_id` will be the message's. `send_at` is in the future, at most a year ahead."""

    client_id: UUID
    text: Text
    send_at: When
    zone: Zone = "UTC"
    reply_to: UUID | None = None
    thread: UUID | None = None


class ChangeScheduled(Request, frozen=True):
    text: Text | UnsetType = UNSET
    send_at: When | UnsetType = UNSET
    zone: Zone | UnsetType = UNSET
