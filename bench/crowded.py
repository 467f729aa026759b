"""A room of 10,000 members and a person in 1,000 rooms, beside the same in an ordinary place (a
room of 20, a person in 20). What a person waits for, one at a time, by the product's HTTP.
"""

import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import aiohttp

from bench.devices import FILL
from bench.report import table
from bench.server import Person, Server, people, rooms

CROWD, FEW = 10_000, 20  # members of a room
MANY, SOME = 1_000, 20  # rooms of a person
MESSAGES = 200  # of each room
RUNS = 15


class Place(NamedTuple):
    """Somebody, a room of theirs, and another to switch to."""

    who: Person
    room: UUID
    other: UUID


Step = Callable[["Visit", int], Awaitable[object]]


class Visit:
    def __init__(self, http: aiohttp.ClientSession, server: Server, place: Place) -> None:
        self._http = http
        self._base = f"http://127.0.0.1:{server.port}/api/v1/"
        self.place = place

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.place.who.token}"}
        async with self._http.request(
            method, self._base + path, json=body, headers=headers
        ) as answer:
            told = await answer.read()
            assert answer.status < 300, told
            return told


async def _open(visit: Visit, _run: int) -> None:
    await visit.ask("GET", f"rooms/{visit.place.room}")
    await visit.ask("GET", f"rooms/{visit.place.room}/messages?limit=50")


async def _switch(visit: Visit, run: int) -> None:
    room = (visit.place.room, visit.place.other)[run % 2]
    await visit.ask("GET", f"rooms/{room}/messages?limit=50")


async def _send(visit: Visit, _run: int) -> None:
    draft = {"client_id": str(uuid4()), "text": "how many are we?"}
    await visit.ask("POST", f"rooms/{visit.place.room}/messages", draft)


async def _read(visit: Visit, run: int) -> None:
    await visit.ask("POST", f"rooms/{visit.place.room}/read", {"seq": MESSAGES - RUNS + run})


async def _list(visit: Visit, _run: int) -> None:
    await visit.ask("GET", "rooms")


async def _read_all(visit: Visit, run: int) -> None:
    if run == 0:
        await visit.ask("POST", "me/read")


async def _members(visit: Visit, _run: int) -> None:
    await visit.ask("GET", f"rooms/{visit.place.room}/members")


async def _find(visit: Visit, _run: int) -> None:
    await visit.ask("GET", f"rooms/{visit.place.room}/members?query=p1")


ROOM: Sequence[tuple[str, Step]] = (
    ("open a room", _open),
    ("switch to another", _switch),
    ("a page of members", _members),
    ("find a member", _find),
    ("send", _send),
    ("mark read", _read),
)
PERSON: Sequence[tuple[str, Step]] = (
    ("list my rooms (snapshot)", _list),
    ("open a room", _open),
    ("switch to another", _switch),
    ("send", _send),
    ("mark read", _read),
    ("mark all read, once", _read_all),
)


async def measure(server: Server) -> None:
    crowd = await people(server, CROWD)
    big = await rooms(server, 2, crowd)
    small = await rooms(server, 2, crowd[:FEW])
    busy, calm = (await people(server, 2))[:2]
    many, some = await rooms(server, MANY, [busy]), await rooms(server, SOME, [calm])
    await _fill(server, [*big, *small, *many, *some], [one.account_id for one in crowd[:5]])
    async with aiohttp.ClientSession() as http:
        visits = [
            Visit(http, server, place)
            for place in (
                Place(crowd[0], *big),
                Place(crowd[1], *small),
                Place(busy, many[0], many[1]),
                Place(calm, some[0], some[1]),
            )
        ]
        rooms_rows = [await _row(name, step, *visits[:2]) for name, step in ROOM]
        person_rows = [await _row(name, step, *visits[2:]) for name, step in PERSON]
    head = ("step", "median", "worst", "ordinary", "ratio")
    table(f"A room of {CROWD:,} members, beside one of {FEW}", head, rooms_rows)
    table(f"Somebody in {MANY:,} rooms, beside somebody in {SOME}", head, person_rows)


async def _row(name: str, step: Step, much: Visit, little: Visit) -> Sequence[str]:
    """The two in turns, so that the machine's other work falls on both."""
    took: tuple[list[float], list[float]] = ([], [])
    for run in range(RUNS):
        for visit, spans in zip((much, little), took, strict=True):
            began = time.perf_counter()
            await step(visit, run)
            spans.append((time.perf_counter() - began) * 1000)
    if step is _read_all:
        took = (took[0][:1], took[1][:1])
    ours, theirs = statistics.median(took[0]), statistics.median(took[1])
    return (
        name,
        f"{ours:,.1f} ms",
        f"{max(took[0]):,.1f} ms",
        f"{theirs:,.1f} ms",
        f"{ours / theirs:.1f}×",
    )


async def _fill(server: Server, places: list[UUID], authors: list[UUID]) -> None:
    async with server.database() as conn, conn.transaction():
        await conn.execute("SET LOCAL synchronous_commit = off")
        for room in places:
            await conn.execute(FILL, room, MESSAGES, authors)
        await conn.execute(
            "UPDATE streams SET head = head + $2 WHERE id = ANY($1::uuid[])", places, MESSAGES
        )
    async with server.database() as conn:
        for name in ("messages", "events", "members", "accounts", "streams"):
            await conn.execute(f"ANALYZE {name}")
