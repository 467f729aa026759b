"""MP4, QuickTime, AVIF, HEIC: boxes in boxes, found by offsets from the file's start.

Nothing may move, so what goes is overwritten with zeros, and its box called `free`.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tertulia.core.scrub.pieces import Malformed

# From … to before … goes; these bytes stand at its beginning then, zeros behind them.
Blank = tuple[int, int, bytes]

_MAX_BOXES = 20_000
_MAX_ITEMS = 1_000
_PLACES = (b"\xa9xyz", b"loci")
_EMPTY_EXIF = bytes(4) + b"MM\0*\0\0\0\x08" + bytes(6)


class Box(NamedTuple):
    """`start` is that of its header, `body` that of its content."""

    name: bytes
    start: int
    body: int
    stop: int


def of_film(data: bytes) -> Sequence[Blank]:
    """What users and programs noted beside the tracks: places, makers, titles. Raises Malformed."""
    blanks: list[Blank] = []
    for box in _boxes(data, 0, len(data)):
        if box.name == b"moov":
            for inner in _boxes(data, box.body, box.stop):
                blanks += _notes(data, inner)
        elif box.name in (b"uuid", b"mpvd"):
            blanks.append(_freed(data, box))
    return blanks


def of_recording(data: bytes) -> Sequence[Blank]:
    """Of sound only the places: music has titles and covers on purpose. Raises Malformed."""
    return [
        _freed(data, note)
        for box in _boxes(data, 0, len(data))
        if box.name == b"moov"
        for inner in _boxes(data, box.body, box.stop)
        if inner.name == b"udta"
        for note in _boxes(data, inner.body, inner.stop)
        if note.name in _PLACES
    ]


def of_picture(data: bytes) -> Sequence[Blank]:
    """The items that hold EXIF and XMP, and films of the seconds before. How it is turned is told
    elsewhere (`irot`), and stays. Raises Malformed."""
    blanks: list[Blank] = []
    for box in _boxes(data, 0, len(data)):
        if box.name == b"meta":
            blanks += _items(data, box)
        elif box.name in (b"uuid", b"mpvd"):
            blanks.append(_freed(data, box))
    return blanks


def _notes(data: bytes, box: Box) -> list[Blank]:
    if box.name in (b"udta", b"meta", b"uuid"):
        return [_freed(data, box)]
    if box.name != b"trak":
        return []
    inner = _boxes(data, box.body, box.stop)
    return [_freed(data, note) for note in inner if note.name in (b"udta", b"meta", b"uuid")]


def _freed(data: bytes, box: Box) -> Blank:
    # Behind the name may stand a size of eight bytes, which holds.
    return box.start + 4, box.stop, b"free" + data[box.start + 8 : box.body]


def _boxes(data: bytes, start: int, stop: int) -> Iterator[Box]:
    for _ in range(_MAX_BOXES):
        if start + 8 > stop:
            return
        size, name, body = _number(data, start, 4), data[start + 4 : start + 8], start + 8
        if size == 1:
            size, body = _number(data, start + 8, 8), start + 16
        elif size == 0:  # to the end
            size = stop - start
        if size < body - start or start + size > stop:
            # Also the four zeros that end QuickTime's lists.
            if not any(data[start : min(stop, start + 64)]):
                return
            raise Malformed("a box without an end")
        yield Box(name, start, body, start + size)
        start += size
    raise Malformed("too many boxes")


def _items(data: bytes, meta: Box) -> list[Blank]:
    """Of a `meta` box (ISO/IEC 14496-12 §8.11)."""
    inside = {box.name: box for box in _boxes(data, meta.body + 4, meta.stop)}
    if b"iinf" not in inside or b"iloc" not in inside:
        return []
    private = _private_items(data, inside[b"iinf"])
    shelf = inside[b"idat"].body if b"idat" in inside else None
    blanks: list[Blank] = []
    for item, start, stop in _extents(data, inside[b"iloc"], shelf):
        if item in private and stop <= len(data):
            fits = private[item] == b"Exif" and stop - start >= len(_EMPTY_EXIF)
            blanks.append((start, stop, _EMPTY_EXIF if fits else b""))
    return blanks


def _private_items(data: bytes, iinf: Box) -> dict[int, bytes]:
    """Ids of items that are no picture, with their types."""
    found: dict[int, bytes] = {}
    first = iinf.body + (6 if data[iinf.body] == 0 else 8)
    for box in _boxes(data, first, iinf.stop):
        version = data[box.body] if box.body < box.stop else 0
        if box.name == b"infe" and version in (2, 3):
            wide = 2 if version == 2 else 4
            kind = data[box.body + 4 + wide + 2 : box.body + 4 + wide + 6]
            if kind in (b"Exif", b"mime"):
                found[_number(data, box.body + 4, wide)] = kind
    return found


def _extents(data: bytes, iloc: Box, shelf: int | None) -> Iterator[tuple[int, int, int]]:
    """Item, start, stop of every piece of every item."""
    at = iloc.body
    version = data[at]
    offsets, lengths = data[at + 4] >> 4, data[at + 4] & 15
    bases, indices = data[at + 5] >> 4, data[at + 5] & 15 if version in (1, 2) else 0
    wide = 4 if version == 2 else 2
    count, at = _number(data, at + 6, wide), at + 6 + wide
    if count > _MAX_ITEMS or {offsets, lengths, bases, indices} - {0, 4, 8}:
        raise Malformed("no list of places")
    for _ in range(count):
        item, at = _number(data, at, wide), at + wide
        method = 0
        if version in (1, 2):
            method, at = _number(data, at, 2) & 15, at + 2
        base, at = _number(data, at + 2, bases), at + 2 + bases
        extents, at = _number(data, at, 2), at + 2
        for _ in range(min(extents, _MAX_ITEMS)):
            offset, at = _number(data, at + indices, offsets), at + indices + offsets
            length, at = _number(data, at, lengths), at + lengths
            if at > iloc.stop:
                raise Malformed("a list without an end")
            origin = {0: 0, 1: shelf}.get(method)
            if origin is not None:
                start = origin + base + offset
                yield item, start, start + length


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "big")
