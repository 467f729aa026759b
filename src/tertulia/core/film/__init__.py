"""Films and recordings from strangers: looked at, cut and encoded in children behind walls.

    async with jail.cell() as cell:
        await cell.take(path)
        found = await probe(cell)

Nothing of a stranger's bytes is read by a decoder or a demuxer of this process (`jail`), and what
may be asked to take them apart is a short list (`shapes.DEMUXERS`): the usual advice, a list of
protocols, does not keep one upload from reading another.

What a child writes is cut into segments here (`cutting`), at places that a plan knows beforehand.
So a run may begin at any segment, and makes the very ones that a run from the beginning makes.
"""

from tertulia.core.film.boxes import BadBoxes, Header
from tertulia.core.film.cutting import Cutting, Segment, segments
from tertulia.core.film.jail import Bounds, Cell, Child, ChildFailed, Jail, Walls, walls
from tertulia.core.film.looks import board, poster, storyboard, waveform
from tertulia.core.film.probe import FilmTooLarge, FilmUnreadable, probe
from tertulia.core.film.recipes import (
    Encoding,
    copy_track,
    encode_picture,
    encode_sound,
    words,
)
from tertulia.core.film.shapes import Picture, Probe, Sound, Storyboard, Words, fitted, upright
from tertulia.core.film.webvtt import BadSubtitles, remake

__all__ = [
    "BadBoxes",
    "BadSubtitles",
    "Bounds",
    "Cell",
    "Child",
    "ChildFailed",
    "Cutting",
    "Encoding",
    "FilmTooLarge",
    "FilmUnreadable",
    "Header",
    "Jail",
    "Picture",
    "Probe",
    "Segment",
    "Sound",
    "Storyboard",
    "Walls",
    "Words",
    "board",
    "copy_track",
    "encode_picture",
    "encode_sound",
    "fitted",
    "poster",
    "probe",
    "remake",
    "segments",
    "storyboard",
    "upright",
    "walls",
    "waveform",
    "words",
]
