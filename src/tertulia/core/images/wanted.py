"""What is asked of the child and what it answers."""

from typing import Literal

import msgspec

MAX_BYTES = 262_144  # of a small picture as it comes, and as it goes
MAX_FILE = 64 * 2**20  # of a picture that is a file
FORMATS = ("png", "gif", "webp", "jpeg")
# By media type, what a file may be to be looked at. HEIC is no part of the wheel: it is a matter of
# patents.
LOOKED_AT = {
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/jpeg": "jpeg",
    "image/avif": "avif",
}

# `inside`: the whole picture within a square; `cover`: a full square, the rest cut off.
Fit = Literal["inside", "cover"]
Trouble = Literal["unreadable", "too_large"]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """`side` in pixels. Frames beyond `frames` are left out."""

    side: int
    frames: int = 1
    fit: Fit = "inside"


class Picture(msgspec.Struct, frozen=True):
    """A WebP. `frames` is 1 for a still one."""

    data: bytes
    width: int
    height: int
    frames: int


class Rendition(msgspec.Struct, frozen=True):
    """`name` is as `thumb.webp`."""

    name: str
    media_type: str
    data: bytes


class Sight(msgspec.Struct, frozen=True):
    """A picture as it is to be seen: upright, in pixels; `placeholder` is a ThumbHash."""

    width: int
    height: int
    frames: int
    placeholder: bytes
    renditions: list[Rendition]


class Remake(msgspec.Struct, frozen=True, tag="remake"):
    """A small picture, made anew."""

    data: bytes
    wanted: Wanted


class See(msgspec.Struct, frozen=True, tag="see"):
    """A picture that lies in a file."""

    path: str
    format: str


Job = Remake | See


class Answer(msgspec.Struct, frozen=True):
    """One of the three."""

    picture: Picture | None = None
    sight: Sight | None = None
    trouble: Trouble | None = None
