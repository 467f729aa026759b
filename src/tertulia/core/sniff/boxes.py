"""Boxes and elements: MP4 and its many children, Matroska and WebM.

A container says what it holds only inside: a recording in a film's container is told by the tracks.
"""

import re

# ISO/IEC 14496-12 §4.3: major brand, minor version, compatible brands.
_IMAGES = (
    ({b"avif", b"avis"}, "image/avif"),
    ({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}, "image/heic"),
    ({b"mif1", b"mif2", b"msf1"}, "image/heif"),
)
_MAX_BRANDS = 32
_HANDLER = re.compile(rb"hdlr.{8}(vide|soun)", re.S)
_CODEC = re.compile(rb"\x86[\x81-\xa0]([VA])_[A-Z]")  # Matroska's CodecID with a one-byte length


def look(head: bytes, tail: bytes) -> str | None:
    if head[4:8] == b"ftyp":
        return _mp4(head, tail)
    # QuickTime from before brands, and pieces of a stream.
    if head[4:8] in (b"moov", b"mdat", b"wide") and _HANDLER.search(head + tail):
        return "video/quicktime"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return _matroska(head)
    return None


def _mp4(head: bytes, tail: bytes) -> str | None:
    size = int.from_bytes(head[:4], "big")
    if size < 16 or size % 4:
        return None
    brands = [head[8:12]]
    brands += [head[at : at + 4] for at in range(16, min(size, 16 + 4 * _MAX_BRANDS), 4)]
    for known, type_ in _IMAGES:
        if brands[0] in known:
            # `mif1` alone says only "an image": what it is coded in is among the others.
            return next((kind for group, kind in _IMAGES if group & set(brands)), type_)
    if brands[0] in (b"M4A ", b"M4B ", b"M4P "):
        return "audio/mp4"
    tracks = set(_HANDLER.findall(head)) | set(_HANDLER.findall(tail))
    if tracks == {b"soun"}:
        return "audio/mp4"
    if brands[0] == b"qt  ":
        return "video/quicktime"
    return "video/3gpp" if brands[0].startswith(b"3g") else "video/mp4"


def _matroska(head: bytes) -> str | None:
    at = head.find(b"\x42\x82", 4, 64)  # DocType
    if at < 0:
        return None
    name = head[at + 3 : at + 3 + (head[at + 2] & 0x7F)] if len(head) > at + 2 else b""
    kinds = {b"webm": "webm", b"matroska": "x-matroska"}
    if name not in kinds:
        return None
    coded = set(_CODEC.findall(head))
    return f"{'audio' if coded == {b'A'} else 'video'}/{kinds[name]}"
