"""Ephemera about receipts."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Ephemeron
from tertulia.features.receipts.schemas import Cursor


class Receipts(Ephemeron, frozen=True):
    """Cursors of others in a room of mine moved; absolute values, each as far as I may know it."""

    TYPE: ClassVar[str] = "receipts"
    room_id: UUID
    cursors: list[Cursor]
