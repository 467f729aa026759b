"""Shapes of a room's past."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, field

from tertulia.core.wire import Request, Shape
from tertulia.features.accounts.schemas import Account
from tertulia.features.files.schemas import File
from tertulia.features.films.schemas import Film
from tertulia.features.listens.schemas import Listens
from tertulia.features.messages.schemas import Message
from tertulia.features.pins.schemas import Pinned
from tertulia.features.polls.schemas import PollState
from tertulia.features.previews.schemas import LinkPreview
from tertulia.features.reactions.schemas import Reaction
from tertulia.features.reminders.schemas import Reminder
from tertulia.features.threads.schemas import ThreadState, ThreadSummary


class TimelineMessage(Message, frozen=True):
    """A message and what stands beside its words. Each field is told as of the page's `head` (what
    is mine alone, of its `own_head`), and changes by facts of its own, never by `message.edited`.
    """

    reactions: list[Reaction] = field(default_factory=list[Reaction])
    starred: bool = False  # by me
    pinned: Pinned | None = None
    poll: PollState | None = None  # null while nobody voted or closed it
    my_votes: list[int] = field(default_factory=list[int])
    files: list[File] = field(default_factory=list[File])  # those it brings along
    films: list[Film] = field(default_factory=list[Film])  # what was made of them
    forwards: int = 0  # how often it was carried on
    previews: list[LinkPreview] = field(default_factory=list[LinkPreview])  # of its links
    thread_summary: ThreadSummary | None = None  # what was replied to it
    listened: bool = False  # by me, if it is a voice message of another
    listens: Listens | None = None  # by others, if it is mine; null for nobody I may know of


class ThreadPage(Shape, frozen=True):
    """A thread: its root, and replies in `seq` order, as in `Page`."""

    root: TimelineMessage
    me: ThreadState
    messages: list[TimelineMessage]
    people: list[Account]
    found_oldest: bool
    found_newest: bool
    head: int
    own_head: int


class Pin(Shape, frozen=True):
    """A message that its room keeps in sight."""

    id: UUID
    message: TimelineMessage


class PinList(Shape, frozen=True):
    """All of a room, the newest first. `people` are the accounts named."""

    pins: list[Pin]
    people: list[Account]


class Star(Shape, frozen=True):
    """A message of mine to keep at hand, and since when."""

    id: UUID
    message: TimelineMessage
    starred_at: datetime


class StarList(Shape, frozen=True):
    """The newest first. `people` are the accounts the messages name; `next` is an opaque cursor. A
    page may hold fewer than asked for: what I can no longer read is left out."""

    stars: list[Star]
    people: list[Account]
    next: str | None


class HiddenList(Shape, frozen=True):
    """Messages of a room that I deleted for myself, the newest first. `people` are the accounts
    they name; `next` is a seq: ask for what is `before` it."""

    messages: list[TimelineMessage]
    people: list[Account]
    next: int | None


class ReminderItem(Shape, frozen=True):
    """`message` is null where there is none, or none that I may still read."""

    id: UUID
    reminder: Reminder
    message: TimelineMessage | None


class ReminderList(Shape, frozen=True):
    """Those that rang, then the next first. `people` are the accounts the messages name."""

    reminders: list[ReminderItem]
    people: list[Account]


class MarkUnread(Request, frozen=True):
    """`seq` is the first message to be unread again."""

    seq: Annotated[int, Meta(ge=1, le=2**62)]


class Page(Shape, frozen=True):
    """Messages in `seq` order. `people` are the accounts they name. `head` is the room's last seq
    at reading, `own_head` that of my own stream: events above them are news to this page."""

    messages: list[TimelineMessage]
    people: list[Account]
    found_oldest: bool
    found_newest: bool
    head: int
    own_head: int
