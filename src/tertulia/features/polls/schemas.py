"""Shapes of polls. The question and its answers: `messages.schemas.PollBody`."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, field

from tertulia.core.wire import Request, Shape
from tertulia.features.accounts.schemas import Account

FIRST = 10  # people told by name with each answer; the list has them all
MAX_OPTIONS = 20
Question = Annotated[str, Meta(min_length=1, max_length=300)]
Option = Annotated[str, Meta(min_length=1, max_length=100)]
Choices = Annotated[list[Annotated[int, Meta(ge=0, lt=MAX_OPTIONS)]], Meta(max_length=MAX_OPTIONS)]


class PollState(Shape, frozen=True):
    """How a poll stands. `counts` and `people` follow the poll's `options`; `people` are the first
    ten of each, in the order they chose, and nobody in an anonymous poll. `voters` voted at all.
    `closed_at` is set when somebody
    closed it, or its time was over."""

    counts: list[int]
    people: list[list[UUID]]
    voters: int
    closed_at: datetime | None


class CreatePoll(Request, frozen=True):
    """A message that asks. `client_id` as in `SendMessage`. `closes_at` lies ahead, by a year at
    most; without it the poll stays open until somebody closes it."""

    client_id: UUID
    question: Question
    options: Annotated[list[Option], Meta(min_length=2, max_length=MAX_OPTIONS)]
    multiple: bool = False
    anonymous: bool = False
    closes_at: datetime | None = None
    thread: UUID | None = None
    also_in_room: bool = False


class Vote(Request, frozen=True):
    """My choices, by their place in `options`: all of them, in place of those before. None takes
    my vote back."""

    choices: Choices = field(default_factory=list[int])


class Voted(Shape, frozen=True):
    """My vote, and how the poll stands now."""

    choices: list[int]
    poll: PollState | None


class Voter(Shape, frozen=True):
    account: Account
    choice: int


class VoterList(Shape, frozen=True):
    """In the order they chose; `next` is an opaque cursor."""

    voters: list[Voter]
    next: str | None
