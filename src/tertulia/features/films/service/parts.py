"""What lies behind the names of a film's parts."""

import re
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.files.service import Held, Part
from tertulia.features.films import state, store
from tertulia.features.films.service.making import find, pieces, rungs
from tertulia.features.films.service.telling import of_file
from tertulia.features.films.store import Row

PLAYLIST, WEBVTT = "application/vnd.apple.mpegurl", "text/vtt; charset=utf-8"

_RUNG_PART = re.compile(r"([a-z0-9]{1,12})/(index\.m3u8|init-[0-9a-f]{16}\.mp4|\d{1,6}\.m4s)")
_SHEET = re.compile(r"storyboard-\d{1,3}\.jpg")
_WORDS = re.compile(r"subtitles/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(vtt|m3u8)")


def key(blob_id: UUID, part: str) -> str:
    """Where a part of a film lies in the storage."""
    return f"films/{blob_id}/{part}"


async def find_part(tx: Tx, held: Held, path: str) -> Part | None:
    """What lies behind `content/hls/{path}` of a file, for whoever was found to read it."""
    film = await find(tx, held.blob.id) if held.blob is not None else None
    if film is None:
        return None
    if (found := _RUNG_PART.fullmatch(path)) is not None:
        return await _rung_part(tx, film, found[1], found[2])
    if (found := _WORDS.fullmatch(path)) is not None:
        return await _words_part(tx, film, held.file.id, UUID(found[1]), found[2])
    return await _film_part(tx, film, held.file.id, path)


async def _film_part(tx: Tx, film: Row, file_id: UUID, path: str) -> Part | None:
    if path == "master.m3u8" and film.state in ("playable", "complete"):
        made = await rungs(tx, film.blob_id)
        tracks = await store.subtitles(tx, [film.blob_id], [file_id])
        words = of_file(file_id, film.blob_id, tracks)
        return _made_now(PLAYLIST, state.master(made, words)) if made else None
    if path == "poster.jpg" and film.poster:
        return Part("image/jpeg", key(film.blob_id, path))
    if film.storyboard is None:
        return None
    if path == "storyboard.vtt":
        return _made_now(WEBVTT, state.board(film.storyboard, film.duration_ms), final=True)
    return Part("image/jpeg", key(film.blob_id, path)) if _SHEET.fullmatch(path) else None


async def _rung_part(tx: Tx, film: Row, name: str, part: str) -> Part | None:
    if part != "index.m3u8":
        kind = "audio/mp4" if name == "sound" else "video/mp4"
        return Part(kind, key(film.blob_id, f"{name}/{part}"))
    rung = next((one for one in await rungs(tx, film.blob_id) if one.plan.name == name), None)
    if rung is None or rung.state not in ("playable", "complete"):
        return None
    return _made_now(PLAYLIST, state.media(rung, await pieces(tx, film.blob_id, name)))


async def _words_part(
    tx: Tx, film: Row, file_id: UUID, subtitle_id: UUID, ending: str
) -> Part | None:
    body = await store.subtitle_body(tx, film.blob_id, file_id, subtitle_id)
    if body is None:
        return None
    if ending == "vtt":
        return _made_now(WEBVTT, body, final=True)
    return _made_now(PLAYLIST, state.words(subtitle_id, film.duration_ms))


def _made_now(media_type: str, body: str, *, final: bool = False) -> Part:
    return Part(media_type, body=body.encode(), final=final)
