"""Shapes of preferences on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType, field

from tertulia.core.wire import Request, Shape
from tertulia.features.accounts.schemas import ONE_LINE

Level = Literal["everything", "mentions", "nothing"]
Moment = Annotated[datetime, Meta(tz=True)]
SECTIONS = 50  # of one account


class RoomPreferences(Shape, frozen=True):
    """Mine, of one room. `muted` holds until `muted_until`, for ever where that is null; `level`
    null is the account's default (everything, in a direct room). A `section_id` that is in no list
    any more means none."""

    muted: bool = False
    muted_until: datetime | None = None
    level: Level | None = None
    favourite: bool = False
    section_id: UUID | None = None


class ChangePreferences(Request, frozen=True):
    """`muted` without `muted_until` mutes for ever; `muted: false` forgets the time."""

    muted: bool | UnsetType = UNSET
    muted_until: Moment | None | UnsetType = UNSET
    level: Level | None | UnsetType = UNSET
    favourite: bool | UnsetType = UNSET
    section_id: UUID | None | UnsetType = UNSET


class Section(Request, frozen=True):
    """A heading of mine in the list of rooms; its id is made by the client."""

    id: UUID
    name: Annotated[str, Meta(min_length=1, max_length=40, pattern=ONE_LINE)]


Collapsed = Annotated[str, Meta(min_length=1, max_length=40, pattern=ONE_LINE)]


class Arrangement(Shape, frozen=True):
    """My list of rooms: sections in their order, and which headings are folded: ids of sections or
    words of the client's own."""

    default_level: Level = "mentions"
    sections: list[Section] = field(default_factory=list)
    collapsed: list[str] = field(default_factory=list)


class Arrange(Request, frozen=True):
    """A list replaces the one before."""

    default_level: Level | UnsetType = UNSET
    sections: Annotated[list[Section], Meta(max_length=SECTIONS)] | UnsetType = UNSET
    collapsed: Annotated[list[Collapsed], Meta(max_length=SECTIONS + 10)] | UnsetType = UNSET
