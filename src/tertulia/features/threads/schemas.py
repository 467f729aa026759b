"""Shapes of threads on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, field

from tertulia.core.wire import Request, Shape


class ThreadSummary(Shape, frozen=True):
    """What a thread's root shows: `participants` are the last five who replied, newest first."""

    replies: int
    last_reply_at: datetime
    participants: list[UUID]


class Reply(Shape, frozen=True):
    """As much of a reply as counting needs. `calls` are the accounts it names or an `@here` found;
    `calls_all` is an `@room`, which in a thread calls those who follow it."""

    seq: int
    author_id: UUID
    in_room: bool
    calls: list[UUID] = field(default_factory=list)
    calls_all: bool = False


class OwnThread(Shape, frozen=True):
    """My side of a thread that calls me or that I decided about. `following` is my decision, null
    where I follow it by taking part. Unread replies are named by their `seq` (newest 100): not
    mine, not deleted, not shown in the room; `mentions` are those of them that call me."""

    root_id: UUID
    following: bool | None
    unread: list[int]
    mentions: list[int]


class ThreadState(Shape, frozen=True):
    """How I stand to one thread: whether it calls me now, and the `seq` up to which I read it."""

    following: bool
    read_seq: int


class ReadThread(Request, frozen=True):
    """`seq` is the highest seq seen; the position never moves back, nor past the room's head."""

    seq: Annotated[int, Meta(ge=0)]


class FollowThread(Request, frozen=True):
    following: bool
