"""Shapes of drafts."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from tertulia.core.wire import Request, Shape
from tertulia.features.messages.schemas import MAX_TEXT

DRAFT_LIMIT = 500  # of one account


class Draft(Shape, frozen=True):
    """`id` is the thread's root where it is for a thread, else the room's."""

    id: UUID
    room_id: UUID
    thread: UUID | None
    text: str
    reply_to: UUID | None
    saved_at: datetime


class SaveDraft(Request, frozen=True):
    """`saved_at` is when it was written, by the device's clock. No text and no `reply_to`: the
    draft is gone."""

    text: Annotated[str, Meta(max_length=MAX_TEXT)]
    saved_at: Annotated[datetime, Meta(tz=True)]
    thread: UUID | None = None
    reply_to: UUID | None = None


class SavedDraft(Shape, frozen=True):
    """The draft that stands: another, where that one was written later; null for none."""

    draft: Draft | None


class DraftList(Shape, frozen=True):
    drafts: list[Draft]
