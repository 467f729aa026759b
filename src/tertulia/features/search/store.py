"""All SQL of search. What reads takes the accesses of those rooms it may look in."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.rooms.service import RoomAccess


class Row(NamedTuple):
    """A message in the index; `words` is a tsvector as text."""

    room_id: UUID
    seq: int
    id: UUID
    at: datetime
    words: str


class Place(NamedTuple):
    """The newest is first: by time, and what was said at once by its place in its room."""

    at: datetime
    seq: int
    room_id: UUID


class Found(NamedTuple):
    room_id: UUID
    seq: int
    id: UUID
    at: datetime

    @property
    def place(self) -> Place:
        return Place(self.at, self.seq, self.room_id)


class Bounds(NamedTuple):
    """What a candidate must fulfil beside its words. `before` is exclusive. `only` is messages by
    room and id, `never` by id."""

    before: Place
    since: datetime | None
    authors: Collection[UUID] | None
    no_authors: Collection[UUID]
    only: Collection[tuple[UUID, UUID]] | None
    never: Collection[UUID]


# Writing

_VALUES = """
    FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::timestamptz[], $5::text[])
        AS new (room_id, seq, id, at, words)
"""


async def insert(tx: Tx, rows: Sequence[Row]) -> None:
    """New messages. What is there already was written by an edit, which knows better."""
    await tx.conn.execute(
        "INSERT INTO search_index (room_id, seq, id, at, words)"
        " SELECT room_id, seq, id, at, words::tsvector" + _VALUES + "ON CONFLICT DO NOTHING",
        *_columns(rows),
    )


async def write(tx: Tx, rows: Sequence[Row], kept: str) -> None:
    """Messages that changed; the mark `kept` stays where it was."""
    await tx.conn.execute(
        "INSERT INTO search_index (room_id, seq, id, at, words)"
        " SELECT room_id, seq, id, at, words::tsvector"
        + _VALUES
        + "ON CONFLICT (room_id, seq) DO UPDATE SET words = excluded.words || CASE"
        " WHEN search_index.words @@ $6::text::tsquery THEN $6::text::tsvector"
        " ELSE ''::tsvector END",
        *_columns(rows),
        f"'{kept}'",
    )


def _columns(rows: Sequence[Row]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


async def forget(tx: Tx, places: Collection[tuple[UUID, int]]) -> None:
    """Messages by room and seq."""
    await tx.conn.execute(
        "DELETE FROM search_index WHERE (room_id, seq) IN ("
        "SELECT * FROM unnest($1::uuid[], $2::bigint[]))",
        [room_id for room_id, _ in places],
        [seq for _, seq in places],
    )


async def add_mark(tx: Tx, wanted: Collection[tuple[UUID, UUID]], mark: str) -> None:
    """Give messages, by room and id, a mark they do not have yet."""
    await tx.conn.execute(
        """
        UPDATE search_index AS i SET words = i.words || $3::text::tsvector
        FROM unnest($1::uuid[], $2::uuid[]) AS wanted (room_id, id)
        JOIN messages m ON m.room_id = wanted.room_id AND m.id = wanted.id
        WHERE i.room_id = m.room_id AND i.seq = m.seq AND NOT i.words @@ $3::text::tsquery
        """,
        [room_id for room_id, _ in wanted],
        [id_ for _, id_ in wanted],
        f"'{mark}'",
    )


# Reading


async def prepare(tx: Tx) -> None:
    """For this transaction: plan for the words asked for, and never read the whole table."""
    await tx.conn.execute(
        "SELECT set_config('plan_cache_mode', 'force_custom_plan', true),"
        " set_config('enable_seqscan', 'off', true)"
    )


async def sizes(tx: Tx, accesses: Sequence[RoomAccess]) -> tuple[list[int], int]:
    """About how many messages are in each of these rooms, and in the whole index."""
    row = await tx.conn.fetchrow(
        """
        SELECT array(
            SELECT s.head FROM unnest($1::uuid[]) WITH ORDINALITY AS w (id, place)
            JOIN streams s ON s.id = w.id ORDER BY w.place
        ) AS heads, (
            SELECT reltuples::bigint FROM pg_class WHERE oid = 'search_index'::regclass
        ) AS everything
        """,
        [access.room_id for access in accesses],
    )
    return row["heads"], row["everything"]


# In order first, so that no more messages are looked up than are asked for.
_AS_IT_STANDS = """
    SELECT f.room_id, f.seq, f.id, f.at FROM (
        SELECT * FROM found
        WHERE room_id = ANY($2::uuid[]) AND (at, seq, room_id) < ($4::timestamptz, $5::bigint, $6)
            AND ($7::timestamptz IS NULL OR at >= $7)
            AND ($10::uuid[] IS NULL OR id = ANY($10)) AND id <> ALL($11::uuid[])
        ORDER BY at DESC, seq DESC, room_id DESC
    ) AS f
    CROSS JOIN LATERAL (  -- a look-up each, whatever the planner believes of the table
        SELECT FROM messages m
        WHERE m.room_id = f.room_id AND m.seq = f.seq
            AND ($8::uuid[] IS NULL OR m.author_id = ANY($8)) AND m.author_id <> ALL($9::uuid[])
            AND m.kind NOT IN ('system', 'deleted') AND coalesce(m.expires_at > $12, true)
            AND NOT EXISTS (SELECT FROM hidden_messages h
                WHERE h.account_id = $1 AND h.room_id = m.room_id AND h.seq = m.seq)
            AND NOT EXISTS (SELECT FROM blocks b
                WHERE b.account_id = $1 AND b.blocked_id = m.author_id)
        OFFSET 0
    ) AS m
    ORDER BY f.at DESC, f.seq DESC, f.room_id DESC LIMIT $13
