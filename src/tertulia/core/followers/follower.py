"""What a follower is."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tertulia.core.streams import Stream
from tertulia.core.tx import Tx
from tertulia.core.wire import StreamKind


class Happened(NamedTuple):
    """An event of the log. What it refers to (`ref`) is to be read as it stands now: it may be
    changed or gone. `data` is the JSON the log kept, or all of it for who asked for `assembled`."""

    stream: Stream
    seq: int
    type: str
    at: datetime
    actor: UUID | None
    ref: UUID | None
    data: bytes | None


Handle = Callable[[Tx, Sequence[Happened]], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Follower:
    """`name` is for ever: its place in the log is kept under it.

    `handle` gets events of several streams, each stream's in order; it runs in the transaction that
    moves the marks, so what it writes through `tx` (rows, facts, jobs) is there exactly if the
    events count as handled. It may run again for the same events (a deadlock, a death before the
    commit) and must touch nothing but `tx`. What it raises is a failure of its stream, which is
    tried again later, alone, event by event; see `core.followers`.

    `wanted`: whether anybody wants to hear of events now; where nobody does, they are stepped over
    without being read.

    `from_beginning`: handles everything ever logged, in the background; otherwise what comes after
    it was first started.
    """

    name: str
    types: frozenset[str]
    handle: Handle
    kind: StreamKind = "room"
    assembled: bool = False
    wanted: Callable[[Tx], Awaitable[bool]] | None = None
    from_beginning: bool = False
