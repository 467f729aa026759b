"""GIF: blocks; comments and the extensions of programs go, but for the one that lets it loop."""

from collections.abc import Sequence

from tertulia.core.scrub.pieces import Malformed, Piece

_IMAGE, _EXTENSION, _TRAILER = 0x2C, 0x21, 0x3B
_CONTROL, _APPLICATION = 0xF9, 0xFF
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def pieces(data: bytes) -> Sequence[Piece]:
    """Raises Malformed."""
    if data[:6] not in (b"GIF87a", b"GIF89a") or len(data) < 13:
        raise Malformed("no GIF")
    at = 13 + _table(data[10])
    kept: list[Piece] = [(0, at)]
    while at < len(data):
        start, kind = at, data[at]
        if kind == _TRAILER:
            kept.append((at, at + 1))
            return kept
        if kind == _IMAGE and at + 11 <= len(data):
            at = _blocks_end(data, at + 11 + _table(data[at + 9]))
            kept.append((start, at))
        elif kind == _EXTENSION and at + 2 <= len(data):
            at = _blocks_end(data, at + 2)
            label = data[start + 1]
            loops = label == _APPLICATION and data[start + 3 : start + 14] in _LOOPS
            if label == _CONTROL or loops:
                kept.append((start, at))
        else:
            raise Malformed("an unknown block")
    raise Malformed("no end")


def _table(flags: int) -> int:
    """Bytes of a table of colours."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _blocks_end(data: bytes, at: int) -> int:
    while at < len(data) and (size := data[at]):
        at += 1 + size
    if at >= len(data):
        raise Malformed("blocks without an end")
    return at + 1
