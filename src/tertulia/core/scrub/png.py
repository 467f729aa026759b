"""PNG: a list of the chunks that make the picture; no other is kept."""

import zlib
from collections.abc import Sequence

from tertulia.core.scrub.pieces import Malformed, Piece, only_orientation, orientation_of

_SIGN = b"\x89PNG\r\n\x1a\n"
_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD pHYs acTL fcTL "
    b"fdAT".split()
)


def pieces(data: bytes) -> Sequence[Piece]:
    """Raises Malformed."""
    if data[:8] != _SIGN:
        raise Malformed("no sign")
    kept: list[Piece] = [(0, 8)]
    orientation = 1
    at = 8
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        name = data[at + 4 : at + 8]
        if end > len(data):
            raise Malformed("a chunk without an end")
        if name in _KEPT:
            kept.append((at, end))
        elif name == b"eXIf":
            orientation = orientation_of(data[at + 8 : end - 4])
        at = end
        if name == b"IEND":
            break
    if orientation != 1:
        kept.insert(2, _chunk(b"eXIf", only_orientation(orientation)))  # behind IHDR
    return kept


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + name + content + check
