"""Finding among a million messages: how long a person waits for an answer.

What is said is in `corpus`, what is asked in `questions`. The server answers over HTTP, one
question after another, beside PostgreSQL on the same two cores.
"""

import itertools
import multiprocessing
import random
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any
from uuid import UUID

import aiohttp

from bench import corpus
from bench.corpus import Said
from bench.questions import Asker, Kind, kinds
from bench.report import table
from bench.server import Person, Server, join, people, rooms

MESSAGES = 1_000_000
ROOMS = 240
AUTHORS = 300
EACH = 6  # people of a kind of asker: one account may not ask that often
STARS = 300  # of each asker
PINS = 20  # of each room
TARGET = 50  # milliseconds, p95

Askers = dict[Asker, list[Person]]


async def measure(server: Server) -> None:
    began = time.perf_counter()
    authors = await people(server, AUTHORS)
    askers: Askers = {
        asker: await people(server, EACH) for asker in ("all", "most", "few", "quiet")
    }
    places = await rooms(server, ROOMS, askers["all"])
    async with server.database() as conn:
        await _enter(conn, askers, places)
        speakers = [one.account_id for one in (*authors, *(some[0] for some in askers.values()))]
        await _load(conn, speakers, places)
        await _keep(conn, askers)
        rare = await conn.fetchval(
            "SELECT username FROM accounts WHERE id = $1", authors[-1].account_id
        )
    print(f"  {MESSAGES:,} messages written and indexed in {time.perf_counter() - began:.0f} s")
    async with aiohttp.ClientSession() as http:
        rows = [await _ask(http, server, askers[kind.asker], kind) for kind in kinds(rare)]
    table(
        f"Search over {MESSAGES:,} messages, milliseconds (target p95 {TARGET})",
        ("question", "asked by who is in", "p50", "p95", "max", "hits", "looks on"),
        [*rows],
    )


async def _ask(
    http: aiohttp.ClientSession, server: Server, askers: list[Person], kind: Kind
) -> Sequence[str]:
    """`looks on`: how many answers came with few hits and say where to go on."""
    waits: list[float] = []
    hits = more = 0
    for number, question in enumerate(kind.questions):
        token = askers[number % len(askers)].token
        query, wait, page = {"query": question, "sort": kind.sort}, 0.0, {}
        for _ in range(kind.page):
            began = time.perf_counter()
            page = await _page(http, server, token, query)
            wait = time.perf_counter() - began
            if page["next"] is None:
                break
            query["cursor"] = page["next"]
        if number:  # the first one warms up
            waits.append(wait * 1000)
        hits += len(page["hits"])
        more += page["next"] is not None and len(page["hits"]) < 20
    waits.sort()
    many = len(kind.questions)
    return (
        kind.name,
        {"all": "all rooms", "most": "most", "few": "a dozen", "quiet": "silent ones"}[kind.asker],
        f"{waits[len(waits) // 2]:.1f}",
        f"{waits[len(waits) * 95 // 100]:.1f}",
        f"{waits[-1]:.1f}",
        f"{hits / many:.1f}",
        f"{more / many:.0%}",
    )


async def _page(
    http: aiohttp.ClientSession, server: Server, token: str, query: dict[str, str]
) -> dict[str, Any]:
    async with http.get(
        f"http://127.0.0.1:{server.port}/api/v1/search",
        params=query,
        headers={"Authorization": f"Bearer {token}"},
    ) as answer:
        answer.raise_for_status()
        return await answer.json()


# Who is where, and a million messages


async def _enter(conn: Any, askers: Askers, places: list[UUID]) -> None:
    """Everybody is in all rooms already who is in all."""
    dice = random.Random(1)
    inside: dict[Asker, list[UUID]] = {
        "most": dice.sample(places, ROOMS * 5 // 8),
        "few": dice.sample(places[20 : ROOMS // 2], 12),
        "quiet": places[2::3][1:8],  # corpus lets every third room fall silent
    }
    now = await conn.fetchval("SELECT now()")
    for asker, entered in inside.items():
        await join(conn, entered, [one.account_id for one in askers[asker]], now)
    await conn.execute("UPDATE rooms SET name = 'room-3' WHERE id = $1", inside["most"][3])


async def _load(conn: Any, authors: list[UUID], places: list[UUID]) -> None:
    await conn.execute("SET synchronous_commit = off; SET maintenance_work_mem = '256MB'")
    await conn.execute("DROP INDEX search_index_words")
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as workers:
        for batch in corpus.said(workers, MESSAGES, authors, places):
            await _write(conn, batch)
    await conn.execute(
        "CREATE INDEX search_index_words ON search_index USING gin (words) WITH (fastupdate = off)"
    )
    await conn.execute(
        "UPDATE streams SET head = m.head FROM ("
        " SELECT room_id, max(seq) AS head FROM messages GROUP BY room_id) AS m"
        " WHERE streams.id = m.room_id"
    )
    await conn.execute("VACUUM ANALYZE search_index")
    await conn.execute("VACUUM ANALYZE messages")


async def _write(conn: Any, batch: list[Said]) -> None:
    """As sending and the follower write them."""
    await conn.copy_records_to_table(
        "messages",
        columns=(
            "room_id", "seq", "id", "author_id", "client_id", "sent_at", "kind", "body", "mentions",
        ),
        records=[
            (one.room, one.seq, one.id, one.author, one.id, one.at, "text", one.body, one.calls)
            for one in batch
        ],
    )  # fmt: skip
    await conn.execute(
        "INSERT INTO search_index (room_id, seq, id, at, words)"
        " SELECT r, s, i, a, w::tsvector FROM unnest("
        "$1::uuid[], $2::bigint[], $3::uuid[], $4::timestamptz[], $5::text[]) AS n (r, s, i, a, w)",
        [one.room for one in batch],
        [one.seq for one in batch],
        [one.id for one in batch],
        [one.at for one in batch],
        [one.words for one in batch],
    )


async def _keep(conn: Any, askers: Askers) -> None:
    """Stars and pins, here and there in time."""
    for asker in itertools.chain.from_iterable(askers.values()):
        await conn.execute(
            "INSERT INTO stars (account_id, room_id, message_id, starred_at)"
            " SELECT $1, room_id, id, sent_at FROM messages TABLESAMPLE bernoulli (1)"
            " WHERE room_id IN (SELECT room_id FROM members WHERE account_id = $1) LIMIT $2",
            asker.account_id,
            STARS,
        )
    await conn.execute(
        "INSERT INTO pins (room_id, message_id, seq, pinned_by, pinned_at)"
        " SELECT m.room_id, m.id, m.seq, m.author_id, m.sent_at FROM streams s"
        " JOIN LATERAL (SELECT * FROM messages WHERE room_id = s.id ORDER BY seq LIMIT $1) m"
        " ON true",
        PINS,
    )
