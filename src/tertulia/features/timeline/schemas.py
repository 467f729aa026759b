"""Shapes of a room's past."""

from msgspec import field

from tertulia.core.wire import Shape
from tertulia.features.accounts.schemas import Account
from tertulia.features.messages.schemas import Message
from tertulia.features.reactions.schemas import Reaction


class TimelineMessage(Message, frozen=True):
    """A message and what stands beside its words. Each field is told as of the page's `head`, and
    changes by facts of its own, never by `message.edited`."""

    reactions: list[Reaction] = field(default_factory=list[Reaction])


class Page(Shape, frozen=True):
    """Messages in `seq` order. `people` are the accounts they name. `head` is the stream's last seq
    at reading: events above it are news to this page."""

    messages: list[TimelineMessage]
    people: list[Account]
    found_oldest: bool
    found_newest: bool
    head: int
