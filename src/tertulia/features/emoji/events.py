"""What every socket hears, without a log."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Ephemeron


class EmojiChanging(Ephemeron, frozen=True):
    """The list of custom emoji is another one now: fetch it where it is needed."""

    TYPE: ClassVar[str] = "emoji"
    version: UUID
