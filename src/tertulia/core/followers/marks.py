"""All SQL of followers: their places in the log."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from tertulia.core.followers.follower import Follower, Happened
from tertulia.core.streams import Stream
from tertulia.core.tx import Tx
from tertulia.core.wire import StreamKind

# Events that are stepped over in one reading: a stream may be long and hold nothing of interest.
SPAN = 20_000


class Mark(NamedTuple):
    seq: int
    failures: int
    retry_at: datetime | None


class Horizon(NamedTuple):
    """`xmin`: every older transaction has ended."""

    epoch: UUID
    xmin: int


async def horizon(tx: Tx) -> Horizon:
    row = await tx.conn.fetchrow(
        "SELECT epoch, pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xmin FROM server"
    )
    return Horizon(row["epoch"], row["xmin"])


async def enlist(tx: Tx, name: str) -> bool:
    """Whether this follower has begun before, in this life of the log or another."""
    await tx.conn.execute(
        "INSERT INTO followers (name, epoch, sweep_due) SELECT $1, epoch, $2 FROM server"
        " ON CONFLICT DO NOTHING",
        name,
        tx.now,
    )
    return await tx.conn.fetchval("SELECT begun FROM followers WHERE name = $1", name)


async def begin(tx: Tx, name: str) -> None:
    await tx.conn.execute("UPDATE followers SET begun = true WHERE name = $1", name)


async def mark_heads(
    tx: Tx, name: str, kind: StreamKind, after: UUID | None, limit: int
) -> UUID | None:
    """Mark the next streams at their heads: what was said in them is over. The last one's id, None
    when there are no more."""
    return await tx.conn.fetchval(
        """
        WITH page AS MATERIALIZED (
            SELECT id, kind, head FROM streams
            WHERE $3::uuid IS NULL OR id > $3 ORDER BY id LIMIT $4
        ), marked AS (
            INSERT INTO follower_marks (stream, follower, seq)
            SELECT id, $1, head FROM page WHERE kind = $2 ON CONFLICT DO NOTHING
        )
        SELECT id FROM page ORDER BY id DESC LIMIT 1
        """,
        name,
        kind,
        after,
        limit,
    )


async def lock(tx: Tx, name: str, ids: Sequence[UUID]) -> dict[UUID, Mark]:
    """The marks of these streams, locked: whoever else works on them has finished."""
    found = await _lock(tx, name, ids)
    missing = [id_ for id_ in ids if id_ not in found]
    if missing:
        await tx.conn.execute(
            "INSERT INTO follower_marks (stream, follower, seq)"
            " SELECT id, $1, 0 FROM unnest($2::uuid[]) AS fresh (id) ORDER BY id"
            " ON CONFLICT DO NOTHING",
            name,
            missing,
        )
        found |= await _lock(tx, name, missing)
    return found


async def _lock(tx: Tx, name: str, ids: Sequence[UUID]) -> dict[UUID, Mark]:
    rows = await tx.conn.fetch(
        "SELECT stream, seq, failures, retry_at FROM follower_marks"
        " WHERE follower = $1 AND stream = ANY($2::uuid[]) ORDER BY stream FOR UPDATE",
        name,
        ids,
    )
    return {row["stream"]: Mark(row["seq"], row["failures"], row["retry_at"]) for row in rows}


async def heads(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = await tx.conn.fetch("SELECT id, head FROM streams WHERE id = ANY($1::uuid[])", ids)
    return {row["id"]: row["head"] for row in rows}


class Reading(NamedTuple):
    """What stands above the marks: of each stream how far was looked, and its head."""

    events: list[Happened]
    reached: dict[UUID, int]
    heads: dict[UUID, int]


async def read(tx: Tx, follower: Follower, after: dict[UUID, int], limit: int) -> Reading:
    """The next events of its types, of each stream up to `limit`, in order. An unknown stream is
    nowhere in the answer."""
    rows: Sequence[Any] = await tx.conn.fetch(
        """
        SELECT w.id, s.head, least(s.head, w.after + $5) AS until, e.*
        FROM unnest($1::uuid[], $2::bigint[]) AS w (id, after)
        JOIN streams s ON s.id = w.id
        LEFT JOIN LATERAL (
            SELECT seq, type, at, actor, ref, data FROM events
            WHERE stream = w.id AND seq > w.after AND seq <= least(s.head, w.after + $5)
                AND type = ANY($3::text[])
            ORDER BY seq LIMIT $4
        ) AS e ON true
        ORDER BY w.id, e.seq
        """,
        list(after),
        list(after.values()),
        list(follower.types),
        limit,
        SPAN,
    )
    counts: dict[UUID, int] = {}
    reading = Reading([], {}, {})
    for row in rows:
        id_ = row["id"]
        reading.heads[id_], reading.reached[id_] = row["head"], row["until"]
        if row["seq"] is None:
            continue
        stream = Stream(follower.kind, id_)
        reading.events.append(
            Happened(
                stream, row["seq"], row["type"], row["at"], row["actor"], row["ref"], row["data"]
            )
        )
        counts[id_] = counts.get(id_, 0) + 1
        if counts[id_] == limit:  # there may be more of interest behind this one
            reading.reached[id_] = row["seq"]
    return reading


async def move(tx: Tx, name: str, reached: dict[UUID, int]) -> None:
    await tx.conn.execute(
        """
        UPDATE follower_marks AS m SET seq = new.seq, failures = 0, retry_at = NULL
        FROM unnest($2::uuid[], $3::bigint[]) AS new (stream, seq)
        WHERE m.stream = new.stream AND m.follower = $1
        """,
        name,
        list(reached),
        list(reached.values()),
    )


async def postpone(tx: Tx, name: str, stream_id: UUID, failures: int, until: datetime) -> None:
    await tx.conn.execute(
        "UPDATE follower_marks SET failures = $3, retry_at = $4"
        " WHERE stream = $2 AND follower = $1",
        name,
        stream_id,
        failures,
        until,
    )


async def due(tx: Tx, limit: int) -> list[tuple[str, Stream]]:
    """What failed and is to be tried again now: follower and stream."""
    rows = await tx.conn.fetch(
        """
        SELECT m.follower, s.kind, s.id FROM follower_marks m JOIN streams s ON s.id = m.stream
        WHERE m.retry_at <= $1 ORDER BY m.retry_at LIMIT $2
        """,
        tx.now,
        limit,
    )
    return [(row["follower"], Stream(row["kind"], row["id"])) for row in rows]


# Sweeping


async def claim_sweep(tx: Tx, name: str, due_again: datetime) -> bool:
    """Whether it is time to sweep; then it is this node's turn."""
    claimed = await tx.conn.fetchval(
        "UPDATE followers SET sweep_due = $2 WHERE name = $1 AND sweep_due <= $3 RETURNING true",
        name,
        due_again,
        tx.now,
    )
    return bool(claimed)


