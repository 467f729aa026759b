"""Facts about reactions, in the room's stream."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Fact, StreamKind


class ReactionChanged(Fact, frozen=True):
    """`account_id` began (`added`) or ceased to react to a message with `emoji`; the rest is how
    that emoji stands now, as in `Reaction`. With a `count` of 0 it is gone. Whether it is mine:
    `added` where `account_id` is me, else as it was.
    """

    TYPE: ClassVar[str] = "reaction.changed"
    STREAM: ClassVar[StreamKind] = "room"
    message_id: UUID
    account_id: UUID
    added: bool
    emoji: str
    count: int
    accounts: list[UUID]
    since: int
