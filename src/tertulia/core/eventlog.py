"""The event log: append-only, gapless streams in PostgreSQL.

A stream's `seq` is taken under its row lock, so commit order is sequence order. An event row holds
type, references and the little that rows cannot give back; `core.history` assembles the rest.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tertulia.core.bus import Notice
from tertulia.core.streams import Stream
from tertulia.core.wire import Fact


class Entry(msgspec.Struct, frozen=True):
    """A fact with its place in the log."""

    stream: Stream
    seq: int
    at: datetime
    actor_id: UUID | None
    fact: Fact


class Envelope(msgspec.Struct, frozen=True):
    """An event as clients get it (docs/protocol.md E1)."""

    stream: str
    seq: int
    type: str
    at: datetime
    actor: UUID | None
    data: msgspec.Raw


async def create(conn: Any, stream: Stream) -> None:
    await conn.execute("INSERT INTO streams (id, kind) VALUES ($1, $2)", stream.id, stream.kind)


async def lock(conn: Any, streams: Sequence[Stream]) -> dict[Stream, int]:
    """Heads of the streams that exist, locked until the transaction ends. Sorted, so that two
    transactions that want the same streams never wait for each other in a ring."""
    by_id = {stream.id: stream for stream in streams}
    rows = await conn.fetch(
        "SELECT id, head FROM streams WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE",
        list(by_id),
    )
    return {by_id[row["id"]]: row["head"] for row in rows}


async def append(conn: Any, entries: Sequence[Entry], heads: Mapping[Stream, int]) -> list[Notice]:
    """Write events into locked streams and move their heads, in one statement.

    Returns what is to be published once the transaction has committed.
    """
    logged = [entry.fact.logged() for entry in entries]
    await conn.execute(
        """
        WITH moved AS (
            UPDATE streams SET head = new.head, touched = pg_current_xact_id()
            FROM unnest($1::uuid[], $2::bigint[]) AS new (id, head)
            WHERE streams.id = new.id
        )
        INSERT INTO events (stream, seq, type, at, actor, ref, data)
        SELECT * FROM unnest(
            $3::uuid[], $4::bigint[], $5::text[], $6::timestamptz[], $7::uuid[], $8::uuid[],
            $9::jsonb[])
        """,
        [stream.id for stream in heads],
        list(heads.values()),
        [entry.stream.id for entry in entries],
        [entry.seq for entry in entries],
        [entry.fact.TYPE for entry in entries],
        [entry.at for entry in entries],
        [entry.actor_id for entry in entries],
        [half.ref for half in logged],
        [None if half.data is None else msgspec.json.encode(half.data) for half in logged],
    )
    return [_notice(entry) for entry in entries]


def _notice(entry: Entry) -> Notice:
    envelope = Envelope(
        stream=entry.stream.name,
        seq=entry.seq,
        type=entry.fact.TYPE,
        at=entry.at,
        actor=entry.actor_id,
        data=msgspec.Raw(msgspec.json.encode(entry.fact)),
    )
    return Notice(envelope.stream, entry.seq, envelope.type, msgspec.json.encode(envelope))


async def heads(conn: Any, stream_ids: Iterable[UUID]) -> dict[UUID, int]:
    rows = await conn.fetch(
        "SELECT id, head FROM streams WHERE id = ANY($1::uuid[])", list(stream_ids)
    )
    return {row["id"]: row["head"] for row in rows}


async def rows_after(conn: Any, stream: Stream, after: int, limit: int) -> list[Any]:
    """Stored events above `after`, in order: `seq, type, at, actor, ref, data`."""
    return await conn.fetch(
        "SELECT seq, type, at, actor, ref, data FROM events"
        " WHERE stream = $1 AND seq > $2 ORDER BY seq LIMIT $3",
        stream.id,
        after,
        limit,
    )


async def ahead(conn: Any, stream_ids: Sequence[str], known: Sequence[int]) -> dict[UUID, int]:
    """Heads of those streams that have more than is known. The ids are text: of thousands, asyncpg
    packs text far faster than Python parses UUIDs."""
    rows = await conn.fetch(
        "SELECT streams.id, streams.head FROM unnest($1::uuid[], $2::bigint[]) AS known (id, head)"
        " JOIN streams ON streams.id = known.id WHERE streams.head > known.head",
        stream_ids,
        known,
    )
    return {row["id"]: row["head"] for row in rows}


async def rows_of_many(
    conn: Any, stream_ids: Sequence[UUID], after: Sequence[int], limit: int
) -> list[Any]:
    """As `rows_after`, of each stream up to `limit`, with its `stream`; a stream's rows stand
    together."""
    return await conn.fetch(
        "SELECT wanted.stream, e.* FROM unnest($1::uuid[], $2::bigint[]) AS wanted (stream, after)"
        " CROSS JOIN LATERAL (SELECT seq, type, at, actor, ref, data FROM events"
        " WHERE events.stream = wanted.stream AND seq > wanted.after ORDER BY seq LIMIT $3) AS e"
        " ORDER BY wanted.stream, e.seq",
        stream_ids,
        after,
        limit,
    )
