"""Shapes of uploads: what clients see of the limits, and a row as verbs see it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from tertulia.core.wire import Shape

UploadKind = Literal["whole", "partial", "final", "direct"]


class UploadLimits(Shape, frozen=True):
    """In bytes. `left` is what an upload may still bring, by every limit; `quota` and `used` are
    mine, null: I have none. `open` uploads of at most `most_open` are unfinished."""

    max_size: int
    left: int
    quota: int | None
    used: int
    open: int
    most_open: int


class Upload(msgspec.Struct, frozen=True):
    """A row. `length` None: not told yet. While `holder` writes there may be more than
    `received`."""

    account_id: UUID
    id: UUID
    room_id: UUID | None
    kind: UploadKind
    name: str
    metadata: str
    length: int | None
    received: int
    holder: UUID | None
    held_until: datetime | None
    yield_asked: bool
    checked: bool
    parts: list[UUID] | None
    final_id: UUID | None
    file_id: UUID | None
    created_at: datetime
    touched_at: datetime
    expires_at: datetime

    def is_held(self, now: datetime) -> bool:
        """Does somebody write it who is still believed?"""
        return self.held_until is not None and self.held_until > now

    @property
    def is_dangling(self) -> bool:
        """Somebody wrote it and never said how far they came. Ask `is_held` first."""
        return self.holder is not None

    @property
    def is_whole(self) -> bool:
        return self.received == self.length

    @property
    def becomes_file(self) -> bool:
        """All is there, and nothing was made of it yet."""
        return self.is_whole and self.kind in ("whole", "final") and self.file_id is None

    @property
    def is_over(self) -> bool:
        """It became a file, or a part of something."""
        return self.file_id is not None or self.final_id is not None
