"""Parts of a file, and the one thing in EXIF that is needed: which side is up."""

import struct

# From … to before … of the original, or bytes of our own.
Piece = tuple[int, int] | bytes

_ORIENTATION = 0x0112
_MAX_ENTRIES = 512


class Malformed(ValueError):
    """It is not built as its type says."""


def orientation_of(tiff: bytes) -> int:
    """1 to 8, as TIFF 6.0 has it; 1 (as it is) where it says nothing that can be read."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 10:
        return 1
    (at,) = struct.unpack_from(order + "I", tiff, 4)
    if at + 2 > len(tiff):
        return 1
    (count,) = struct.unpack_from(order + "H", tiff, at)
    for entry in range(at + 2, at + 2 + 12 * min(count, _MAX_ENTRIES), 12):
        if entry + 12 > len(tiff):
            return 1
        tag, kind, number, value = struct.unpack_from(order + "HHIH", tiff, entry)
        if (tag, kind, number) == (_ORIENTATION, 3, 1):
            return value if 1 <= value <= 8 else 1
    return 1


def only_orientation(orientation: int) -> bytes:
    """A TIFF with this one entry."""
    entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, orientation, 0)
    return b"MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4)
