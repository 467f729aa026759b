"""Facts about polls: how one stands, for its room; how I voted, for my own devices."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Fact, StreamKind
from tertulia.features.polls.schemas import PollState


class PollChanged(Fact, frozen=True):
    """How a poll stands now; null where nobody votes and nobody closed it. Of an anonymous poll
    the event names no actor."""

    TYPE: ClassVar[str] = "poll.changed"
    STREAM: ClassVar[StreamKind] = "room"
    message_id: UUID
    poll: PollState | None


class VoteChanged(Fact, frozen=True):
    """My choices in a poll, on whichever device I made them."""

    TYPE: ClassVar[str] = "vote.changed"
    STREAM: ClassVar[StreamKind] = "account"
    room_id: UUID
    message_id: UUID
    choices: list[int]
