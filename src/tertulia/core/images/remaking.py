"""In the child: a small picture (an emoji, a face), made anew as a small WebP."""

from typing import Any

import pyvips

from tertulia.core.images.opening import (
    ANIMATED,
    TooLarge,
    frame_height,
    frames_of,
    open_picture,
    resized,
)
from tertulia.core.images.wanted import FORMATS, MAX_BYTES, Picture, Wanted
from tertulia.core.sniff import sniff

MAX_SIDE = 8_192  # pixels of a picture as it comes
MAX_PIXELS = 20_000_000  # of all its frames together
QUALITIES = (90, 75, 50, 30)  # until it is small enough


def remake(data: bytes, wanted: Wanted) -> Picture:
    """Raises pyvips.Error for what cannot be read to its end, TooLarge."""
    format_ = sniff(data).removeprefix("image/")
    if format_ not in FORMATS:
        raise pyvips.Error("no picture of a kind we take")
    cover = wanted.fit == "cover"
    # A small picture is not blown up, unless it has to cover a square.
    image = resized(
        _load(data, format_, wanted.frames),
        wanted.side,
        size="both" if cover else "down",
        crop="centre" if cover else "none",
    )
    height = frame_height(image)
    return Picture(_encode(image), image.width, height, image.height // height)


def _load(data: bytes, format_: str, frames: int) -> Any:
    # The header alone, before a pixel is decoded.
    first = open_picture(data, format_)
    kept = min(frames_of(first, format_), frames) if format_ in ANIMATED else 1
    if max(first.width, first.height) > MAX_SIDE:
        raise TooLarge
    if first.width * first.height * kept > MAX_PIXELS:
        raise TooLarge
    return open_picture(data, format_, n=kept) if kept > 1 else first


def _encode(image: Any) -> bytes:
    # In memory once: several attempts must not decode several times.
    pixels = image.copy_memory()
    for quality in QUALITIES:
        encoded = pixels.webpsave_buffer(Q=quality, effort=4, keep="none")
        if len(encoded) <= MAX_BYTES:
            return encoded
    raise TooLarge
