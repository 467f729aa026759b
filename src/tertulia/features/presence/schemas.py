"""Shapes of presence on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from tertulia.core.wire import Request, Shape
from tertulia.features.accounts.schemas import Account
from tertulia.features.people.schemas import ContactState

PresenceState = Literal["online", "away", "dnd", "offline"]


class Type(Request, frozen=True):
    """Say again every 4 s while typing; `active: false` ends it at once. `thread` is the id of the
    root where a reply is being written."""

    room_id: UUID
    active: bool = True
    thread: UUID | None = None


class SetPresence(Request, frozen=True):
    """`away` when the person has not touched this client for a while."""

    state: Literal["online", "away"]


class ListPresence(Request, frozen=True):
    """`account_ids`: of these alone. A room of more than 1,000 members answers of nobody else."""

    room_id: UUID
    account_ids: Annotated[list[UUID], Meta(max_length=100)] | None = None


class PersonPresence(Shape, frozen=True):
    account_id: UUID
    state: PresenceState


class PresenceList(Shape, frozen=True):
    """Of those asked about who is not offline, and how many of the room's members are not. In a
    room of more than 1,000 that number may be half a minute old."""

    people: list[PersonPresence]
    here: int = 0


Weekday = Annotated[int, Meta(ge=0, le=6)]
Minute = Annotated[int, Meta(ge=0, le=1439)]
TimeZone = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_+/-]+$")]


class QuietHours(Request, frozen=True):
    """On these days (0 is Monday) from `start` to `end`, minutes since midnight in my time zone.
    An `end` not after the `start` is on the next day."""

    days: Annotated[list[Weekday], Meta(min_length=1, max_length=7)]
    start: Minute
    end: Minute


class SetAvailability(Request, frozen=True):
    """`dnd` holds until `dnd_until`, or until I say otherwise; `schedule` besides."""

    dnd: bool = False
    dnd_until: datetime | None = None
    schedule: Annotated[list[QuietHours], Meta(max_length=14)] = msgspec.field(
        default_factory=list[QuietHours]
    )
    time_zone: TimeZone | None = None


class Availability(Shape, frozen=True):
    """When I do not want to be disturbed, for notifications; the time zone is on my card."""

    dnd: bool = False
    dnd_until: datetime | None = None
    schedule: list[QuietHours] = msgspec.field(default_factory=list[QuietHours])
    time_zone: str | None = None


class PersonCard(Shape, frozen=True):
    """Somebody, as far as I may know them: who is no contact of mine and shares no room with me
    looks like somebody who is not here. `blocked`: by me."""

    account: Account
    state: PresenceState
    last_seen_at: datetime | None
    time_zone: str | None
    contact: ContactState | None
    blocked: bool
    may_message: bool
    may_add: bool
