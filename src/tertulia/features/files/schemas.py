"""Shapes of files on the wire."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct, field

from tertulia.core.wire import Shape

# `checking`: uploaded, not yet looked at. `infected` and `failed` stay so: nobody gets the bytes.
FileState = Literal["checking", "ready", "infected", "failed"]
# `not_scanned`: there is no scanner, or the file is larger than it takes. It says nothing.
Scan = Literal["pending", "clean", "infected", "not_scanned"]

FileKind = Literal["picture", "film", "sound", "document"]


class Look(Shape, frozen=True):
    """What a look inside a picture, a film or a recording found. Sizes are in pixels, upright.
    `placeholder` is a ThumbHash in base64 to be shown until the picture has come. `renditions` are
    the names to be had beside `original`: `thumb.webp`, `thumb.jpg`, `thumb.avif` (320 pixels),
    `preview.…` (1,280), `poster.…` of a film. `waveform` is a recording's loudness from 0 to 100 in
    at most 128 equal steps."""

    width: int | None = None
    height: int | None = None
    animated: bool = False
    duration_ms: int | None = None
    placeholder: str | None = None
    renditions: list[str] = field(default_factory=list[str])
    waveform: list[int] = field(default_factory=list[int])


class File(Shape, frozen=True):
    """`media_type` is by content, and `application/octet-stream` until that was looked at.
    `message_id` is null until the file is sent; only its uploader sees it till then."""

    id: UUID
    room_id: UUID
    account_id: UUID
    name: str
    size: int  # bytes
    media_type: str
    state: FileState
    scan: Scan
    look: Look | None
    message_id: UUID | None
    created_at: datetime


class Quarantined(Shape, frozen=True):
    """An infected file whose bytes are kept from everybody; `found` is the scanner's name for what
    is in it."""

    id: UUID
    room_id: UUID
    account_id: UUID
    name: str
    size: int  # bytes
    found: str
    created_at: datetime


class QuarantineList(Shape, frozen=True):
    """The newest first."""

    files: list[Quarantined]
    next: str | None


# Kinds of jobs, and what they are told.
SETTLE = "files.settle"  # look at an upload, and make it a file that is ready
RELEASE = "files.release"  # throw away bytes that no file holds any more
FILM = "films.prepare"  # make a film ready to be watched
FORGET_FILM = "films.forget"  # throw away what a film was made into; told as `PrepareFilm`


class Settle(Struct, frozen=True):
    room_id: UUID
    file_id: UUID


class Release(Struct, frozen=True):
    blob_id: UUID


class PrepareFilm(Struct, frozen=True):
    blob_id: UUID
