"""Shapes of what was listened to."""

from datetime import datetime
from uuid import UUID

from tertulia.core.wire import Request, Shape
from tertulia.features.accounts.schemas import Account

COUNTED = 100  # listeners; beyond it their number is not told
FIRST = 10  # listeners told by name beside the message
LISTED = 100


class Listens(Shape, frozen=True):
    """Who played a voice message of mine, as far as I may know. A `count` of 100 is 100 or more;
    `people` are the first ten of them."""

    count: int
    people: list[UUID]


class Listener(Shape, frozen=True):
    account_id: UUID
    at: datetime


class ListenerList(Shape, frozen=True):
    """The first hundred, in the order they played it; `people` are their accounts."""

    listeners: list[Listener]
    people: list[Account]


class ListenToVoice(Request, frozen=True):
    room_id: UUID
    message_id: UUID
