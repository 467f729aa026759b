"""What is drawn of a film before anybody plays it: a poster, a waveform, thumbnails."""

import asyncio
import math
from array import array
from pathlib import Path

from tertulia.core.film import recipes
from tertulia.core.film.jail import Bounds, Cell
from tertulia.core.film.shapes import TILES, Probe, Storyboard, even, fitted, upright

LOUDNESS_RATE = 8_000
POSTER_SIDE = 1_280
THUMBNAIL_WIDTH = 160
MOST_THUMBNAILS = 800
SHORTEST = 2.0  # seconds from one thumbnail to the next

_BRIEF = Bounds(seconds=60, cpu=60)


async def poster(cell: Cell, ffmpeg: Path, probe: Probe) -> bytes:
    """A JPEG, from the film's first tenth. Raises ChildFailed; ValueError for a film without
    pictures."""
    if probe.picture is None:
        raise ValueError("nothing to see")
    width, height = fitted(upright(probe.picture), POSTER_SIDE)
    at = min(probe.duration / 10, 300.0)
    for moment in (at, 0.0):
        command = recipes.poster(str(ffmpeg), probe.picture.index, moment, width, height)
        if found := await cell.run(command, _BRIEF):
            return found
    return b""


async def waveform(cell: Cell, ffmpeg: Path, probe: Probe, steps: int = 128) -> list[int]:
    """How loud it is, from 0 to 100, in so many equal steps. Raises ChildFailed; ValueError for a
    film without sound."""
    if probe.sound is None:
        raise ValueError("nothing to hear")
    command = recipes.loudness(str(ffmpeg), probe.sound.index)
    size = 2 * max(1, math.ceil(probe.duration * LOUDNESS_RATE / steps))
    bounds = Bounds(seconds=600, cpu=600, output=1 << 30)
    peaks: list[int] = []
    async with cell.running(command, bounds) as child:
        rest = b""
        while block := await child.read():
            rest += block
            while len(rest) >= size:
                peaks.append(await asyncio.to_thread(_peak, rest[:size]))
                rest = rest[size:]
        if len(rest) > 1:
            peaks.append(_peak(rest))
    loudest = max(peaks, default=0) or 1
    return [round(100 * peak / loudest) for peak in peaks[:steps]]


def _peak(samples: bytes) -> int:
    values = array("h", samples[: len(samples) // 2 * 2])
    return max(max(values), -min(values))  # noqa: PLW3301 — one walk each, in C


def board(probe: Probe) -> Storyboard:
    """What of a film is drawn. Raises ValueError for one without pictures."""
    if probe.picture is None:
        raise ValueError("nothing to see")
    width, height = upright(probe.picture)
    every = max(SHORTEST, math.ceil(probe.duration / MOST_THUMBNAILS))
    count = max(1, math.ceil(probe.duration / every))
    return Storyboard(
        every=every,
        width=THUMBNAIL_WIDTH,
        height=even(THUMBNAIL_WIDTH * height / width),
        count=count,
        sheets=math.ceil(count / TILES**2),
    )


async def storyboard(cell: Cell, ffmpeg: Path, index: int, wanted: Storyboard) -> list[Path]:
    """The sheets of a track, in order; as many as there are pictures for. Raises ChildFailed."""
    command = recipes.storyboard(str(ffmpeg), index, wanted.every, wanted.width, wanted.height)
    seconds = 60 + wanted.count * wanted.every / 2
    await cell.run(command, Bounds(seconds=seconds, cpu=int(seconds) * 2, file_size=8 << 20))
    sheets = [cell.out / f"{number}.jpg" for number in range(wanted.sheets)]
    return [sheet for sheet in sheets if sheet.is_file()]
