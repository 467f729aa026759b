"""Asking a child what a film is."""

import sys

import msgspec

from tertulia.core.film.jail import Bounds, Cell, ChildFailed
from tertulia.core.film.shapes import Probe, Report

# All of a large film is read once, for its keyframes.
BOUNDS = Bounds(seconds=300, cpu=120, memory=1 << 30, output=32 << 20)


class FilmUnreadable(Exception):
    """It is none, it is broken, or its decoder died of it."""


class FilmTooLarge(Exception):
    """More pixels, streams or seconds than we take."""


async def probe(cell: Cell) -> Probe:
    """Raises FilmUnreadable, FilmTooLarge."""
    command = (sys.executable, "-I", "-m", "tertulia.core.film.examine", cell.input.name)
    try:
        report = msgspec.json.decode(await cell.run(command, BOUNDS), type=Report)
    except (ChildFailed, msgspec.DecodeError) as error:
        raise FilmUnreadable(str(error)) from error
    if report.probe is not None:
        return report.probe
    raise FilmTooLarge(report.why) if report.trouble == "too_large" else FilmUnreadable(report.why)
