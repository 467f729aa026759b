"""A new device of somebody in 500 rooms, on a server with a million messages; and an old one that
was away for an hour, or a week: how long until it is usable, and how much is sent for it.

One person, by the product's HTTP: sign in (argon2 included), everything about the account, the
newest page of one room. Medians of several runs; sizes as they go over the wire (brotli).
"""

import statistics
import time
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import aiohttp

from bench.report import table
from bench.server import Server, people, rooms

ROOMS = 500
MESSAGES = 1_000_000
AUTHORS = 50
RUNS = 7
PASSWORD = "correct horse battery"

# Rooms that somebody said something in meanwhile, and how many messages in each.
HOUR = (40, 10)
WEEK = (350, 120)
LONG_WEEK = (20, 800)  # the loudest ones: more than a page of events


class Took(NamedTuple):
    seconds: float
    size: int  # bytes, compressed
    body: Any


async def measure(server: Server) -> None:
    authors = await people(server, AUTHORS)
    places = await rooms(server, ROOMS, authors[:5])
    await _fill(server, places, [one.account_id for one in authors], MESSAGES // ROOMS)
    async with aiohttp.ClientSession(auto_decompress=True) as http:
        name = await _somebody(http, server, places)
        rows = await _new_device(http, server, name, places)
        rows += await _old_device(http, server, name, places, [one.account_id for one in authors])
    table(
        f"Devices of somebody in {ROOMS} rooms, {MESSAGES:,} messages (target: usable in 1 s)",
        ("step", "median", "worst", "over the wire"),
        rows,
    )


async def _somebody(http: aiohttp.ClientSession, server: Server, places: list[UUID]) -> str:
    """Registered by the product, and put into all rooms with some of it unread."""
    name = "somebody"
    async with http.post(
        _url(server, "auth/register"), json={"username": name, "password": PASSWORD}
    ) as answer:
        account = UUID((await answer.json())["account"]["id"])
    async with server.database() as conn, conn.transaction():
        await conn.execute(
            """
            INSERT INTO members (room_id, account_id, role, status, joined_at, read_seq,
                delivered_seq, changed_at)
            SELECT s.id, $2, 'member', 'joined', now(), greatest(s.head - 30, 0),
                greatest(s.head - 30, 0), now()
            FROM streams s WHERE s.id = ANY($1::uuid[])
            """,
            places,
            account,
        )
    return name


async def _new_device(
    http: aiohttp.ClientSession, server: Server, name: str, places: list[UUID]
) -> list[Sequence[str]]:
    login, sync, page, whole = list[Took](), list[Took](), list[Took](), list[Took]()
    for run in range(RUNS):
        began = time.perf_counter()
        signed_in = await _post(
            http, server, "auth/login", {"username": name, "password": PASSWORD}
        )
        token = signed_in.body["access_token"]
        everything = await _get(http, server, token, "sync")
        first = await _get(http, server, token, f"rooms/{places[run]}/messages?limit=50")
        whole.append(Took(time.perf_counter() - began, everything.size + first.size, None))
        login.append(signed_in)
        sync.append(everything)
        page.append(first)
    return [
        _row("sign in", login),
        _row(f"everything about {ROOMS} rooms", sync),
        _row("a room's newest page", page),
        _row("a new device, all three", whole),
    ]


async def _old_device(
    http: aiohttp.ClientSession,
    server: Server,
    name: str,
    places: list[UUID],
    authors: list[UUID],
) -> list[Sequence[str]]:
    signed_in = await _post(http, server, "auth/login", {"username": name, "password": PASSWORD})
    token = signed_in.body["access_token"]
    rows: list[Sequence[str]] = []
    for title, bursts in (("an hour away", [HOUR]), ("a week away", [WEEK, LONG_WEEK])):
        since = (await _catch_up(http, server, token, None))[-1].body["cursor"]
        for count, messages in bursts:
            await _fill(server, places[:count], authors, messages)
        runs = [await _catch_up(http, server, token, since) for _ in range(RUNS)]
        whole = [Took(sum(p.seconds for p in run), sum(p.size for p in run), None) for run in runs]
        rows.append(_row(f"{title}, {len(runs[0])} pages", whole))
    return rows


async def _catch_up(
    http: aiohttp.ClientSession, server: Server, token: str, since: str | None
) -> list[Took]:
    pages: list[Took] = []
    while True:
        query = f"?since={since}" if since else ""
        pages.append(await _get(http, server, token, f"sync{query}"))
        since = pages[-1].body["cursor"]
        if not pages[-1].body["more"]:
            return pages


def _row(title: str, took: Sequence[Took]) -> Sequence[str]:
    seconds = [one.seconds for one in took]
    return (
        title,
        f"{statistics.median(seconds) * 1000:,.0f} ms",
        f"{max(seconds) * 1000:,.0f} ms",
        f"{statistics.median(one.size for one in took) / 1000:,.1f} kB",
    )


def _url(server: Server, path: str) -> str:
    return f"http://127.0.0.1:{server.port}/api/v1/{path}"


async def _get(http: aiohttp.ClientSession, server: Server, token: str, path: str) -> Took:
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "br"}
    began = time.perf_counter()
    async with http.get(_url(server, path), headers=headers) as answer:
        body = await answer.json()
        assert answer.status == 200, body
        size = int(answer.headers.get("Content-Length") or len(await answer.read()))
        return Took(time.perf_counter() - began, size, body)


async def _post(http: aiohttp.ClientSession, server: Server, path: str, body: Any) -> Took:
    began = time.perf_counter()
    async with http.post(_url(server, path), json=body) as answer:
        told = await answer.json()
        assert answer.status == 200, told
        return Took(time.perf_counter() - began, len(await answer.read()), told)


async def _fill(server: Server, places: list[UUID], authors: list[UUID], each: int) -> None:
    """Messages with their events at the end of each room's log, past the product: a million sends
    would take minutes that tell nothing here."""
    async with server.database() as conn:
        await conn.execute("SET synchronous_commit = off")
        for room in places:
            async with conn.transaction():
                await conn.execute(FILL, room, each, authors)
                await conn.execute(
                    "UPDATE streams SET head = head + $2, touched = pg_current_xact_id()"
                    " WHERE id = $1",
                    room,
                    each,
                )
        await conn.execute("ANALYZE messages")
        await conn.execute("ANALYZE events")
        await conn.execute("ANALYZE members")


FILL = """
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
