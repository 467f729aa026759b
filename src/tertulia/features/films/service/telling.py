"""How films stand, told to whoever has them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.files import service as files
from tertulia.features.files.schemas import File
from tertulia.features.films import state, store
from tertulia.features.films.events import FilmChanged
from tertulia.features.films.schemas import Film, FilmRung, FilmSubtitle
from tertulia.features.films.state import Rung
from tertulia.features.films.store import Row, Track


async def rooms_of(tx: Tx, blob_id: UUID) -> list[UUID]:
    """Those to which somebody has sent it."""
    return sorted({one.room_id for one in await files.holders(tx, blob_id) if one.message_id})


async def tell(tx: Tx, room_id: UUID, blob_id: UUID) -> None:
    """Tell a room how a film of its messages stands now. What is told is read behind the lock: of
    two who tell at once, the later tells what both did."""
    await tx.lock(room_stream(room_id))
    for holder in await files.holders(tx, blob_id):
        if holder.room_id == room_id and holder.message_id is not None:
            film = (await _films(tx, [holder])).get(holder.file_id)
            if film is not None:
                fact = FilmChanged(message_id=holder.message_id, film=film)
                tx.emit(room_stream(room_id), fact, None)


async def tell_of(tx: Tx, file: File) -> None:
    """Tell a file's room what was made of it before, if anything was. Its stream is locked."""
    film = (await films_of(tx, [file])).get(file.id)
    if film is not None and file.message_id is not None:
        fact = FilmChanged(message_id=file.message_id, film=film)
        tx.emit(room_stream(file.room_id), fact, None)


async def logged(
    tx: Tx, points: Sequence[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], FilmChanged]:
    """Films of files by room and id, for the event log, which hands a stream's events only to those
    who may hear the stream."""
    holders = await files.held_by(tx, points)
    found = await _films(tx, holders)
    return {
        (one.room_id, one.file_id): FilmChanged(message_id=one.message_id, film=found[one.file_id])
        for one in holders
        if one.file_id in found
    }


async def films_of(tx: Tx, wanted: Collection[File]) -> dict[UUID, Film]:
    """What was made of these files, by the file's id: for whoever was found to read them."""
    ready = [(file.room_id, file.id) for file in wanted if file.state == "ready" and _plays(file)]
    return await _films(tx, await files.held_by(tx, ready)) if ready else {}


def among(found: Mapping[UUID, Film], held: Iterable[File]) -> list[Film]:
    """The films of these files, in the order of their files' ids."""
    return [found[id_] for id_ in sorted(file.id for file in held) if id_ in found]


def _plays(file: File) -> bool:
    return file.media_type.startswith(("video/", "audio/"))


async def _films(tx: Tx, holders: Sequence[files.Holder]) -> dict[UUID, Film]:
    blob_ids = list({one.blob_id for one in holders})
    found = await store.find(tx, blob_ids)
    if not found:
        return {}
    made = await store.rungs(tx, blob_ids)
    words = await store.subtitles(tx, blob_ids, [one.file_id for one in holders])
    return {
        one.file_id: _film(one.file_id, found[one.blob_id], made.get(one.blob_id, []), words)
        for one in holders
        if one.blob_id in found
    }


def _film(file_id: UUID, row: Row, made: Sequence[Rung], words: Sequence[Track]) -> Film:
    sound = sum(state.bandwidth(rung) for rung in made if rung.plan.kind == "sound")
    pictures = sorted(
        (rung for rung in made if rung.plan.kind == "picture"),
        key=lambda rung: (rung.plan.height, rung.plan.bits),
    )
    return Film(
        file_id=file_id,
        state=row.state,
        why=row.why,
        duration_ms=row.duration_ms,
        width=row.width,
        height=row.height,
        original=row.original,
        poster=row.poster,
        storyboard=row.storyboard is not None,
        rungs=[
            FilmRung(
                name=rung.plan.name,
                width=rung.plan.width,
                height=rung.plan.height,
                state=rung.state,
                bandwidth=state.bandwidth(rung) + sound,
            )
            for rung in pictures
        ],
        subtitles=of_file(file_id, row.blob_id, words),
    )


def of_file(file_id: UUID, blob_id: UUID, words: Sequence[Track]) -> list[FilmSubtitle]:
    return [
        track.subtitle
        for track in words
        if track.blob_id == blob_id and track.file_id in (None, file_id)
    ]
