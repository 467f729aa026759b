"""What is to be seen of a file: its size in pixels, small pictures of it, how loud it is when.

Nothing is decoded here: pictures by the studio's children, films and recordings by the jail's.
"""

import asyncio
import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import structlog
from msgspec import structs

from tertulia.core import film
from tertulia.core.errors import AppError
from tertulia.core.film import ChildFailed, FilmTooLarge, FilmUnreadable, Jail
from tertulia.core.images import LOOKED_AT, Rendition, Sight, Studio
from tertulia.core.scrub import SCRUBBED, scrub
from tertulia.features.files.jobs.sources import Source
from tertulia.features.files.schemas import Look

WAVEFORM = 128

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Looking:
    studio: Studio
    jail: Jail


class Copy(NamedTuple):
    """Of one's own. `changed`: what it says of its maker was taken out."""

    path: Path
    changed: bool


class Seen(NamedTuple):
    look: Look | None = None
    renditions: Sequence[Rendition] = ()


async def take_copy(source: Source, media_type: str, folder: Path) -> Copy | None:
    """Into `folder`, which is for this file alone. None: there is nothing to be seen in it."""
    if media_type not in SCRUBBED and not _is_seen(media_type):
        return None
    path = folder / "file"
    await source.fetch(path)
    return Copy(path, await asyncio.to_thread(scrub, path, media_type))


async def look_inside(path: Path, size: int, media_type: str, looking: Looking) -> Seen:
    """At a copy of `size` bytes. What cannot be read is a file still, to be downloaded."""
    try:
        if media_type in LOOKED_AT:
            sight = await looking.studio.see(path, LOOKED_AT[media_type], size)
            return Seen(_look(sight), sight.renditions)
        if _is_seen(media_type):
            return await _film(path, looking)
    except (AppError, FilmUnreadable, FilmTooLarge, ChildFailed) as error:
        log.info("file_unreadable", media_type=media_type, why=type(error).__name__)
    return Seen()


def _is_seen(media_type: str) -> bool:
    return media_type in LOOKED_AT or media_type.startswith(("video/", "audio/"))


def _look(sight: Sight) -> Look:
    return Look(
        width=sight.width,
        height=sight.height,
        animated=sight.frames > 1,
        placeholder=base64.b64encode(sight.placeholder).decode(),
        renditions=[one.name for one in sight.renditions],
    )


async def _film(path: Path, looking: Looking) -> Seen:
    """The poster is a picture of the stranger's making like any other: it, too, is only looked at
    by a child."""
    async with looking.jail.cell() as cell:
        await cell.take(path)
        found = await film.probe(cell)
        duration = round(found.duration * 1_000) or None
        if found.picture is None:
            loud = await film.waveform(cell, looking.jail.ffmpeg, found, WAVEFORM)
            return Seen(Look(duration_ms=duration, waveform=loud))
        poster = await film.poster(cell, looking.jail.ffmpeg, found)
    width, height = film.upright(found.picture)
    look = Look(width=width, height=height, duration_ms=duration)
    if not poster:
        return Seen(look)
    still = path.with_name("poster")
    await asyncio.to_thread(still.write_bytes, poster)
    sight = await looking.studio.see(still, "jpeg", len(poster))
    renditions = [_as_poster(one) for one in sight.renditions]
    placeholder = _look(sight).placeholder
    names = [one.name for one in renditions]
    return Seen(structs.replace(look, placeholder=placeholder, renditions=names), renditions)


def _as_poster(one: Rendition) -> Rendition:
    return Rendition(one.name.replace("preview.", "poster."), one.media_type, one.data)
