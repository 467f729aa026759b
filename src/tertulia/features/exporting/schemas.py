"""Shapes of exports: how one stands, and what its file holds (docs/export.md)."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import field

from tertulia.core.wire import Request, Shape
from tertulia.features.accounts.schemas import Account, Device, OwnAccount
from tertulia.features.messages.schemas import Revision
from tertulia.features.reactions.schemas import Reactor
from tertulia.features.rooms.schemas import Member, Room
from tertulia.features.timeline.schemas import Star, TimelineMessage

Format = Literal["json", "html"]
ExportState = Literal["waiting", "running", "done", "failed"]
VERSION = 1  # of the files; fields are only added


class AskExport(Request, frozen=True):
    """Without a room: everything that is mine, as a ZIP archive with a file for each room. With
    `files` the files of the messages come along, and a room is an archive, too."""

    room_id: UUID | None = None
    format: Format = "json"
    files: bool = False


class Export(Shape, frozen=True):
    """A file being made, or made. `done` of `total` are rough parts of the work. `problem` says why
    it failed. The file goes at `expires_at`."""

    id: UUID
    room_id: UUID | None
    room_name: str | None
    format: Format
    state: ExportState
    done: int
    total: int
    file_name: str | None
    size: int | None  # bytes
    problem: str | None
    asked_at: datetime
    expires_at: datetime | None
    files: bool = False


class ExportList(Shape, frozen=True):
    """Mine, the newest first."""

    exports: list[Export]


class ExportLink(Shape, frozen=True):
    """Opens the file, for whoever has it, until `expires_at`."""

    url: str
    expires_at: datetime


class ExportedMessage(TimelineMessage, frozen=True):
    """A message with all that is known of it: its earlier texts, and everybody who reacted. `kept`
    names the places in the archive of those of its files that came along, by their ids."""

    revisions: list[Revision] = field(default_factory=list[Revision])
    reactors: list[Reactor] = field(default_factory=list[Reactor])
    kept: dict[UUID, str] = field(default_factory=dict[UUID, str])


class RoomExport(Shape, frozen=True):
    """The file of a room. Replies of a thread follow its root. `people` are all accounts that are
    named anywhere."""

    format: Literal["tertulia.room"]
    version: int
    exported_at: datetime
    exported_by: UUID
    room: Room
    members: list[Member]
    messages: list[ExportedMessage]
    people: list[Account]


class AccountExport(Shape, frozen=True):
    """`account.json` in the file of an account; `rooms` names the files of its rooms by id."""

    format: Literal["tertulia.account"]
    version: int
    exported_at: datetime
    account: OwnAccount
    devices: list[Device]
    stars: list[Star]
    rooms: dict[UUID, str]
