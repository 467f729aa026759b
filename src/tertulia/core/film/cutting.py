"""From what a child writes without end to segments that stand for themselves.

Where to cut is decided here and not by ffmpeg, and so is the time at which each segment begins: a
run that starts in the middle of a film makes the very segments that one from the beginning would.
"""

import struct
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from fractions import Fraction

from tertulia.core.film.boxes import (
    HEADER,
    LARGEST,
    BadBoxes,
    Header,
    Sample,
    read_fragment,
    read_header,
    write_segment,
)
from tertulia.core.film.jail import Child

# (how many samples the segment has, how long it is in seconds, its number) -> does one end here?
Cut = Callable[[int, Fraction, int], bool]


@dataclass(frozen=True)
class Segment:
    """`number` counts from 0; `begins` and `duration` are seconds."""

    number: int
    data: bytes
    begins: Fraction
    duration: Fraction
    header: Header


@dataclass(frozen=True)
class Cutting:
    """`begins` (seconds) is when the first sample that is kept is decoded, `number` that of its
    segment; `skip` samples come before it and are dropped. `cut` is asked before every sample that
    depends on no other."""

    cut: Cut
    number: int = 0
    begins: Fraction = Fraction(0)
    skip: int = 0


async def segments(child: Child, cutting: Cutting) -> AsyncGenerator[Segment]:
    """Raises BadBoxes, ChildFailed."""
    header: Header | None = None
    late: int | None = None
    gathered: list[Sample] = []
    begins, length, skip, number = 0, 0, cutting.skip, cutting.number
    async for what in _parts(child):
        if isinstance(what, Header):
            header = what
            begins = round(cutting.begins * header.timescale)
            continue
        if header is None:
            raise BadBoxes("samples before their header")
        if skip > 0:
            skip -= 1
            continue
        # The first is the first to be shown, whenever its encoder wanted it decoded.
        late = what.shift if late is None else late
        seconds = Fraction(length, header.timescale)
        if gathered and what.sync and cutting.cut(len(gathered), seconds, number):
            yield _segment(number, begins, gathered, header)
            begins, number = begins + length, number + 1
            gathered, length = [], 0
        gathered.append(what._replace(shift=what.shift - late))
        length += what.duration
    # Of a child that was ended in the middle the last segment is not whole.
    await child.end()
    if gathered and header is not None:
        yield _segment(number, begins, gathered, header)


def _segment(number: int, ticks: int, samples: list[Sample], header: Header) -> Segment:
    if not samples[0].sync:
        raise BadBoxes("a segment that nobody can begin with")
    duration = sum(sample.duration for sample in samples)
    return Segment(
        number,
        write_segment(number, ticks, samples),
        Fraction(ticks, header.timescale),
        Fraction(duration, header.timescale),
        header,
    )


async def _parts(child: Child) -> AsyncIterator[Header | Sample]:
    beginning, moof = b"", b""
    while first := await child.upto(HEADER):
        size, kind = struct.unpack(">I4s", first)
        if not HEADER <= size <= LARGEST:
            raise BadBoxes(f"a {kind!r} of {size} bytes")
        content = await child.exactly(size - HEADER)
        match kind:
            case b"ftyp":
                beginning = first + content
            case b"moov":
                yield read_header(beginning + first + content)
            case b"moof":
                moof = content
            case b"mdat":
                for sample in read_fragment(memoryview(moof), memoryview(content)):
                    yield sample
            case _:
                pass  # an index at the end
