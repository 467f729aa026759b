"""Shapes of stars. The list of them is `timeline`'s: it comes with what stands beside messages."""

from typing import NamedTuple
from uuid import UUID

from tertulia.core.wire import Request

STAR_LIMIT = 5_000  # of one account


class StarPlace(NamedTuple):
    """A star in the list, the newest first. `starred_at` is in microseconds of the Unix epoch."""

    starred_at: int
    room_id: UUID
    message_id: UUID


class StarMessage(Request, frozen=True, kw_only=True):
    """`starred` false takes it away."""

    room_id: UUID
    message_id: UUID
    starred: bool = True
