"""In the child: a picture that lies in a file, and what is shown of it before it is asked for."""

from typing import Any

from tertulia.core.images.opening import (
    TooLarge,
    frame_height,
    frames_of,
    open_picture,
    resized,
)
from tertulia.core.images.thumbhash import SIDE as HASHED
from tertulia.core.images.thumbhash import thumbhash
from tertulia.core.images.wanted import Rendition, Sight

MAX_PIXELS = 50_000_000  # of one frame
MAX_SIDE = 65_535
MOVING_PIXELS = 100_000_000  # of all frames as they come; beyond, the first stands for all
MOVED_PIXELS = 40_000_000  # of all frames of a preview: that is seconds of encoding
MAX_FRAMES = 300
THUMB, PREVIEW, MOVING = 320, 1_280, 640  # pixels of the longer side

# Measured on 12 megapixels (ADR 41): WebP's efforts above 2 cost twice the time for one per cent.
_SAVERS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "webp": ("webpsave_buffer", "image/webp", {"Q": 80, "effort": 2}),
    "jpg": ("jpegsave_buffer", "image/jpeg", {"Q": 80, "optimize_coding": True}),
    "avif": ("heifsave_buffer", "image/avif", {"Q": 55, "effort": 0, "compression": "av1"}),
}


def see(path: str, format_: str) -> Sight:
    """Raises pyvips.Error for what cannot be read to its end, TooLarge."""
    header = open_picture(path, format_)
    if max(header.width, header.height) > MAX_SIDE or header.width * header.height > MAX_PIXELS:
        raise TooLarge
    frames = frames_of(header, format_)
    large = resized(_open(path, format_, header), PREVIEW).copy_memory()
    width, height = _upright(header)
    small = resized(large, THUMB).copy_memory()
    renditions = [_saved(small, "thumb", ending) for ending in _SAVERS]
    if max(width, height) > THUMB or frames > 1:
        renditions += _previews(path, format_, header, frames, large)
    return Sight(width, height, frames, _placeholder(small), renditions)


def _open(path: str, format_: str, header: Any) -> Any:
    options: dict[str, Any] = {"access": "sequential"}
    if format_ == "jpeg":
        # Decoded smaller right away, but never so that the rest is blown up or gets soft.
        side = max(header.width, header.height)
        options["shrink"] = next(by for by in (8, 4, 2, 1) if by == 1 or side / by >= 2 * PREVIEW)
    return open_picture(path, format_, **options)


def _upright(header: Any) -> tuple[int, int]:
    turned = header.get_typeof("orientation") and header.get("orientation") in (5, 6, 7, 8)
    return (header.height, header.width) if turned else (header.width, header.height)


def _previews(path: str, format_: str, header: Any, frames: int, still: Any) -> list[Rendition]:
    """Of what moves the WebP does; the JPEG is its first frame."""
    if frames == 1:
        return [_saved(still, "preview", ending) for ending in _SAVERS]
    made = [_saved(still, "preview", "jpg")]
    kept = min(frames, MAX_FRAMES)
    if header.width * header.height * kept > MOVING_PIXELS:
        return [*made, _saved(still, "preview", "webp")]
    side = min(MOVING, int((MOVED_PIXELS / kept) ** 0.5))
    moving = resized(open_picture(path, format_, n=kept), side).copy_memory()
    return [*made, _saved(moving, "preview", "webp")]


def _saved(image: Any, name: str, ending: str) -> Rendition:
    saver, media_type, options = _SAVERS[ending]
    if ending == "jpg" and image.hasalpha():
        image = image.flatten(background=[255, 255, 255])
    return Rendition(f"{name}.{ending}", media_type, getattr(image, saver)(**options, keep="none"))


def _placeholder(image: Any) -> bytes:
    tiny = resized(image, HASHED).colourspace("srgb").cast("uchar")
    tiny = tiny if tiny.hasalpha() else tiny.addalpha()
    return thumbhash(tiny.width, frame_height(tiny), tiny.write_to_memory())
