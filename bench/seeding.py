"""History past the product: a million sends would take minutes that tell nothing here."""

import asyncio
from uuid import UUID

from bench.server import Server

WRITERS = 2  # connections: the machine has as many cores


async def fill(server: Server, places: list[UUID], authors: list[UUID], each: int) -> None:
    """Messages with their events at the end of each room's log."""
    parts = [places[first::WRITERS] for first in range(WRITERS)]
    await asyncio.gather(*(_write(server, part, authors, each) for part in parts if part))
    async with server.database() as conn:
        for name in ("messages", "events", "members", "accounts", "streams", "rooms"):
            await conn.execute(f"ANALYZE {name}")


async def _write(server: Server, places: list[UUID], authors: list[UUID], each: int) -> None:
    async with server.database() as conn:
        await conn.execute("SET synchronous_commit = off")
        for room in places:
            async with conn.transaction():
                await conn.execute(_MESSAGES, room, each, authors)
                await conn.execute(
                    "UPDATE streams SET head = head + $2, touched = pg_current_xact_id()"
                    " WHERE id = $1",
                    room,
                    each,
                )


_MESSAGES = """
    WITH base AS (SELECT head FROM streams WHERE id = $1), said AS (
        SELECT gen_random_uuid() AS id, base.head + n AS seq, now() AS at,
            ($3::uuid[])[1 + (n * 7) % cardinality($3::uuid[])] AS author,
            left(repeat(md5(n::text) || ' ', 8), (20 + (n * 13) % 180)::integer) AS text
        FROM base, generate_series(1, $2::bigint) AS n
    ), logged AS (
        INSERT INTO events (stream, seq, type, at, actor, ref)
        SELECT $1, seq, 'message.sent', at, author, id FROM said
    )
    INSERT INTO messages (room_id, seq, id, author_id, client_id, sent_at, kind, body)
    SELECT $1, seq, id, author, gen_random_uuid(), at, 'text',
        jsonb_build_object('kind', 'text', 'text', text)
    FROM said
"""
