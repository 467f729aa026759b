"""The child: reads one job, writes one answer, ends. Run by `studio`, never imported by it.

Only four decoders can be reached, each named outright after a look at the first bytes, so that no
other of libvips' many loaders (SVG, PDF, ImageMagick …) ever sees what a stranger sent.
"""

import resource
import sys
from typing import Any

import msgspec
import pyvips

from tertulia.core.images.wanted import MAX_BYTES, Answer, Job, Picture, Wanted

MEMORY = 1 << 30  # address space, in bytes; libvips itself maps a few hundred MB
CPU_SECONDS = 8
MAX_SIDE = 8_192  # pixels of a picture as it comes
MAX_PIXELS = 20_000_000  # of all its frames together
QUALITIES = (90, 75, 50, 30)  # until it is small enough

_LOADERS = {
    "png": "pngload_buffer",
    "gif": "gifload_buffer",
    "webp": "webpload_buffer",
    "jpeg": "jpegload_buffer",
}
_ANIMATED = {"gif", "webp"}


class TooLarge(Exception):
    pass


def sniff(data: bytes) -> str | None:
    """The format by its first bytes; what a name or a header says is not asked."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    return None


def remake(data: bytes, wanted: Wanted) -> Picture:
    """Raises pyvips.Error for what cannot be read to its end, TooLarge."""
    format_ = sniff(data)
    if format_ is None:
        raise pyvips.Error("no picture of a kind we take")
    image = _shape(_load(data, format_, wanted.frames), wanted)
    height = _frame_height(image)
    return Picture(_encode(image), image.width, height, image.height // height)


def _load(data: bytes, format_: str, frames: int) -> Any:
    # The header alone, before a pixel is decoded.
    first = _open(data, format_)
    pages = first.get("n-pages") if first.get_typeof("n-pages") else 1
    kept = min(pages, frames) if format_ in _ANIMATED else 1
    if max(first.width, first.height) > MAX_SIDE:
        raise TooLarge
    if first.width * first.height * kept > MAX_PIXELS:
        raise TooLarge
    return _open(data, format_, n=kept) if kept > 1 else first


def _open(data: bytes, format_: str, **options: Any) -> Any:
    load = getattr(pyvips.Image, _LOADERS[format_])
    return load(data, fail_on="truncated", **options)


def _shape(image: Any, wanted: Wanted) -> Any:
    """Upright, sRGB, and as large as wanted; a small picture is not blown up, unless it has to
    cover a square."""
    crop = "centre" if wanted.fit == "cover" else "none"
    size = "both" if wanted.fit == "cover" else "down"
    if image.height == _frame_height(image):
        return image.thumbnail_image(wanted.side, height=wanted.side, size=size, crop=crop)
    return _join([_still(frame, wanted.side, size, crop) for frame in _frames(image)], image)


def _still(frame: Any, side: int, size: str, crop: str) -> Any:
    return frame.thumbnail_image(side, height=side, size=size, crop=crop)


def _frames(image: Any) -> list[Any]:
    height = _frame_height(image)
    return [image.crop(0, top, image.width, height) for top in range(0, image.height, height)]


def _join(frames: list[Any], source: Any) -> Any:
    joined = pyvips.Image.arrayjoin(frames, across=1).copy()
    joined.set_type(pyvips.GValue.gint_type, "page-height", frames[0].height)
    for name in ("delay", "loop"):
        if source.get_typeof(name):
            joined.set_type(source.get_typeof(name), name, source.get(name))
    return joined


def _frame_height(image: Any) -> int:
    return image.get("page-height") if image.get_typeof("page-height") else image.height


def _encode(image: Any) -> bytes:
    # In memory once: several attempts must not decode several times.
    pixels = image.copy_memory()
    for quality in QUALITIES:
        encoded = pixels.webpsave_buffer(Q=quality, effort=4, keep="none")
        if len(encoded) <= MAX_BYTES:
            return encoded
    raise TooLarge


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    _bound()
    job = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Job)
    try:
        answer = Answer(picture=remake(job.data, job.wanted))
    except TooLarge:
        answer = Answer(trouble="too_large")
    except (pyvips.Error, MemoryError):
        answer = Answer(trouble="unreadable")
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))


if __name__ == "__main__":
    main()
