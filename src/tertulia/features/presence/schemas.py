"""Shapes of presence on the wire."""

from typing import Literal
from uuid import UUID

from tertulia.core.wire import Request, Shape

PresenceState = Literal["online", "away", "offline"]


class Type(Request, frozen=True):
    """Say again every 4 s while typing; `active: false` ends it at once."""

    room_id: UUID
    active: bool = True


class SetPresence(Request, frozen=True):
    """`away` when the person has not touched this client for a while."""

    state: Literal["online", "away"]


class ListPresence(Request, frozen=True):
    room_id: UUID


class PersonPresence(Shape, frozen=True):
    account_id: UUID
    state: PresenceState


class PresenceList(Shape, frozen=True):
    """Everybody in the room who is not offline."""

    people: list[PersonPresence]
