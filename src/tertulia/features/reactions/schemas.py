"""Shapes of reactions."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from tertulia.core.wire import Request, Shape
from tertulia.features.accounts.schemas import Account

FIRST = 10  # people told by name with each emoji; the list has them all
# The longest emoji takes ten code points, `:name:` of a custom one thirty-four.
Emoji = Annotated[str, Meta(min_length=1, max_length=40)]


class Reaction(Shape, frozen=True):
    """How one emoji stands at one message. `emoji` is an emoji or `:name:` of a custom one.

    `accounts` are the first ten who reacted with it and still do, in that order. `since` is the seq
    of the oldest of these reactions: emoji stand in its order. `mine`: I am among them.
    """

    emoji: str
    count: int
    accounts: list[UUID]
    since: int
    mine: bool


class React(Request, frozen=True):
    emoji: Emoji


class Reactor(Shape, frozen=True):
    """Who reacted, with what, and when."""

    account: Account
    emoji: str
    reacted_at: datetime


class ReactorList(Shape, frozen=True):
    """In the order they reacted; `next` is an opaque cursor."""

    reactors: list[Reactor]
    next: str | None
