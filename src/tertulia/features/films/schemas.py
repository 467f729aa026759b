"""Shapes of films on the wire."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, field

from tertulia.core.wire import Request, Shape

MAX_SUBTITLES = 20  # of one file, those that came with it included

# `playable`: it may be watched from its beginning, while the rest is being made.
FilmState = Literal["preparing", "playable", "complete", "failed"]
RungState = Literal["waiting", "playable", "complete", "failed"]
# `unreadable` also where a decoder died of it; `too_large` in pixels or tracks; `stopped` where it
# began well and could not be finished.
FilmTrouble = Literal["unreadable", "too_large", "too_long", "stopped"]

Language = Annotated[str, Meta(pattern="^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}$")]
Label = Annotated[str, Meta(min_length=1, max_length=60)]
SubtitleText = Annotated[str, Meta(min_length=1, max_length=1 << 20)]


class FilmRung(Shape, frozen=True):
    """A picture size it can be had in: `name` is the folder of its parts; `bandwidth` in bits a
    second at the most, sound included."""

    name: str
    width: int
    height: int
    state: RungState
    bandwidth: int


class FilmSubtitle(Shape, frozen=True):
    """A track of subtitles, at `hls/subtitles/{id}.vtt`. `embedded`: it came inside the film.
    `language` is a BCP 47 tag, `und` where nobody said."""

    id: UUID
    language: str
    label: str
    embedded: bool


class Film(Shape, frozen=True):
    """What was made of a film or a recording. Its parts are parts of the file (`content/hls/…`).
    Pixels are upright; `width` and `height` are null for a recording without pictures. `original`:
    it is a recording that browsers play as it is. `rungs` are lowest first."""

    file_id: UUID
    state: FilmState
    why: FilmTrouble | None
    duration_ms: int
    width: int | None
    height: int | None
    original: bool
    poster: bool
    storyboard: bool
    rungs: list[FilmRung] = field(default_factory=list[FilmRung])
    subtitles: list[FilmSubtitle] = field(default_factory=list[FilmSubtitle])


class AddSubtitle(Request, frozen=True):
    """`text` is the whole of a SubRip or WebVTT file. What is no time, no word and no `<b>`, `<i>`
    or `<u>` does not come through."""

    language: Language
    label: Label
    text: SubtitleText
