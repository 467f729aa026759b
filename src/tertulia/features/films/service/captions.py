"""Subtitles that somebody puts to a film."""

from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.errors import Conflict, FieldError, Invalid, NotFound
from tertulia.core.film import BadSubtitles, remake
from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.files import service as files
from tertulia.features.files.service import Held
from tertulia.features.films import store
from tertulia.features.films.events import FilmChanged
from tertulia.features.films.schemas import MAX_SUBTITLES, AddSubtitle, Film, FilmSubtitle
from tertulia.features.films.service.making import find
from tertulia.features.films.service.telling import films_of, of_file
from tertulia.features.films.store import Row
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can


class NoFilm(Conflict):
    title = "There is no film to be watched there"


class TooManySubtitles(Conflict):
    code, title = "too_many", "The film has as many subtitles as it may"


class BadSubtitle(Invalid):
    title = "That is no SubRip or WebVTT file"


async def add_subtitle(
    tx: Tx, actor: Actor, room_id: UUID, file_id: UUID, wanted: AddSubtitle
) -> Film:
    """Put subtitles to a film of this room: who brought it may, and who keeps order. Raises
    NotFound, Forbidden, NoFilm, TooManySubtitles, BadSubtitle."""
    held, film = await _to_change(tx, actor, room_id, file_id)
    there = of_file(file_id, film.blob_id, await store.subtitles(tx, [film.blob_id], [file_id]))
    if len(there) >= MAX_SUBTITLES:
        raise TooManySubtitles
    try:
        body = remake(wanted.text.encode(errors="replace"))
    except BadSubtitles as error:
        raise BadSubtitle(errors=(FieldError("text", "unreadable", str(error)),)) from None
    subtitle = FilmSubtitle(
        id=tx.ids.uuid7(), language=wanted.language, label=wanted.label, embedded=False
    )
    await store.insert_subtitle(tx, film.blob_id, subtitle, body, (room_id, file_id))
    return await _changed(tx, actor, held)


async def remove_subtitle(
    tx: Tx, actor: Actor, room_id: UUID, file_id: UUID, subtitle_id: UUID
) -> Film:
    """Only what somebody added can be taken away. Raises as `add_subtitle`."""
    held, _ = await _to_change(tx, actor, room_id, file_id)
    if not await store.remove_subtitle(tx, file_id, subtitle_id):
        raise NotFound
    return await _changed(tx, actor, held)


async def _to_change(tx: Tx, actor: Actor, room_id: UUID, file_id: UUID) -> tuple[Held, Row]:
    access = await rooms.require(tx, actor, room_id, Can.READ)
    held = await files.find_held(tx, access, file_id)
    mine = held.file.account_id == actor.account_id
    refused = rooms.refusal(access, Can.EDIT if mine else Can.DELETE_ANY)
    if refused is not None:
        raise refused
    film = await find(tx, held.blob.id) if held.blob is not None else None
    if film is None or film.state == "failed":
        raise NoFilm
    return held, film


async def _changed(tx: Tx, actor: Actor, held: Held) -> Film:
    file = held.file
    film = (await films_of(tx, [file]))[file.id]
    if file.message_id is not None:
        fact = FilmChanged(message_id=file.message_id, film=film)
        tx.emit(room_stream(file.room_id), fact, actor)
    return film
