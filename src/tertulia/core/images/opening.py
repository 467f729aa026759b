"""In the child: how pictures are opened, and which not.

Each decoder is named outright after a look at the first bytes, and all others are shut: no other of
libvips' many loaders (SVG, TIFF, raw …) ever sees what a stranger sent.
"""

from typing import Any

import pyvips

_LOADERS = {
    "png": "pngload",
    "gif": "gifload",
    "webp": "webpload",
    "jpeg": "jpegload",
    "avif": "heifload",
}
_CLASSES = ("Png", "Nsgif", "Webp", "Jpeg", "Heif")
ANIMATED = {"gif", "webp"}


class TooLarge(Exception):
    """More pixels, frames or bytes than we take."""


def shut_the_others() -> None:
    """Once, before the first picture."""
    pyvips.block_untrusted_set(True)
    pyvips.operation_block_set("VipsForeignLoad", True)
    for name in _CLASSES:
        pyvips.operation_block_set(f"VipsForeignLoad{name}", False)
    pyvips.cache_set_max(0)


def open_picture(source: bytes | str, format_: str, **options: Any) -> Any:
    """`source` is the bytes or a path. The header alone is read. Raises pyvips.Error."""
    suffix = "_buffer" if isinstance(source, bytes) else ""
    load = getattr(pyvips.Image, _LOADERS[format_] + suffix)
    return load(source, fail_on="truncated", **options)


def frames_of(image: Any, format_: str) -> int:
    """How many there are, as the header says."""
    if format_ not in ANIMATED or not image.get_typeof("n-pages"):
        return 1
    return max(1, image.get("n-pages"))


def frame_height(image: Any) -> int:
    return image.get("page-height") if image.get_typeof("page-height") else image.height


def resized(image: Any, side: int, *, size: str = "down", crop: str = "none") -> Any:
    """Upright, sRGB, each frame within the square."""
    height = frame_height(image)
    if image.height == height:
        return _resized(image, side, size, crop)
    frames = [image.crop(0, top, image.width, height) for top in range(0, image.height, height)]
    return _joined([_resized(frame, side, size, crop) for frame in frames], image)


def _resized(frame: Any, side: int, size: str, crop: str) -> Any:
    return frame.thumbnail_image(side, height=side, size=size, crop=crop)


def _joined(frames: list[Any], source: Any) -> Any:
    joined = pyvips.Image.arrayjoin(frames, across=1).copy()
    joined.set_type(pyvips.GValue.gint_type, "page-height", frames[0].height)
    for name in ("delay", "loop"):
        if source.get_typeof(name):
            joined.set_type(source.get_typeof(name), name, source.get(name))
    return joined
