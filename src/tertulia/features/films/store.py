"""All SQL of films."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from tertulia.core.film import Storyboard
from tertulia.core.tx import Tx
from tertulia.features.films.policy import RungPlan
from tertulia.features.films.schemas import FilmState, FilmSubtitle, FilmTrouble, RungState
from tertulia.features.films.state import Piece, Rung


class Row(NamedTuple):
    """A film, whoever has it."""

    blob_id: UUID
    state: FilmState
    why: FilmTrouble | None
    duration_ms: int
    width: int | None
    height: int | None
    original: bool
    first: list[str]
    poster: bool
    storyboard: Storyboard | None


class Track(NamedTuple):
    """Subtitles; of one file, or (null) of all that have the film."""

    blob_id: UUID
    file_id: UUID | None
    subtitle: FilmSubtitle


async def insert(tx: Tx, film: Row, plans: Sequence[RungPlan]) -> bool:
    """False: it was there."""
    inserted = await tx.conn.fetchval(
        """
        INSERT INTO films (blob_id, state, why, duration_ms, width, height, original, first,
            created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (blob_id) DO NOTHING RETURNING true
        """,
        film.blob_id,
        film.state,
        film.why,
        film.duration_ms,
        film.width,
        film.height,
        film.original,
        film.first,
        tx.now,
    )
    if inserted:
        await tx.conn.executemany(
            "INSERT INTO film_rungs (blob_id, name, position, plan) VALUES ($1, $2, $3, $4)",
            [
                (film.blob_id, plan.name, place, msgspec.json.encode(plan))
                for place, plan in enumerate(plans)
            ],
        )
    return bool(inserted)


async def find(tx: Tx, blob_ids: Sequence[UUID]) -> dict[UUID, Row]:
    rows = await tx.conn.fetch(
        """
        SELECT blob_id, state, why, duration_ms, width, height, original, first, poster, storyboard
        FROM films WHERE blob_id = ANY ($1::uuid[])
        """,
        blob_ids,
    )
    return {row["blob_id"]: _film(row) for row in rows}


def _film(row: Any) -> Row:
    board = row["storyboard"]
    values: dict[str, Any] = dict(row)
    values["storyboard"] = board and msgspec.json.decode(board, type=Storyboard)
    return Row(**values)


async def rungs(tx: Tx, blob_ids: Sequence[UUID]) -> dict[UUID, list[Rung]]:
    """In the order in which they are made."""
    rows = await tx.conn.fetch(
        """
        SELECT blob_id, plan, state, codec, made, microseconds, bytes, peak FROM film_rungs
        WHERE blob_id = ANY ($1::uuid[]) ORDER BY blob_id, position
        """,
        blob_ids,
    )
    found: dict[UUID, list[Rung]] = {}
    for row in rows:
        found.setdefault(row["blob_id"], []).append(_rung(row))
    return found


def _rung(row: Any) -> Rung:
    plan = msgspec.json.decode(row["plan"], type=RungPlan)
    mean = row["bytes"] * 8_000_000 // max(row["microseconds"], 1)
    return Rung(plan, row["state"], row["codec"], row["made"], row["peak"], mean)


async def record(
    tx: Tx, blob_id: UUID, rung: str, before: int, codec: str, pieces: Sequence[Piece]
) -> bool:
    """These follow the first `before` segments. False: they do not, or the film is gone."""
    recorded = await tx.conn.fetchval(
        """
        UPDATE film_rungs SET made = made + $4, microseconds = microseconds + $5,
            bytes = bytes + $6, peak = greatest(peak, $7), codec = $8
        WHERE blob_id = $1 AND name = $2 AND made = $3 RETURNING true
        """,
        blob_id,
        rung,
        before,
        len(pieces),
        sum(piece.duration for piece in pieces),
        sum(piece.size for piece in pieces),
        max(piece.size * 8_000_000 // max(piece.duration, 1) for piece in pieces),
        codec,
    )
    if not recorded:
        return False
    await tx.conn.executemany(
        """
        INSERT INTO film_segments (blob_id, rung, number, header, duration, size)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        [
            (blob_id, rung, piece.number, piece.header, piece.duration, piece.size)
            for piece in pieces
        ],
    )
    return True


