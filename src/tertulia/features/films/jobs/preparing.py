"""From an upload to something that can be watched, as soon as can be."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import structlog

from tertulia.core.db import Database
from tertulia.core.film import (
    BadBoxes,
    BadSubtitles,
    Bounds,
    Cell,
    ChildFailed,
    FilmTooLarge,
    FilmUnreadable,
    Probe,
    board,
    poster,
    probe,
    remake,
    words,
)
from tertulia.core.jobs import Run
from tertulia.core.storage import Missing
from tertulia.features.files import service as files
from tertulia.features.files.schemas import PrepareFilm
from tertulia.features.files.service import Blob
from tertulia.features.films import policy, service
from tertulia.features.films.jobs.making import FilmGone, Making, Works, make
from tertulia.features.films.jobs.telling import tell
from tertulia.features.films.schemas import FilmTrouble
from tertulia.features.films.service import MakeRungs
from tertulia.features.films.state import Rung

ATTEMPTS = 4  # of a run that fails by itself
LANGUAGE_UNKNOWN = "und"

log = structlog.get_logger(__name__)


async def prepare(run: Run, wanted: PrepareFilm, works: Works) -> None:
    """Look at it, copy what fits, and leave the rest to jobs behind this one."""
    blob_id = wanted.blob_id
    async with _opened(run.db, works, blob_id) as (blob, cell):
        if blob is None or cell is None:
            return
        try:
            found = await _looked(cell, works)
        except _Refused as refused:
            why = refused.why
            await run.db.write(lambda tx: service.refuse(tx, blob_id, why))
            await tell(run.db, blob_id)
            return
        plan = policy.plan(found)
        await run.db.write(lambda tx: service.begin(tx, blob_id, found, plan))
        await tell(run.db, blob_id)
        film = Making(works, run, cell, blob_id, blob.size, found.duration)
        if any(rung.copied and rung.kind == "picture" for rung in plan.rungs):
            await make_all(film, await _named(run.db, blob_id, plan.first))
        await run.db.write(lambda tx: service.make_behind(tx, blob_id))
        await _adorn(film, found)


async def make_rungs(run: Run, wanted: MakeRungs, works: Works) -> None:
    async with run.db.read() as tx:
        row = await service.find(tx, wanted.blob_id)
    async with _opened(run.db, works, wanted.blob_id) as (blob, cell):
        if row is None or blob is None or cell is None:
            return
        seconds = row.duration_ms / 1000
        film = Making(works, run, cell, wanted.blob_id, blob.size, seconds)
        await make_all(film, await _named(run.db, wanted.blob_id, wanted.names))


async def make_all(film: Making, rungs: Sequence[Rung]) -> None:
    """At once: sound is done long before pictures are. What still fails at the last attempt is
    given up, and told."""
    try:
        async with asyncio.TaskGroup() as group:
            for rung in rungs:
                group.create_task(make(film, rung))
    except* FilmGone:
        log.info("film_gone", blob=str(film.blob_id))
    except* (ChildFailed, BadBoxes) as failed:
        if film.run.attempt < ATTEMPTS:
            raise failed.exceptions[0] from None
        await _give_up(film, rungs)


async def _give_up(film: Making, rungs: Sequence[Rung]) -> None:
    for rung in await _named(film.db, film.blob_id, [rung.plan.name for rung in rungs]):
        if rung.state not in ("complete", "failed"):
            name, made = rung.plan.name, rung.made
            await film.db.write(
                lambda tx, name=name, made=made: service.end_rung(
                    tx, film.blob_id, name, made, failed=True
                )
            )
    await film.tell()


async def _named(db: Database, blob_id: UUID, names: Sequence[str]) -> list[Rung]:
    async with db.read() as tx:
        return [rung for rung in await service.rungs(tx, blob_id) if rung.plan.name in names]


@asynccontextmanager
async def _opened(
    db: Database, works: Works, blob_id: UUID
) -> AsyncGenerator[tuple[Blob | None, Cell | None]]:
    """The film in a cell; None where nobody holds it any more."""
    async with db.read() as tx:
        blob = await files.find_blob(tx, blob_id)
    if blob is None:
        yield None, None
        return
    async with works.jail.cell() as cell:
        try:
            await bring(works, blob.key, cell)
        except (Missing, FileNotFoundError):
            blob = None
        yield blob, cell


async def bring(works: Works, key: str, cell: Cell) -> None:
    path = works.storage.path(key)
    if path is not None:
        await cell.take(path)
    else:
        await works.storage.fetch(key, cell.input)


class _Refused(Exception):
    def __init__(self, why: FilmTrouble) -> None:
        self.why: FilmTrouble = why


async def _looked(cell: Cell, works: Works) -> Probe:
    """Raises _Refused."""
    try:
        found = await probe(cell)
    except FilmTooLarge:
        raise _Refused("too_large") from None
    except FilmUnreadable:
        raise _Refused("unreadable") from None
    if found.picture is None and found.sound is None:
        raise _Refused("unreadable")
    if found.duration > works.longest:
        raise _Refused("too_long")
    return found


async def _adorn(film: Making, found: Probe) -> None:
    """What a film can do without: where it cannot be had, nothing else fails."""
    ffmpeg, blob_id = film.works.jail.ffmpeg, film.blob_id
    if found.picture is not None:
        index, layout = found.picture.index, board(found)
        await film.db.write(lambda tx: service.draw_behind(tx, blob_id, index, layout))
        try:
            picture = await poster(film.cell, ffmpeg, found)
        except ChildFailed:
            picture = b""
        if picture:
            await film.works.storage.write(service.key(blob_id, "poster.jpg"), picture)
            await film.db.write(lambda tx: service.has_poster(tx, blob_id))
    await _find_words(film, found)
    await film.tell()


async def _find_words(film: Making, found: Probe) -> None:
    async with film.db.read() as tx:
        if await service.has_words(tx, film.blob_id):
            return
    bounds = Bounds(seconds=600, cpu=300, output=4 << 20)
    read: list[tuple[str, str, str]] = []
    for number, track in enumerate(found.words, 1):
        command = words(str(film.works.jail.ffmpeg), track.index)
        try:
            body = remake(await film.cell.run(command, bounds))
        except (ChildFailed, BadSubtitles):
            continue
        language = track.language if track.language.isalpha() else LANGUAGE_UNKNOWN
        read.append((language, track.title or f"{language} {number}", body))
    await film.db.write(lambda tx: service.found_subtitles(tx, film.blob_id, read))
