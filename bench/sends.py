"""Durable sends a second, by socket and by HTTP, beside PostgreSQL writing the same rows."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from bench.clients import Http, Socket, Stopwatch, connect_http
from bench.report import Line
from bench.server import Person, Server, people, rooms
from tertulia.core.clock import SystemClock
from tertulia.core.ids import SystemIds
from tertulia.features.search import jobs as search_jobs

SENDERS = 512  # people, each waiting for one answer before saying the next thing
ROOMS = 512
SENDS = 30_000
HTTP_SENDS = 10_000
TEXT = "An ordinary message, about as long as people write them. " + "x" * 24
GROUP = 128
LONGEST = 120  # seconds that followers may need

Send = Callable[[int], Awaitable[object]]


async def measure(server: Server) -> list[Line]:
    members, made = await _small_rooms(server)
    sockets = [Socket() for _ in members]
    by_socket, idle = await _by_socket(server, sockets, members, made)
    for one in sockets:
        one.close()
    behind = await _followed(server, made)
    by_http, http_idle = await _by_http(server, members, made)
    await _followed(server, made)
    # Last: what is written past the product, its followers find a minute later.
    alone = await _bare(server, made, group=1, connections=16, total=4_000)
    grouped = await _bare(server, made, group=GROUP, connections=2, total=40_000)
    return [
        Line("PostgreSQL alone, one message a commit", f"{alone:,.0f}/s", "16 connections"),
        Line("PostgreSQL alone, 128 messages a commit", f"{grouped:,.0f}/s", "2 connections"),
        _line("durable sends by socket", by_socket, idle, alone, grouped),
        Line(
            "with search following",
            f"{behind:.1f} s behind",
            f"until the last of {SENDS:,} can be found",
        ),
        _line("durable sends by HTTP", by_http, http_idle, alone, grouped),
    ]


def _line(what: str, rate: float, idle: float, alone: float, grouped: float) -> Line:
    return Line(
        what,
        f"{rate / grouped:.0%} of the bare groups",
        f"{rate:,.0f}/s, {rate / alone:.1f}× one a commit; load idle {idle:.0%}",
    )


async def _small_rooms(server: Server) -> tuple[list[Person], list[UUID]]:
    """Sender n talks in room n % ROOMS, so that a message is delivered to few: it is the sending
    that is measured here, not the fan-out."""
    members = await people(server, SENDERS)
    made = [(await rooms(server, 1, members[at::ROOMS]))[0] for at in range(ROOMS)]
    return members, made


async def _by_socket(
    server: Server, sockets: list[Socket], members: list[Person], made: list[UUID]
) -> tuple[float, float]:
    await asyncio.gather(
        *(one.connect(server.port, person) for one, person in zip(sockets, members, strict=True))
    )
    ids = SystemIds(SystemClock())

    def send(sender: int) -> Awaitable[bytes]:
        return sockets[sender].send(made[sender % ROOMS], ids.uuid7(), TEXT)

    return await _drive(send, SENDS, b'{"data"')


async def _by_http(server: Server, members: list[Person], made: list[UUID]) -> tuple[float, float]:
    ids = SystemIds(SystemClock())
    connections: list[Http] = [await connect_http(server.port) for _ in range(SENDERS)]

    def send(sender: int) -> Awaitable[bytes]:
        return connections[sender].send(members[sender], made[sender % ROOMS], ids.uuid7(), TEXT)

    return await _drive(send, HTTP_SENDS, b"http/1.1 201")


async def _followed(server: Server, made: list[UUID]) -> float:
    """Seconds until search has taken in what was said in these rooms."""
    began = time.perf_counter()
    async with server.database() as conn:
        while await conn.fetchval(
            "SELECT EXISTS (SELECT FROM streams s LEFT JOIN follower_marks m"
            " ON m.stream = s.id AND m.follower = $2"
            " WHERE s.id = ANY($1::uuid[]) AND s.head > coalesce(m.seq, 0))",
            made,
            search_jobs.FOLLOWER.name,
        ):
            if time.perf_counter() - began > LONGEST:
                raise SystemExit("search does not catch up")
            await asyncio.sleep(0.05)
    return time.perf_counter() - began


async def _drive(send: Send, total: int, good: bytes) -> tuple[float, float]:
    """Sends a second and the idle share, with SENDERS always under way."""
    numbers = itertools.count()

    async def work(sender: int) -> None:
        while next(numbers) < total:
            answer: Any = await send(sender)
            if not answer.startswith(good):
                raise SystemExit(f"a send was refused: {answer!r}")

    with Stopwatch() as watch:
        await asyncio.gather(*(work(sender) for sender in range(SENDERS)))
    return total / watch.seconds, watch.idle


async def _bare(
    server: Server, made: list[UUID], *, group: int, connections: int, total: int
) -> float:
    """The rows of a send (stream head, event, message) by plain asyncpg, nothing else."""
    ids, clock = SystemIds(SystemClock()), SystemClock()
    numbers = itertools.count()
    author = ids.uuid7()

    async def write(conn: Any, n: int) -> None:
        room = made[n % ROOMS]
        now = clock.now()
        new = [ids.uuid7() for _ in range(group)]
        async with conn.transaction():
            last = await conn.fetchval(
                "UPDATE streams SET head = head + $2, touched = pg_current_xact_id()"
                " WHERE id = $1 RETURNING head",
                *(room, group),
            )
            seqs = list(range(last - group + 1, last + 1))
            await conn.execute(
                "INSERT INTO messages (room_id, seq, id, author_id, client_id, sent_at, kind, body)"
                " SELECT $1, seq, id, $2, id, $3, 'text', $4::text::jsonb"
                " FROM unnest($5::bigint[], $6::uuid[]) AS new (seq, id)",
                *(room, author, now, f'{{"kind":"text","text":"{TEXT}"}}', seqs, new),
            )
            await conn.execute(
                "INSERT INTO events (stream, seq, type, at, actor, ref)"
                " SELECT $1, seq, 'message.sent', $2, $3, id"
                " FROM unnest($4::bigint[], $5::uuid[]) AS new (seq, id)",
                *(room, now, author, seqs, new),
            )

    async def work() -> None:
        async with server.database() as conn:
            while (n := next(numbers)) < total // group:
                await write(conn, n)

    with Stopwatch() as watch:
        await asyncio.gather(*(work() for _ in range(connections)))
    return (total // group) * group / watch.seconds
