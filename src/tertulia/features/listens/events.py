"""Facts about voice messages that were played."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Fact, StreamKind
from tertulia.features.listens.schemas import Listens


class VoiceListened(Fact, frozen=True):
    """I played it, on some device of mine."""

    TYPE: ClassVar[str] = "voice.listened"
    STREAM: ClassVar[StreamKind] = "account"
    room_id: UUID
    message_id: UUID


class VoiceHeard(Fact, frozen=True):
    """Somebody played mine: how its listeners stand from now on. After COUNTED of them no more is
    told."""

    TYPE: ClassVar[str] = "voice.heard"
    STREAM: ClassVar[StreamKind] = "account"
    room_id: UUID
    message_id: UUID
    listens: Listens
