"""A new device of somebody in 500 rooms, on a server with a million messages; and an old one that
was away for an hour, or a week: how long until it is usable, and how much is sent for it.

One person, as the web client goes: sign in (argon2 included), then the socket until `hello` and,
beside it, everything about the account, then the newest page of one room. Medians of several runs;
sizes as they go over the wire (brotli).
"""

import asyncio
import statistics
import time
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import aiohttp

from bench.clients import Socket
from bench.report import table
from bench.seeding import fill
from bench.server import Person, Server, people, rooms
from bench.statements import asked
from tertulia.core.actor import Actor
from tertulia.features.sync import service as sync

# A channel tells how many are in it, a group and a direct room all of them.
CHANNELS, GROUPS, DIRECTS = 350, 100, 50
ROOMS = CHANNELS + GROUPS + DIRECTS
IN_CHANNEL, IN_GROUP = 50, 12
MESSAGES = 1_000_000
RUNS = 9
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
    authors = await people(server, IN_CHANNEL)
    places = [
        *await rooms(server, CHANNELS, authors),
        *await rooms(server, GROUPS, authors[:IN_GROUP], "group"),
    ]
    for author in authors[:DIRECTS]:
        places += await rooms(server, 1, [author], "direct")
    ids = [one.account_id for one in authors]
    began = time.perf_counter()
    await fill(server, places, ids, MESSAGES // ROOMS)
    print(f"\n  ({MESSAGES:,} messages written in {time.perf_counter() - began:.0f} s)", flush=True)
    async with aiohttp.ClientSession(auto_decompress=True) as http:
        name, account = await _somebody(http, server, places)
        rows = await _new_device(http, server, name, places)
        rows += await _old_device(http, server, name, places, ids)
    table(
        f"Devices of somebody in {ROOMS} rooms, {MESSAGES:,} messages",
        ("step", "median", "worst", "target", "over the wire"),
        rows,
    )
    told = await asked(server, lambda tx: sync.snapshot(tx, Actor(account, account)))
    print(
        f"  the snapshot asks {told.statements} statements: {told.database * 1000:.0f} of"
        f" {told.whole * 1000:.0f} ms (without encoding) are the database's"
    )


async def _somebody(
    http: aiohttp.ClientSession, server: Server, places: list[UUID]
) -> tuple[str, UUID]:
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
    return name, account


async def _new_device(
    http: aiohttp.ClientSession, server: Server, name: str, places: list[UUID]
) -> list[Sequence[str]]:
    login, greeting, everything = list[Took](), list[Took](), list[Took]()
    page, whole = list[Took](), list[Took]()
    for run in range(RUNS):
        began = time.perf_counter()
        signed_in = await _post(
            http, server, "auth/login", {"username": name, "password": PASSWORD}
        )
        token = signed_in.body["access_token"]
        hello, snapshot = await asyncio.gather(
            _hello(server, token), _get(http, server, token, "sync")
        )
        first = await _get(http, server, token, f"rooms/{places[run]}/messages?limit=50")
        sizes = (hello.size, snapshot.size, first.size)
        whole.append(Took(time.perf_counter() - began, sum(sizes), None))
        login.append(signed_in)
        greeting.append(hello)
        everything.append(snapshot)
        page.append(first)
    return [
        _row("sign in", login),
        _row("the socket, until hello", greeting),
        _row(f"everything about {ROOMS} rooms, beside it", everything),
        _row("a room's newest page", page),
        _row("a new device, from signing in to that page", whole, "1,000 ms"),
    ]


async def _hello(server: Server, token: str) -> Took:
    began = time.perf_counter()
    socket = Socket()
    await socket.connect(server.port, Person(UUID(int=0), token))
    took = time.perf_counter() - began
    socket.close()
    return Took(took, socket.received, None)


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
            await fill(server, places[:count], authors, messages)
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


def _row(title: str, took: Sequence[Took], target: str = "") -> Sequence[str]:
    seconds = [one.seconds for one in took]
    return (
        title,
        f"{statistics.median(seconds) * 1000:,.0f} ms",
        f"{max(seconds) * 1000:,.0f} ms",
        target,
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