async def swept(tx: Tx, name: str) -> Horizon:
    """How far the last sweep came."""
    row = await tx.conn.fetchrow(
        "SELECT epoch, swept::text::bigint AS xmin FROM followers WHERE name = $1", name
    )
    return Horizon(row["epoch"], row["xmin"])


async def behind(
    tx: Tx, follower: Follower, since: int, after: UUID | None, limit: int
) -> list[UUID]:
    """Streams written since that transaction whose mark is below their head, in the order of their
    ids. Those that failed wait for their own time."""
    rows = await tx.conn.fetch(
        """
        SELECT s.id FROM streams s
        LEFT JOIN follower_marks m ON m.stream = s.id AND m.follower = $1
        WHERE s.kind = $2 AND s.touched >= $3::text::xid8 AND ($4::uuid IS NULL OR s.id > $4)
            AND s.head > coalesce(m.seq, 0) AND m.retry_at IS NULL
        ORDER BY s.id LIMIT $5
        """,
        follower.name,
        follower.kind,
        str(since),
        after,
        limit,
    )
    return [row["id"] for row in rows]


async def finish_sweep(tx: Tx, name: str, reached: Horizon) -> None:
    await tx.conn.execute(
        "UPDATE followers SET epoch = $2, swept = $3::text::xid8 WHERE name = $1",
        name,
        reached.epoch,
        str(reached.xmin),
    )
