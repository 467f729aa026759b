"""A film as it is being made: asked by jobs alone."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from tertulia.core import jobs
from tertulia.core.film import Probe, Storyboard, upright
from tertulia.core.tx import Tx
from tertulia.features.files import service as files
from tertulia.features.files.schemas import FILM
from tertulia.features.films import state, store
from tertulia.features.films.policy import Plan
from tertulia.features.films.schemas import FilmSubtitle, FilmTrouble
from tertulia.features.films.state import Piece, Rung
from tertulia.features.films.store import Row

# Kinds of jobs. `FILM` of the files below is the first.
RUNG, BOARD, FORGET = "films.rung", "films.storyboard", "films.forget"
BEFORE, BEHIND = 1, -1  # priorities: what somebody waits for, and what makes it better


class MakeRungs(msgspec.Struct, frozen=True):
    """What a job is told: rungs of a film, to be made at once."""

    blob_id: UUID
    names: list[str]


class DrawBoard(msgspec.Struct, frozen=True):
    blob_id: UUID
    index: int
    board: Storyboard


class ForgetFilm(msgspec.Struct, frozen=True):
    blob_id: UUID


async def find(tx: Tx, blob_id: UUID) -> Row | None:
    return (await store.find(tx, [blob_id])).get(blob_id)


async def rungs(tx: Tx, blob_id: UUID) -> list[Rung]:
    """In the order in which they are made."""
    return (await store.rungs(tx, [blob_id])).get(blob_id, [])


async def pieces(tx: Tx, blob_id: UUID, rung: str) -> list[Piece]:
    return await store.pieces(tx, blob_id, rung)


async def begin(tx: Tx, blob_id: UUID, probe: Probe, plan: Plan) -> None:
    """Write down what is to be made. Again, it changes nothing."""
    width, height = upright(probe.picture) if probe.picture else (None, None)
    film = Row(
        blob_id=blob_id,
        state="preparing" if plan.rungs else "complete",
        why=None,
        duration_ms=round(probe.duration * 1000),
        width=width,
        height=height,
        original=plan.original,
        first=plan.first,
        poster=False,
        storyboard=None,
    )
    await store.insert(tx, film, plan.rungs)


async def refuse(tx: Tx, blob_id: UUID, why: FilmTrouble) -> None:
    """Nothing can be made of it, and nobody tries again."""
    film = Row(blob_id, "failed", why, 0, None, None, original=False, first=[], poster=False,
               storyboard=None)  # fmt: skip
    if not await store.insert(tx, film, []):
        await store.set_state(tx, blob_id, "failed", why)


async def make_behind(tx: Tx, blob_id: UUID) -> None:
    """Have made what is not: first what it takes to watch, in one run, then each rung alone."""
    film = await find(tx, blob_id)
    if film is None:
        return
    left = [one.plan for one in await rungs(tx, blob_id) if one.state in ("waiting", "playable")]
    first = [plan.name for plan in left if plan.name in film.first]
    rest = [plan.name for plan in left if plan.name not in film.first]
    for names, priority in ((first, BEFORE), *(([name], BEHIND) for name in rest)):
        if names:
            key = f"{blob_id}:{names[0]}"
            await jobs.enqueue(tx, RUNG, MakeRungs(blob_id, names), key=key, priority=priority)


async def draw_behind(tx: Tx, blob_id: UUID, index: int, board: Storyboard) -> None:
    await jobs.enqueue(tx, BOARD, DrawBoard(blob_id, index, board), key=str(blob_id))


async def record(
    tx: Tx, blob_id: UUID, rung: Rung, before: int, codec: str, found: Sequence[Piece]
) -> bool | None:
    """Segments were stored: `before` were there already. Answers whether there is something to
    tell; None: the film is gone, or somebody else makes this rung."""
    name = rung.plan.name
    if not await store.record(tx, blob_id, name, before, codec, found):
        return None
    made = before + len(found)
    earlier = state.rung_state(before, ended=False)
    later = state.rung_state(made, ended=False)
    if earlier == later:
        return False
    await store.set_rung(tx, blob_id, name, later)
    return await _stand(tx, blob_id)


async def end_rung(tx: Tx, blob_id: UUID, name: str, made: int, *, failed: bool = False) -> bool:
    """All of it is made, or it cannot be. Answers whether there is something to tell."""
    ended = "failed" if failed else state.rung_state(made, ended=True)
    await store.set_rung(tx, blob_id, name, ended)
    await _stand(tx, blob_id)
    return True


async def _stand(tx: Tx, blob_id: UUID) -> bool:
    # Two rungs may end at the same moment: the second one must see the first.
    if not await store.lock(tx, blob_id):
        return False
    film = (await store.find(tx, [blob_id]))[blob_id]
    stands = state.standing(await rungs(tx, blob_id), film.first)
    if stands == film.state:
        return False
    await store.set_state(tx, blob_id, stands, "stopped" if stands == "failed" else None)
    return True


async def has_poster(tx: Tx, blob_id: UUID) -> None:
    await store.set_poster(tx, blob_id)


async def has_board(tx: Tx, blob_id: UUID, board: Storyboard) -> None:
    await store.set_storyboard(tx, blob_id, board)


async def has_words(tx: Tx, blob_id: UUID) -> bool:
    """Were those found that came inside the film?"""
    return any(track.file_id is None for track in await store.subtitles(tx, [blob_id], []))


async def found_subtitles(tx: Tx, blob_id: UUID, found: Sequence[tuple[str, str, str]]) -> None:
    """Those that came inside the film: language, label, and WebVTT of each."""
    if not await store.lock(tx, blob_id) or await has_words(tx, blob_id):
        return
    for language, label, body in found:
        subtitle = FilmSubtitle(id=tx.ids.uuid7(), language=language, label=label, embedded=True)
        await store.insert_subtitle(tx, blob_id, subtitle, body, None)


async def forgotten(tx: Tx, blob_id: UUID) -> None:
    """Nobody holds the bytes any more: what was made of them goes too."""
    await jobs.enqueue(tx, FORGET, ForgetFilm(blob_id), key=str(blob_id))


async def forget(tx: Tx, blob_id: UUID) -> bool:
    """Answers whether somebody still works at it, and is asked to stop."""
    stopped = False
    keys = [f"{blob_id}:{one.plan.name}" for one in await rungs(tx, blob_id)]
    for kind, key in ((FILM, str(blob_id)), (BOARD, str(blob_id)), *((RUNG, key) for key in keys)):
        stopped |= await jobs.cancel(tx, kind, key)
    await store.remove(tx, blob_id)
    return stopped


async def gone(
    tx: Tx, before: datetime, after: UUID | None, limit: int
) -> tuple[list[UUID], UUID | None]:
    """Of the films that are older, from one id on, those whose bytes are gone; and where to go on
    from: None, they were looked at all."""
    known = await store.all_before(tx, before, after, limit)
    there = await files.blobs_there(tx, known)
    return [one for one in known if one not in there], known[-1] if len(known) == limit else None