"""
# `last`: it was the last one to be looked at, here or in its room, and there may be older ones.
_NEWEST = """
    SELECT room_id, seq, id, at, words, row_number() OVER newest = $14 AS last FROM (
        SELECT * FROM search_index
        WHERE (at, seq, room_id) < ($4::timestamptz, $5::bigint, $6::uuid)
            AND ($7::timestamptz IS NULL OR at >= $7)
        ORDER BY at DESC, seq DESC, room_id DESC LIMIT $14
    ) AS i
    WINDOW newest AS (ORDER BY at DESC, seq DESC, room_id DESC)
"""
_NEWEST_BY_ROOM = """
    SELECT i.*, row_number() OVER newest = w.many AS last
    FROM unnest($2::uuid[], $16::bigint[]) AS w (id, many)
    CROSS JOIN LATERAL (
        SELECT room_id, seq, id, at, words FROM search_index
        WHERE room_id = w.id AND at <= $4::timestamptz
            AND (at, seq, room_id) < ($4::timestamptz, $5::bigint, $6::uuid)
            AND ($7::timestamptz IS NULL OR at >= $7)
        ORDER BY at DESC, seq DESC LIMIT least(w.many, $14::bigint)
    ) AS i
    WINDOW newest AS (PARTITION BY i.room_id ORDER BY i.at DESC, i.seq DESC)
"""
# Down to `stop` everything was looked at, in whatever room. `$3` stands for all of the words.
_WALK = """
    WITH looked AS MATERIALIZED ({newest}), stop AS MATERIALIZED (
        SELECT at, seq, room_id FROM looked WHERE last
        ORDER BY at DESC, seq DESC, room_id DESC LIMIT 1
    ), found AS (
        SELECT looked.* FROM looked LEFT JOIN stop ON true
        WHERE ($3::text = '' OR words @@ $3::text::tsquery)
            AND (stop.at IS NULL
                OR (looked.at, looked.seq, looked.room_id) >= (stop.at, stop.seq, stop.room_id))
    )
    SELECT stop.at AS stop_at, stop.seq AS stop_seq, stop.room_id AS stop_room_id, total.*, hit.*
    FROM (
        SELECT count(*) AS number, (
            SELECT array_agg(
                (SELECT count(*) FROM looked WHERE words @@ part.query::tsquery) ORDER BY place)
            FROM unnest($15::text[]) WITH ORDINALITY AS part (query, place)
        ) AS counts FROM looked
    ) AS total
    LEFT JOIN stop ON true LEFT JOIN ({standing}) AS hit ON true
    ORDER BY hit.at DESC, hit.seq DESC, hit.room_id DESC
"""
_WALK_ALL = _WALK.format(newest=_NEWEST, standing=_AS_IT_STANDS)
_WALK_ROOMS = _WALK.format(newest=_NEWEST_BY_ROOM, standing=_AS_IT_STANDS)


class Walked(NamedTuple):
    """`stop`: everything down to it was looked at, None where there is nothing older. `shares`: of
    those looked at, whoever may read them, what share fulfils each part."""

    found: list[Found]
    stop: Place | None
    shares: list[float]


async def walk(
    tx: Tx,
    accesses: Sequence[RoomAccess],
    words: str,
    parts: Sequence[str],
    bounds: Bounds,
    limit: int,
    number: int,
    by_room: Sequence[int] | None,
) -> Walked:
    """Look at about `number` messages, the newest first, each, whatever its words are; of all rooms
    of the server or, `by_room`, of the accesses' alone, in each at most so many."""
    arguments = _arguments(tx, accesses, words, bounds, limit)
    if by_room is None:
        rows = await tx.conn.fetch(_WALK_ALL, *arguments, number, parts)
    else:
        rows = await tx.conn.fetch(_WALK_ROOMS, *arguments, number, parts, by_room)
    first = rows[0]
    stop = None
    if first["stop_at"] is not None:
        stop = Place(first["stop_at"], first["stop_seq"], first["stop_room_id"])
    shares = [count / max(first["number"], 1) for count in first["counts"] or ()]
    return Walked([_found(row) for row in rows if row["id"] is not None], stop, shares)


