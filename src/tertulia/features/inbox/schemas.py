"""Shapes of the inboxes."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from tertulia.core.wire import Shape
from tertulia.features.accounts.schemas import Account
from tertulia.features.timeline.schemas import TimelineMessage

# Why a message is in the inbox: my name or a group of mine; the whole room; I was here; a thread.
Why = Literal["me", "room", "here", "thread"]
Only = Literal["me", "room", "threads"]


class ThreadEntry(Shape, frozen=True):
    """A thread that calls me, by its root's id, with the last two replies. `unread` and `mentions`
    count at most 100."""

    id: UUID
    room_id: UUID
    root: TimelineMessage
    latest: list[TimelineMessage]
    last_reply_at: datetime
    unread: int
    mentions: int


class ThreadInbox(Shape, frozen=True):
    """Those with news first, then the latest. `next` is an opaque cursor; a thread read meanwhile
    may come twice. A page may hold fewer than asked for: what is gone is left out."""

    threads: list[ThreadEntry]
    people: list[Account]
    next: str | None


class Mention(Shape, frozen=True):
    id: UUID
    why: Why
    message: TimelineMessage


class MentionInbox(Shape, frozen=True):
    """The newest first; `next` is an opaque cursor."""

    mentions: list[Mention]
    people: list[Account]
    next: str | None
