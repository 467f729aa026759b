"""Facts about threads: figures in the room's stream, decisions in the account's."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Fact, Logged, StreamKind
from tertulia.features.rooms.schemas import ReadPosition
from tertulia.features.threads.schemas import Reply, ThreadSummary


class ThreadChanged(Fact, frozen=True):
    """A thread got a reply (`reply`), lost one, or calls somebody new. `thread` is null while it
    has no replies. It calls those in `involved`, by what is said above the seq beside each; nobody
    is involved when the root's time was up, and the thread with it: forget it."""

    TYPE: ClassVar[str] = "thread.changed"
    STREAM: ClassVar[StreamKind] = "room"
    root_id: UUID
    thread: ThreadSummary | None
    reply: Reply | None
    involved: dict[UUID, int]

    # The message whose sending, deleting or editing this is about: the log keeps no more.
    ref: UUID

    def logged(self) -> Logged:
        return Logged(ref=self.ref, data=None)


class ThreadMarked(Fact, frozen=True):
    """I read a thread up to `read_seq`, or decided to follow it or not, on some device of mine."""

    TYPE: ClassVar[str] = "thread.marked"
    STREAM: ClassVar[StreamKind] = "account"
    room_id: UUID
    root_id: UUID
    read_seq: int
    following: bool | None


class ThreadsRead(Fact, frozen=True):
    """I read every thread of these rooms up to a seq, on some device of mine. What I decided about
    them stays."""

    TYPE: ClassVar[str] = "threads.read"
    STREAM: ClassVar[StreamKind] = "account"
    positions: list[ReadPosition]
