"""Facts about preferences, in the account's own stream: all of one's devices follow."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Fact, StreamKind
from tertulia.features.preferences.schemas import Arrangement, RoomPreferences


class PreferenceChanged(Fact, frozen=True):
    """What I want of a room is this now."""

    TYPE: ClassVar[str] = "preference.changed"
    STREAM: ClassVar[StreamKind] = "account"
    room_id: UUID
    preferences: RoomPreferences


class ArrangementChanged(Fact, frozen=True):
    TYPE: ClassVar[str] = "arrangement.changed"
    STREAM: ClassVar[StreamKind] = "account"
    arrangement: Arrangement