async def shares_ever(tx: Tx, parts: Sequence[str], samples: int, each: int) -> list[float]:
    """What share of all messages fulfils each part: from some here and there in time."""
    rows = await tx.conn.fetch(
        """
        WITH span AS MATERIALIZED (
            SELECT min(at) AS oldest, max(at) - min(at) AS long FROM search_index
        ), looked AS MATERIALIZED (
            SELECT i.words FROM span CROSS JOIN generate_series(1, $2::integer) AS n
            CROSS JOIN LATERAL (
                SELECT words FROM search_index WHERE at <= oldest + long * n / $2
                ORDER BY at DESC LIMIT $3
            ) AS i
        )
        SELECT (SELECT count(*) FROM looked WHERE words @@ part.query::tsquery)::float8
            / greatest((SELECT count(*) FROM looked), 1) AS share
        FROM unnest($1::text[]) WITH ORDINALITY AS part (query, place) ORDER BY place
        """,
        parts,
        samples,
        each,
    )
    return [row["share"] for row in rows]


_BY_WORDS = f"""
    WITH looked AS MATERIALIZED (
        SELECT room_id, seq, id, at, $3::text = '' OR words @@ $3::text::tsquery AS fits
        FROM search_index WHERE words @@ $14::text::tsquery LIMIT $15
    ), found AS (SELECT * FROM looked WHERE fits)
    SELECT total.*, hit.* FROM (SELECT count(*) AS number FROM looked) AS total
    LEFT JOIN ({_AS_IT_STANDS}) AS hit ON true
    ORDER BY hit.at DESC, hit.seq DESC, hit.room_id DESC
"""


async def by_words(
    tx: Tx,
    accesses: Sequence[RoomAccess],
    words: str,
    lookup: str,
    bounds: Bounds,
    limit: int,
    most: int,
) -> list[Found] | None:
    """The newest that GIN finds by `lookup` and that fulfil `words`; None where there are too many
    to look at, `most` or more."""
    arguments = _arguments(tx, accesses, words, bounds, limit)
    rows = await tx.conn.fetch(_BY_WORDS, *arguments, lookup, most)
    if rows[0]["number"] >= most:
        return None
    return [_found(row) for row in rows if row["id"] is not None]


_AMONG = f"""
    WITH found AS MATERIALIZED (
        SELECT i.room_id, i.seq, i.id, i.at FROM unnest($14::uuid[], $10::uuid[]) AS w (room, id)
        CROSS JOIN LATERAL (
            SELECT i.* FROM messages m
            JOIN search_index i ON i.room_id = m.room_id AND i.seq = m.seq
            WHERE m.room_id = w.room AND m.id = w.id OFFSET 0
        ) AS i
        WHERE $3::text = '' OR i.words @@ $3::text::tsquery
    ) {_AS_IT_STANDS}
"""


async def among(
    tx: Tx, accesses: Sequence[RoomAccess], words: str, bounds: Bounds, limit: int
) -> list[Found]:
    """The newest of those the bounds name (`only`): each is looked at."""
    rooms = [room_id for room_id, _ in bounds.only or ()]
    rows = await tx.conn.fetch(_AMONG, *_arguments(tx, accesses, words, bounds, limit), rooms)
    return [_found(row) for row in rows]


def _arguments(
    tx: Tx, accesses: Sequence[RoomAccess], words: str, bounds: Bounds, limit: int
) -> list[Any]:
    return [
        accesses[0].account_id,
        [access.room_id for access in accesses],
        words,
        bounds.before.at,
        bounds.before.seq,
        bounds.before.room_id,
        bounds.since,
        bounds.authors,
        bounds.no_authors,
        None if bounds.only is None else [id_ for _, id_ in bounds.only],
        bounds.never,
        tx.now,
        limit,
    ]


def _found(row: Any) -> Found:
    return Found(row["room_id"], row["seq"], row["id"], row["at"])


async def ranks(
    tx: Tx, found: Sequence[Found], words: str, exact: str, as_of: datetime
) -> list[float]:
    """How well each answers the question, in the order given. A word as typed weighs more than one
    that only begins so; what was said lately (seen from `as_of`) a little more than what is old."""
    rows = await tx.conn.fetch(
        """
        SELECT ts_rank(i.words, $3::text::tsquery, 1)
            * CASE WHEN i.words @@ $4::text::tsquery THEN 2 ELSE 1 END
            * (0.4 + 0.6 * exp(
                -greatest(extract(epoch FROM $5::timestamptz - i.at), 0) / 7776000)) AS rank
        FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY AS f (room_id, seq, place)
        JOIN search_index i ON i.room_id = f.room_id AND i.seq = f.seq
        ORDER BY f.place
        """,
        [one.room_id for one in found],
        [one.seq for one in found],
        words,
        exact,
        as_of,
    )
    return [float(row["rank"]) for row in rows]
