"""WebP: chunks of a RIFF file, and flags that tell of them."""

from collections.abc import Sequence

from tertulia.core.scrub.pieces import Malformed, Piece, only_orientation, orientation_of

_KEPT = frozenset((b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_HAS_EXIF, _HAS_XMP = 0x08, 0x04


def pieces(data: bytes) -> Sequence[Piece]:
    """Raises Malformed."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise Malformed("no WebP")
    end = min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    kept: list[Piece] = []
    head: bytes | None = None
    orientation = 1
    at = 12
    while at + 8 <= end:
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        stop = at + 8 + size + size % 2
        if at + 8 + size > end:
            raise Malformed("a chunk without an end")
        if name == b"VP8X":
            head = data[at : at + 8 + size]
        elif name == b"EXIF":
            tiff = data[at + 8 : at + 8 + size].removeprefix(b"Exif\0\0")
            orientation = orientation_of(tiff)
        elif name in _KEPT:
            kept.append((at, min(stop, end)))
        at = stop
    if head is not None:
        exif = only_orientation(orientation) if orientation != 1 else b""
        kept.insert(0, _flagged(head, has_exif=bool(exif)))
        if exif:
            kept.append(b"EXIF" + len(exif).to_bytes(4, "little") + exif)
    size = 4 + sum(len(one) if isinstance(one, bytes) else one[1] - one[0] for one in kept)
    return [b"RIFF" + size.to_bytes(4, "little") + b"WEBP", *kept]


def _flagged(head: bytes, *, has_exif: bool) -> bytes:
    if len(head) < 18:
        raise Malformed("a short VP8X")
    flags = head[8] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if has_exif else 0)
    return head[:8] + bytes([flags]) + head[9:]
