"""Shapes of pins. The list is composed in `timeline`, where messages are."""

from datetime import datetime
from uuid import UUID

from tertulia.core.wire import Shape

PIN_LIMIT = 100  # of a room


class Pinned(Shape, frozen=True):
    """Who pinned a message, and when."""

    by: UUID
    at: datetime
