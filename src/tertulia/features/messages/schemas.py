"""Shapes of messages on the wire. `Body` is an open union: clients show unknown kinds as such."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType, field

from tertulia.core.wire import Request, Shape

MAX_TEXT = 8_000  # characters
MAX_ALT = 1_000  # characters
MAX_FILES = 10  # of one message
MAX_VOICE_MS = 900_000
Text = Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]
SystemEvent = Literal["room.created", "room.renamed", "room.archived", "room.unarchived",
                      "room.topic_changed", "room.ttl_changed", "room.avatar_changed",
                      "member.joined", "member.left", "member.removed", "member.banned",
                      "message.pinned", "webhook.disabled"]  # fmt: skip


class ShownAs(Shape, frozen=True):
    """Whom a program says it speaks for. Clients show it beside the account's own name, never in
    its place. `icon` is an emoji."""

    name: str
    icon: str | None = None


class TextBody(Shape, frozen=True, tag_field="kind", tag="text"):
    """Markdown."""

    text: str
    shown_as: ShownAs | UnsetType = UNSET


class SystemBody(Shape, frozen=True, tag_field="kind", tag="system"):
    """A quiet note about the room. `account_id` is the one concerned, `text` the new name, topic,
    or time to live in seconds, or the room's picture, or why a webhook was turned off (`gone`,
    `failing`). `message_id` names the message that was pinned."""

    event: SystemEvent
    account_id: UUID | None = None
    text: str = ""
    message_id: UUID | None = None


class DeletedBody(Shape, frozen=True, tag_field="kind", tag="deleted"):
    """The tombstone of a message deleted for everyone."""

    by: UUID


class ExpiredBody(Shape, frozen=True, tag_field="kind", tag="expired"):
    """Its time was up. Only events still name such a message: clients show nothing of it."""


class Attached(Shape, frozen=True):
    """A file of a message, in its place. `alt` says in words what a picture shows."""

    id: UUID
    alt: str = ""


class FilesBody(Shape, frozen=True, tag_field="kind", tag="files"):
    """Up to ten files, and a caption in Markdown. What is known of them stands beside the
    message."""

    files: list[Attached]
    text: str = ""


class VoiceBody(Shape, frozen=True, tag_field="kind", tag="voice"):
    """Somebody speaking. `file_id` names the recording (null where only its words are), `waveform`
    is its loudness from 0 to 100 in at most 128 equal steps, `text` what is said, where that is
    known. Once it was looked at, what stands beside the message says its type, length and
    waveform, and is to be believed."""

    duration_ms: int
    waveform: list[int] = field(default_factory=list)
    file_id: UUID | None = None
    mime_type: str = "audio/ogg"
    size: int | None = None  # bytes
    text: str = ""


class PollBody(Shape, frozen=True, tag_field="kind", tag="poll"):
    """A question with answers to choose from, by their place in `options`. `text` is the question.
    How it stands is told beside the message; from `closes_at` on nobody votes."""

    text: str
    options: list[str]
    multiple: bool = False
    anonymous: bool = False
    closes_at: datetime | None = None


Body = TextBody | SystemBody | DeletedBody | ExpiredBody | FilesBody | VoiceBody | PollBody


class Hop(Shape, frozen=True):
    """One place a message was forwarded from: what stood there, who said it and when."""

    room_id: UUID
    message_id: UUID
    author_id: UUID
    sent_at: datetime


class Forwarded(Shape, frozen=True):
    """Where a message came from, the first place first: at most 20 hops, of a longer way the first
    and the last 19. Ids alone: a room's name, and the original, are for who is in that room."""

    hops: list[Hop]


class Quote(Shape, frozen=True):
    """The message replied to, as it stands now: cut to 200 characters, `text` null when deleted.
    Of a message without words it says what that brings along: `📎 3` files, `🎤 0:12` of voice."""

    id: UUID
    seq: int
    author_id: UUID
    text: str | None


class Message(Shape, frozen=True):
    """`edited_at` is null until the text changes. `mentions` are account ids: whom the text named,
    one by one or by a group. `here` are those an `@here` found. `thread` is the root this answers
    beside the room's talk; such a reply is shown in the room only with `in_room`. From
    `expires_at` on it counts as gone, whether `message.expired` came or not."""

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
    here: list[UUID] = field(default_factory=list)
    thread: UUID | None = None
    in_room: bool = True
    forwarded: Forwarded | None = None
    expires_at: datetime | None = None


class AttachFile(Request, frozen=True):
    """`file_id` is an upload of mine in that room which I have not sent yet."""

    file_id: UUID
    alt: Annotated[str, Meta(max_length=MAX_ALT)] = ""


class SayAloud(Request, frozen=True):
    """A recording of mine, uploaded in that room; its loudness in at most 128 equal steps."""

    file_id: UUID
    duration_ms: Annotated[int, Meta(ge=1, le=MAX_VOICE_MS)]
    waveform: Annotated[list[Annotated[int, Meta(ge=0, le=100)]], Meta(max_length=128)] = field(
        default_factory=list[int]
    )


class SendMessage(Request, frozen=True):
    """`client_id` is a UUID made by the client: the same one again returns the first answer.
    `thread` is the id of the root to answer; `also_in_room` shows that answer in the room, too.
    With `files` the text is their caption and may be empty; with `voice` it is what is said."""

    client_id: UUID
    text: Annotated[str, Meta(max_length=MAX_TEXT)] = ""
    files: Annotated[list[AttachFile], Meta(max_length=MAX_FILES)] = field(
        default_factory=list[AttachFile]
    )
    voice: SayAloud | None = None
    reply_to: UUID | None = None
    thread: UUID | None = None
    also_in_room: bool = False


class EditMessage(Request, frozen=True):
    """The new words; of a message with files its caption, which may be empty."""

    text: Annotated[str, Meta(max_length=MAX_TEXT)]


class Revision(Shape, frozen=True):
    """An earlier text of a message, and until when it stood."""

    text: str
    replaced_at: datetime


class RevisionList(Shape, frozen=True):
    revisions: list[Revision]
