"""Shapes of messages on the wire. `Body` is an open union: clients show unknown kinds as such."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from tertulia.core.wire import Request, Shape

MAX_TEXT = 8_000  # characters
Text = Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]
SystemEvent = Literal["room.created", "room.renamed", "room.archived", "room.unarchived",
                      "room.topic_changed", "member.joined", "member.left", "member.removed",
                      "member.banned"]  # fmt: skip


class TextBody(Shape, frozen=True, tag_field="kind", tag="text"):
    """Markdown."""

    text: str


class SystemBody(Shape, frozen=True, tag_field="kind", tag="system"):
    """A quiet note about the room. `account_id` is the one concerned, `text` the new name."""

    event: SystemEvent
    account_id: UUID | None = None
    text: str = ""


class DeletedBody(Shape, frozen=True, tag_field="kind", tag="deleted"):
    """The tombstone of a message deleted for everyone."""

    by: UUID


Body = TextBody | SystemBody | DeletedBody


class Quote(Shape, frozen=True):
    """The message replied to, as it stands now: cut to 200 characters, `text` null when deleted."""

    id: UUID
    seq: int
    author_id: UUID
    text: str | None


class Message(Shape, frozen=True):
    """`edited_at` is null until the text changes. `mentions` are account ids."""

    id: UUID
    room_id: UUID
    seq: int
    client_id: UUID
    author_id: UUID
    sent_at: datetime
    edited_at: datetime | None
    body: Body
    reply_to: Quote | None
    mentions: list[UUID]
    mentions_room: bool


class SendMessage(Request, frozen=True):
    """`client_id` is a UUID made by the client: the same one again returns the first answer."""

    client_id: UUID
    text: Text
    reply_to: UUID | None = None


class EditMessage(Request, frozen=True):
    text: Text


class Revision(Shape, frozen=True):
    """An earlier text of a message, and until when it stood."""

    text: str
    replaced_at: datetime


class RevisionList(Shape, frozen=True):
    revisions: list[Revision]
