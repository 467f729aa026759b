"""What a look at a film tells: said by the child `examine`, read by everybody else."""

from typing import Literal

import msgspec

# What may be asked to take a file apart. Every one reads the one file it is given and nothing else:
# a playlist, a manifest or a list of files to join would make the reader open what it names.
DEMUXERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,avi,flv,ogg,mp3,wav,flac,aac"
PROTOCOLS = "file"
MAX_STREAMS = 40
MAX_PIXELS = 4_096 * 2_304  # of one picture
MAX_SUBTITLES = 12
SOUND_RATE = 48_000  # samples a second of what we encode
FRAME = 1_024  # samples of one AAC frame
TILES = 10  # thumbnails in a row, and rows in a sheet
TEXT_SUBTITLES = frozenset({"subrip", "srt", "ass", "ssa", "mov_text", "webvtt", "text"})

Trouble = Literal["unreadable", "too_large"]


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A track of pictures. Sizes in pixels as stored; `rotation` in degrees and `pixel_ratio` make
    them what is to be seen. `keyframes` are seconds of decoding from the track's beginning;
    `regular`: it begins with a keyframe, and nothing is cut away by an edit list."""

    index: int
    codec: str
    profile: str
    level: int
    width: int
    height: int
    rotation: int
    pixel_ratio: tuple[int, int]
    format: str
    transfer: int
    rate: tuple[int, int]
    interlaced: bool
    starts: float
    regular: bool
    keyframes: list[float]


class Sound(msgspec.Struct, frozen=True, kw_only=True):
    """A track of sound. `starts`: seconds from the film's beginning, below 0 for what an encoder
    needs to get going."""

    index: int
    codec: str
    profile: str
    rate: int
    channels: int
    language: str
    title: str
    starts: float


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """A track of subtitles that are text."""

    index: int
    language: str
    title: str


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """`container` is the demuxer's name; `bit_rate` of all together, 0 where unknown."""

    container: str
    duration: float
    bit_rate: int
    picture: Picture | None
    sound: Sound | None
    words: list[Words]
    streams: int


class Report(msgspec.Struct, frozen=True):
    """Either of the two."""

    probe: Probe | None = None
    trouble: Trouble | None = None
    why: str = ""


class Storyboard(msgspec.Struct, frozen=True, kw_only=True):
    """Thumbnails of a film, one every so many seconds, in sheets of `TILES` × `TILES`."""

    every: float
    width: int
    height: int
    count: int
    sheets: int


def upright(picture: Picture) -> tuple[int, int]:
    """How wide and high it is to be seen, in square pixels."""
    across, down = picture.pixel_ratio
    width, height = picture.width, picture.height
    if across > 0 and down > 0:
        width = max(1, round(width * across / down))
    return (height, width) if picture.rotation % 180 else (width, height)


def fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Within a square of that side, never larger than it is, and even."""
    width, height = size
    scale = min(1.0, side / max(width, height))
    return even(width * scale), even(height * scale)


def even(length: float) -> int:
    return max(2, 2 * round(length / 2))
