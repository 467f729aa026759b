"""Shapes of contacts, blocks and privacy on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from tertulia.core.wire import Request, Shape
from tertulia.features.accounts.schemas import ONE_LINE, Account

Audience = Literal["everyone", "shared", "contacts"]
ContactState = Literal["requested", "incoming", "contact"]
Note = Annotated[str, Meta(max_length=200, pattern=ONE_LINE)]


class Privacy(Shape, frozen=True):
    """What I let others do. `shared` are people who share a room with me, and my contacts.

    Who hides their receipts sees nobody's; who hides when they were last seen is not told it of
    others."""

    may_message: Audience = "everyone"
    may_add: Audience = "everyone"
    may_find: Audience = "everyone"
    hide_receipts: bool = False
    hide_last_seen: bool = False


class ChangePrivacy(Request, frozen=True):
    may_message: Audience | UnsetType = UNSET
    may_add: Audience | UnsetType = UNSET
    may_find: Audience | UnsetType = UNSET
    hide_receipts: bool | UnsetType = UNSET
    hide_last_seen: bool | UnsetType = UNSET


class Contact(Shape, frozen=True):
    """`requested`: I asked them; `incoming`: they asked me, with a `note`."""

    account_id: UUID
    state: ContactState
    note: str
    since: datetime


class Blocked(Shape, frozen=True):
    account_id: UUID
    since: datetime


class Circle(Shape, frozen=True):
    """My side of my ties, in every snapshot."""

    privacy: Privacy
    contacts: list[Contact]
    blocked: list[Blocked]


class CircleList(Shape, frozen=True):
    """The same, and the people it names."""

    circle: Circle
    people: list[Account]


class RequestContact(Request, frozen=True):
    account_id: UUID
    note: Note = ""