async def pieces(tx: Tx, blob_id: UUID, rung: str) -> list[Piece]:
    rows = await tx.conn.fetch(
        """
        SELECT number, header, duration, size FROM film_segments
        WHERE blob_id = $1 AND rung = $2 ORDER BY number
        """,
        blob_id,
        rung,
    )
    return [Piece(*row) for row in rows]


async def set_rung(tx: Tx, blob_id: UUID, rung: str, state: RungState) -> None:
    await tx.conn.execute(
        "UPDATE film_rungs SET state = $3 WHERE blob_id = $1 AND name = $2", blob_id, rung, state
    )


async def set_state(tx: Tx, blob_id: UUID, state: FilmState, why: FilmTrouble | None) -> None:
    await tx.conn.execute(
        "UPDATE films SET state = $2, why = $3 WHERE blob_id = $1", blob_id, state, why
    )


async def set_poster(tx: Tx, blob_id: UUID) -> None:
    await tx.conn.execute("UPDATE films SET poster = true WHERE blob_id = $1", blob_id)


async def set_storyboard(tx: Tx, blob_id: UUID, storyboard: Storyboard) -> None:
    await tx.conn.execute(
        "UPDATE films SET storyboard = $2 WHERE blob_id = $1",
        blob_id,
        msgspec.json.encode(storyboard),
    )


async def lock(tx: Tx, blob_id: UUID) -> bool:
    """False: there is none."""
    statement = "SELECT true FROM films WHERE blob_id = $1 FOR UPDATE"
    return bool(await tx.conn.fetchval(statement, blob_id))


async def remove(tx: Tx, blob_id: UUID) -> None:
    await tx.conn.execute("DELETE FROM films WHERE blob_id = $1", blob_id)


async def all_before(tx: Tx, before: datetime, after: UUID | None, limit: int) -> list[UUID]:
    """Films in the order of their ids."""
    rows = await tx.conn.fetch(
        """
        SELECT blob_id FROM films
        WHERE created_at < $1 AND ($2::uuid IS NULL OR blob_id > $2) ORDER BY blob_id LIMIT $3
        """,
        before,
        after,
        limit,
    )
    return [row["blob_id"] for row in rows]


async def insert_subtitle(
    tx: Tx, blob_id: UUID, subtitle: FilmSubtitle, body: str, place: tuple[UUID, UUID] | None
) -> None:
    """`place` is the room and the file that it is for; None: for all that have the film."""
    room_id, file_id = place or (None, None)
    await tx.conn.execute(
        """
        INSERT INTO film_subtitles (id, blob_id, room_id, file_id, language, label, body,
            created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        subtitle.id,
        blob_id,
        room_id,
        file_id,
        subtitle.language,
        subtitle.label,
        body,
        tx.now,
    )


async def subtitles(tx: Tx, blob_ids: Sequence[UUID], file_ids: Sequence[UUID]) -> list[Track]:
    """Those that came inside these films, and those of these files."""
    rows = await tx.conn.fetch(
        """
        SELECT blob_id, file_id, id, language, label FROM film_subtitles
        WHERE blob_id = ANY ($1::uuid[]) AND (file_id IS NULL OR file_id = ANY ($2::uuid[]))
        ORDER BY created_at, id
        """,
        blob_ids,
        file_ids,
    )
    return [
        Track(
            row["blob_id"],
            row["file_id"],
            FilmSubtitle(
                id=row["id"],
                language=row["language"],
                label=row["label"],
                embedded=row["file_id"] is None,
            ),
        )
        for row in rows
    ]


async def subtitle_body(tx: Tx, blob_id: UUID, file_id: UUID, subtitle_id: UUID) -> str | None:
    return await tx.conn.fetchval(
        """
        SELECT body FROM film_subtitles
        WHERE id = $1 AND blob_id = $2 AND (file_id IS NULL OR file_id = $3)
        """,
        subtitle_id,
        blob_id,
        file_id,
    )


async def remove_subtitle(tx: Tx, file_id: UUID, subtitle_id: UUID) -> bool:
    removed = await tx.conn.fetchval(
        "DELETE FROM film_subtitles WHERE id = $1 AND file_id = $2 RETURNING true",
        subtitle_id,
        file_id,
    )
    return bool(removed)
