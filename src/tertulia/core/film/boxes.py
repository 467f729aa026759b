"""ISO media boxes: reading the fragments that ffmpeg writes, writing segments of our own cut.

Only one track to a file, as both our children write it. ISO/IEC 14496-12 names the fields.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

HEADER = 8  # bytes: size and type
LARGEST = 64 << 20  # bytes of one box: a few seconds of film
SYNC = 0x02000000  # depends on no other sample
NOT_SYNC = 0x01010000

# Which fields a fragment's headers carry.
_BASE, _DESCRIPTION, _DURATION, _SIZE, _FLAGS = 0x1, 0x2, 0x8, 0x10, 0x20
_DATA_OFFSET, _FIRST_FLAGS = 0x1, 0x4
_EACH_DURATION, _EACH_SIZE, _EACH_FLAGS, _EACH_SHIFT = 0x100, 0x200, 0x400, 0x800


class BadBoxes(ValueError):
    """The child did not write what it was asked for."""


class Sample(NamedTuple):
    """One picture, or one frame of sound. `duration` and `shift` (when it is shown, less when it is
    decoded) are in ticks of the track's timescale."""

    data: memoryview
    duration: int
    shift: int
    sync: bool


class Header(NamedTuple):
    """What a player needs first: the bytes of `ftyp` and `moov`, ticks in a second, and the codec
    by RFC 6381."""

    data: bytes
    timescale: int
    codec: str


def children(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """The boxes in a box's content: their types and contents. Raises BadBoxes."""
    at = 0
    while at + HEADER <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if size < HEADER or at + size > len(data):
            raise BadBoxes("a box that does not fit")
        yield kind, data[at + HEADER : at + size]
        at += size


def find(data: memoryview, *path: bytes) -> memoryview:
    """The first box along a path of types. Raises BadBoxes."""
    for wanted in path:
        for kind, content in children(data):
            if kind == wanted:
                data = content
                break
        else:
            raise BadBoxes(f"no {wanted.decode()}")
    return data


def read_header(data: bytes) -> Header:
    """Of `ftyp` and `moov`. Raises BadBoxes."""
    media = find(memoryview(data), b"moov", b"trak", b"mdia")
    clock = find(media, b"mdhd")
    (timescale,) = struct.unpack_from(">I", clock, 20 if clock[0] == 1 else 12)
    entries = find(media, b"minf", b"stbl", b"stsd")[8:]
    kind, entry = next(children(entries), (b"", entries))
    if kind == b"avc1":
        profile = bytes(find(entry[78:], b"avcC")[1:4])
        return Header(data, timescale, f"avc1.{profile.hex()}")
    if kind == b"mp4a":
        return Header(data, timescale, "mp4a.40.2")
    raise BadBoxes(f"an entry of kind {kind!r}")


def read_fragment(moof: memoryview, mdat: memoryview) -> Iterator[Sample]:
    """The samples of a fragment, from the contents of its two boxes. Raises BadBoxes."""
    start = len(moof) + 2 * HEADER  # of the data, seen from the beginning of the fragment
    traf = find(moof, b"traf")
    defaults = _Defaults.read(find(traf, b"tfhd"))
    for kind, run in children(traf):
        if kind == b"trun":
            yield from _run(run, defaults, mdat, start)


class _Defaults(NamedTuple):
    duration: int
    size: int
    flags: int

    @classmethod
    def read(cls, tfhd: memoryview) -> "_Defaults":
        has = _flags(tfhd)
        at = 8 + 8 * bool(has & _BASE) + 4 * bool(has & _DESCRIPTION)
        values: list[int] = []
        for each in (_DURATION, _SIZE, _FLAGS):
            values.append(struct.unpack_from(">I", tfhd, at)[0] if has & each else 0)
            at += 4 * bool(has & each)
        return cls(*values)


def _run(run: memoryview, defaults: _Defaults, mdat: memoryview, start: int) -> Iterator[Sample]:
    has = _flags(run)
    (count,) = struct.unpack_from(">I", run, 4)
    at, place, first = 8, 0, None
    if has & _DATA_OFFSET:
        place = struct.unpack_from(">i", run, at)[0] - start
        at += 4
    if has & _FIRST_FLAGS:
        first = struct.unpack_from(">I", run, at)[0]
        at += 4
    for number in range(count):
        duration, size, flags, shift = defaults.duration, defaults.size, defaults.flags, 0
        if has & _EACH_DURATION:
            duration, at = struct.unpack_from(">I", run, at)[0], at + 4
        if has & _EACH_SIZE:
            size, at = struct.unpack_from(">I", run, at)[0], at + 4
        if has & _EACH_FLAGS:
            flags, at = struct.unpack_from(">I", run, at)[0], at + 4
        if has & _EACH_SHIFT:
            shift, at = struct.unpack_from(">i", run, at)[0], at + 4
        if number == 0 and first is not None:
            flags = first
        if place < 0 or place + size > len(mdat):
            raise BadBoxes("a sample outside its data")
        yield Sample(mdat[place : place + size], duration, shift, not flags & 0x10000)
        place += size


def _flags(box: memoryview) -> int:
    return int.from_bytes(box[1:4], "big")


def write_segment(number: int, base: int, samples: Sequence[Sample]) -> bytes:
    """A segment of one fragment; `base` is when its first sample is decoded, in ticks."""
    fields = _EACH_DURATION | _EACH_SIZE | _EACH_FLAGS | _EACH_SHIFT
    table = b"".join(
        struct.pack(
            ">IIIi",
            sample.duration,
            len(sample.data),
            SYNC if sample.sync else NOT_SYNC,
            sample.shift,
        )
        for sample in samples
    )
    frame = _full(b"tfhd", 0, 0x20000, struct.pack(">I", 1))  # offsets count from this fragment
    frame += _full(b"tfdt", 1, 0, struct.pack(">Q", base))
    head = _full(b"mfhd", 0, 0, struct.pack(">I", number + 1))
    size = HEADER + len(head) + HEADER + len(frame) + 20 + len(table)
    counts = struct.pack(">Ii", len(samples), size + HEADER)
    run = _full(b"trun", 1, _DATA_OFFSET | fields, counts + table)
    moof = _box(b"moof", head + _box(b"traf", frame + run))
    brand = _box(b"styp", b"msdh\0\0\0\0msdhmsix")
    length = HEADER + sum(len(sample.data) for sample in samples)
    mdat = struct.pack(">I4s", length, b"mdat")
    return b"".join((brand, moof, mdat, *(sample.data for sample in samples)))


def _full(kind: bytes, version: int, flags: int, content: bytes) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags) + content)


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", HEADER + len(content), kind) + content
