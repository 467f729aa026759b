"""JPEG: segments up to the picture, between its scans, and a proper end."""

import re
from collections.abc import Sequence

from tertulia.core.scrub.pieces import Malformed, Piece, only_orientation, orientation_of

_SOI, _EOI, _SOS, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_APP0, _APP1, _APP2, _APP14, _APP15 = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF
_EXIF = b"Exif\0\0"
# What decoders need of the application segments: density, the colour profile, Adobe's colour model.
_KEPT = {_APP0: b"JFIF\0", _APP2: b"ICC_PROFILE\0", _APP14: b"Adobe"}
# The end of a scan: a marker that is neither a stuffed byte nor a restart.
_MARKER = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")


def pieces(data: bytes) -> Sequence[Piece]:
    """Raises Malformed."""
    if data[:2] != b"\xff\xd8":
        raise Malformed("no start")
    kept: list[Piece] = [(0, 2)]
    behind = 1  # where our own segment goes: behind JFIF, which wants to be the first
    orientation = 1
    at = 2
    while at < len(data):
        start, marker, at = _segment(data, at)
        if marker == _EOI:
            kept.append((start, at))
            break
        if marker == _SOS:
            at = _scan_end(data, at)
        elif marker == _APP1 and data[start + 4 : start + 10] == _EXIF:
            orientation = orientation_of(data[start + 10 : at])
        if _is_kept(data, start, marker):
            kept.append((start, at))
            if marker == _APP0 and len(kept) == 2:
                behind = 2
    if orientation != 1:
        exif = _EXIF + only_orientation(orientation)
        kept.insert(behind, b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif)
    return kept


def _segment(data: bytes, at: int) -> tuple[int, int, int]:
    """Where the segment begins, its marker, where it ends."""
    if data[at] != 0xFF:
        raise Malformed("no marker")
    while at + 1 < len(data) and data[at + 1] == 0xFF:
        at += 1
    if at + 1 >= len(data):
        raise Malformed("cut short")
    marker = data[at + 1]
    if marker in (_EOI, 0x01) or 0xD0 <= marker <= 0xD7:
        return at, marker, at + 2
    size = int.from_bytes(data[at + 2 : at + 4], "big")
    if size < 2 or at + 2 + size > len(data) or marker in (0x00, _SOI):
        raise Malformed("a segment without an end")
    return at, marker, at + 2 + size


def _scan_end(data: bytes, at: int) -> int:
    found = _MARKER.search(data, at)
    return found.start() if found else len(data)


def _is_kept(data: bytes, start: int, marker: int) -> bool:
    if not _APP0 <= marker <= _APP15:
        return marker != _COMMENT
    name = _KEPT.get(marker)
    return name is not None and data[start + 4 : start + 4 + len(name)] == name
