"""Shapes of a room's past."""

from tertulia.core.wire import Shape
from tertulia.features.accounts.schemas import Account
from tertulia.features.messages.schemas import Message


class Page(Shape, frozen=True):
    """Messages in `seq` order. `people` are the accounts they name. `head` is the stream's last seq
    at reading: events above it are news to this page."""

    messages: list[Message]
    people: list[Account]
    found_oldest: bool
    found_newest: bool
    head: int
