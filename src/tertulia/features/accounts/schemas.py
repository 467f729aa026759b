"""Shapes of accounts, devices and sessions on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from tertulia.core.images.wanted import MAX_BYTES
from tertulia.core.wire import Request, Shape

# 3–32 of a–z 0–9 . _ -, starting and ending with a letter or digit; case is folded.
USERNAME = r"^[A-Za-z0-9](?:[A-Za-z0-9._-]{1,30})[A-Za-z0-9]$"
# Names are one line of visible text: no control characters, no bidi overrides (checklist 34).
ONE_LINE = r"^[^\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*$"
# An emoji, with the joiners that make one of several; or a custom one's name, `:name:`.
ONE_GLYPH = r"^[^\u0000-\u0020\u007f-\u009f\u2028-\u202e\u2060-\u2069\ufeff]*$"
# As much as is worth checking without sending a mail.
EMAIL = r"^[^@\s\u0000-\u001f\u007f-\u009f]+@[^@\s\u0000-\u001f\u007f-\u009f]+$"

Username = Annotated[str, Meta(min_length=3, max_length=32, pattern=USERNAME)]
DisplayName = Annotated[str, Meta(min_length=1, max_length=64, pattern=ONE_LINE)]
Password = Annotated[str, Meta(min_length=8, max_length=256)]
StatusText = Annotated[str, Meta(max_length=100, pattern=ONE_LINE)]
StatusEmoji = Annotated[str, Meta(max_length=32, pattern=ONE_GLYPH)]
Hue = Annotated[int, Meta(ge=0, le=359)]
Email = Annotated[str, Meta(min_length=3, max_length=254, pattern=EMAIL)]
Secret = Annotated[str, Meta(min_length=1, max_length=256)]
DeviceName = Annotated[str, Meta(min_length=1, max_length=64, pattern=ONE_LINE)]
ServerRole = Literal["owner", "admin", "member"]


class Account(Shape, frozen=True):
    """A person (or bot) as everybody who shares a room sees them. `hue` colours the avatar where
    there is no picture. `avatar` names the picture, null for none: at `GET people/{id}/avatar?v=`
    and that name it is for ever the same. A status counts until `status_until`; from then on show
    none."""

    id: UUID
    username: str
    display_name: str
    hue: int
    status_text: str
    is_bot: bool = False
    deactivated: bool = False
    status_emoji: str = ""
    status_until: datetime | None = None
    avatar: str | None = None


class OwnAccount(Shape, frozen=True):
    """An account as its owner sees it."""

    id: UUID
    username: str
    display_name: str
    hue: int
    status_text: str
    email: str | None
    role: ServerRole
    created_at: datetime
    status_emoji: str = ""
    status_until: datetime | None = None
    avatar: str | None = None


class Device(Shape, frozen=True):
    """One signed-in client."""

    id: UUID
    name: str
    platform: str
    created_at: datetime
    last_seen_at: datetime
    current: bool = False


class _Secretive:
    """No traceback and no log line shows what was typed."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class Register(_Secretive, Request, frozen=True):
    """`invite` admits to a room, and to a server open by invite only. `setup_token` comes from the
    first-run link: only the very first account of a server others can reach needs it."""

    username: Username
    password: Password
    display_name: DisplayName | None = None
    email: Email | None = None
    invite: Secret | None = None
    setup_token: Secret | None = None
    device_name: DeviceName | None = None


class Login(_Secretive, Request, frozen=True):
    username: Annotated[str, Meta(min_length=1, max_length=254)]
    password: Annotated[str, Meta(min_length=1, max_length=256)]
    device_name: DeviceName | None = None


class Refresh(_Secretive, Request, frozen=True):
    """Browsers send no token here: theirs is in the cookie."""

    refresh_token: Secret | None = None


class Session(_Secretive, Shape, frozen=True):
    """Both tokens are null for browsers: theirs are cookies, which no script can read.
    `expires_in` is in seconds."""

    account: OwnAccount
    device_id: UUID
    access_token: str | None
    expires_in: int
    refresh_token: str | None


class SetFace(Request, frozen=True):
    """`image` is a PNG, GIF, WebP or JPEG file of at most 256 kB, in base64. The middle of it
    becomes a square."""

    image: Annotated[bytes, Meta(min_length=1, max_length=MAX_BYTES)]


class ChangeProfile(Request, frozen=True):
    display_name: DisplayName | UnsetType = UNSET
    hue: Hue | UnsetType = UNSET
    status_text: StatusText | UnsetType = UNSET
    status_emoji: StatusEmoji | UnsetType = UNSET
    status_until: datetime | None | UnsetType = UNSET
    email: Email | None | UnsetType = UNSET


class ChangePassword(_Secretive, Request, frozen=True):
    """Signs out every other device."""

    current_password: Annotated[str, Meta(min_length=1, max_length=256)]
    new_password: Password


class RenameDevice(Request, frozen=True):
    name: DeviceName


class DeviceList(Shape, frozen=True):
    devices: list[Device]


class People(Shape, frozen=True):
    """A page of the directory; `next` is an opaque cursor."""

    people: list[Account]
    next: str | None


class Server(Shape, frozen=True):
    """What a client may know before signing in."""

    name: str
    version: str
    registration: Literal["open", "invite", "closed"]
    needs_owner: bool
    needs_setup_token: bool
    max_text_length: int
