"""Shapes of forwarding."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from tertulia.core.wire import Request, Shape
from tertulia.features.messages.schemas import MAX_TEXT

HOP_LIMIT = 20
SOURCE_LIMIT = 20  # messages at once
TARGET_LIMIT = 10  # rooms at once


class Source(Request, frozen=True):
    """A message to carry on."""

    room_id: UUID
    message_id: UUID


class Forward(Request, frozen=True):
    """Carry `messages`, in this order, to each of `rooms`; `comment` goes before them as a message
    of mine. The same `client_id` again says nothing twice."""

    client_id: UUID
    messages: Annotated[list[Source], Meta(min_length=1, max_length=SOURCE_LIMIT)]
    rooms: Annotated[list[UUID], Meta(min_length=1, max_length=TARGET_LIMIT)]
    comment: Annotated[str, Meta(max_length=MAX_TEXT)] = ""


class ForwardError(Shape, frozen=True):
    code: str
    message: str


class ForwardOutcome(Shape, frozen=True):
    """What became of one target: the new messages' ids (the comment's first), or why not."""

    room_id: UUID
    message_ids: list[UUID]
    error: ForwardError | None


class ForwardOutcomes(Shape, frozen=True):
    """In the order of the rooms asked for."""

    outcomes: list[ForwardOutcome]
