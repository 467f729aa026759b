"""Facts about exports, in the asker's stream; and how far one is, which is no fact."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Ephemeron, Fact, StreamKind
from tertulia.features.exporting.schemas import Export


class ExportChanged(Fact, frozen=True):
    """I asked for an export, or one began, is done or failed."""

    TYPE: ClassVar[str] = "export.changed"
    STREAM: ClassVar[StreamKind] = "account"
    export: Export


class ExportRemoved(Fact, frozen=True):
    """An export of mine is gone, its file with it."""

    TYPE: ClassVar[str] = "export.removed"
    STREAM: ClassVar[StreamKind] = "account"
    export_id: UUID


class ExportProgress(Ephemeron, frozen=True):
    """An export of mine is that far."""

    TYPE: ClassVar[str] = "export.progress"
    export_id: UUID
    done: int
    total: int
