"""What is asked of the child and what it answers."""

from typing import Literal

import msgspec

MAX_BYTES = 262_144  # of a picture as it comes, and as it goes
FORMATS = ("png", "gif", "webp", "jpeg")

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


class Job(msgspec.Struct, frozen=True):
    data: bytes
    wanted: Wanted


class Answer(msgspec.Struct, frozen=True):
    """Either of the two."""

    picture: Picture | None = None
    trouble: Trouble | None = None
