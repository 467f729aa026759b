"""Shapes of giving files out."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from tertulia.core.wire import Request, Shape
from tertulia.features.accounts.schemas import Account
from tertulia.features.files.schemas import File

# Of what a file is made into: `thumb.webp`, `hls/480p/17.m4s`. Never a way out of a folder.
MAX_CONTENT_NAME = 200
CONTENT_NAME = r"^[0-9A-Za-z_-][0-9A-Za-z._-]*(/[0-9A-Za-z_-][0-9A-Za-z._-]*)*$"

ContentName = Annotated[str, Meta(max_length=MAX_CONTENT_NAME, pattern=CONTENT_NAME)]


class LinkFile(Request, frozen=True):
    """`name` is what the link ends in. Any other name of the same file may be put in its place."""

    name: ContentName = "original"


class FileLink(Shape, frozen=True):
    url: str
    expires_at: datetime


class RoomFile(Shape, frozen=True):
    """A file with the place of its message in the room."""

    id: UUID
    file: File
    message_seq: int
    sent_at: datetime


class RoomFileList(Shape, frozen=True):
    """The newest first. `people` are those who sent them."""

    files: list[RoomFile]
    people: list[Account]
    next: str | None
