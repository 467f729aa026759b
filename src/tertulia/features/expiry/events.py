"""Facts about messages whose time is up."""

from typing import ClassVar
from uuid import UUID

from msgspec import field

from tertulia.core.wire import Fact, StreamKind


class MessagesExpired(Fact, frozen=True):
    """The time of these messages was up (at most 200; ids and seqs in the same order): they are
    gone, no longer count as unread, and quotes lose their text. `threads` are the roots that some
    of them replied to."""

    TYPE: ClassVar[str] = "message.expired"
    STREAM: ClassVar[StreamKind] = "room"
    message_ids: list[UUID]
    seqs: list[int]
    threads: list[UUID] = field(default_factory=list[UUID])
