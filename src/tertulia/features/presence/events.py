"""Ephemera: no `seq`, no log, the first to be dropped. And the one fact: what I decided."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Ephemeron, Fact, StreamKind
from tertulia.features.presence.schemas import Availability, PersonPresence, PresenceState


class Typing(Ephemeron, frozen=True):
    """Somebody is typing, in the room's talk or (`thread`, the root's id) beside it. Forget it
    after 6 s without another, or when their message arrives there."""

    TYPE: ClassVar[str] = "typing"
    room_id: UUID
    account_id: UUID
    active: bool
    thread: UUID | None = None


class Presence(Ephemeron, frozen=True):
    """Somebody is this present from now on."""

    TYPE: ClassVar[str] = "presence"
    account_id: UUID
    state: PresenceState


class Presences(Ephemeron, frozen=True):
    """The same of several people of one room, where many change at once."""

    TYPE: ClassVar[str] = "presences"
    people: list[PersonPresence]


class AvailabilityChanged(Fact, frozen=True):
    TYPE: ClassVar[str] = "availability.changed"
    STREAM: ClassVar[StreamKind] = "account"
    availability: Availability
