"""Ephemera: no `seq`, no log, the first to be dropped."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Ephemeron
from tertulia.features.presence.schemas import PresenceState


class Typing(Ephemeron, frozen=True):
    """Somebody is typing; forget it after 6 s without another, or when their message arrives."""

    TYPE: ClassVar[str] = "typing"
    room_id: UUID
    account_id: UUID
    active: bool


class Presence(Ephemeron, frozen=True):
    TYPE: ClassVar[str] = "presence"
    account_id: UUID
    state: PresenceState
