"""A room of 10,000 members and a person in 1,000 rooms, beside the same in an ordinary place (a
room of 20, a person in 20). What a person waits for, one at a time, by the product's HTTP; then
what 500 connected members of the crowd do together, by socket.
"""

import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import aiohttp

from bench.clients import Socket
from bench.report import table
from bench.seeding import fill
from bench.server import Person, Server, people, rooms

CROWD, FEW = 10_000, 20  # members of a room
MANY, SOME = 1_000, 20  # rooms of a person
MESSAGES = 200  # of each room
RUNS = 15
CONNECTED = 500  # of the crowd
SAID = 20  # messages, one after the other
AT_ONCE = 50


class Place(NamedTuple):
    """Somebody, a room of theirs, and another to switch to."""

    who: Person
    room: UUID
    other: UUID


class Row(NamedTuple):
    name: str
    step: "Step"
    target: str = ""


Step = Callable[["Visit", int], Awaitable[object]]


class Visit:
    def __init__(self, http: aiohttp.ClientSession, server: Server, place: Place) -> None:
        self._http = http
        self._base = f"http://127.0.0.1:{server.port}/api/v1/"
        self.place = place
        self.newest: str | None = None  # message

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


async def _next_members(visit: Visit, _run: int) -> None:
    page = json.loads(await visit.ask("GET", f"rooms/{visit.place.room}/members"))
    if page["next"]:
        await visit.ask("GET", f"rooms/{visit.place.room}/members?cursor={page['next']}")


async def _who_read(visit: Visit, _run: int) -> None:
    if visit.newest is None:
        page = json.loads(await visit.ask("GET", f"rooms/{visit.place.room}/messages?limit=1"))
        visit.newest = page["messages"][-1]["id"]
    await visit.ask("GET", f"rooms/{visit.place.room}/messages/{visit.newest}/receipts")


async def _find(visit: Visit, _run: int) -> None:
    await visit.ask("GET", f"rooms/{visit.place.room}/members?query=p1")


ROOM: Sequence[Row] = (
    Row("open a room", _open, "100 ms"),
    Row("switch to another", _switch, "50 ms"),
    Row("a first page of members, with counts", _members, "50 ms"),
    Row("a first and a second page", _next_members, "100 ms"),
    Row("find a member", _find, "50 ms"),
    Row("who read a message", _who_read, "50 ms"),
    Row("send", _send, "50 ms"),
    Row("mark read", _read, "50 ms"),
)
PERSON: Sequence[Row] = (
    Row("list my rooms (snapshot)", _list, "1,000 ms"),
    Row("open a room", _open, "100 ms"),
    Row("switch to another", _switch, "50 ms"),
    Row("send", _send, "50 ms"),
    Row("mark read", _read, "50 ms"),
    Row("mark all read, once", _read_all, "1,000 ms"),
)


async def measure(server: Server) -> None:
    crowd = await people(server, CROWD)
    big = await rooms(server, 2, crowd)
    small = await rooms(server, 2, crowd[:FEW])
    busy, calm = (await people(server, 2))[:2]
    many, some = await rooms(server, MANY, [busy]), await rooms(server, SOME, [calm])
    await fill(
        server, [*big, *small, *many, *some], [one.account_id for one in crowd[:5]], MESSAGES
    )
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
        rooms_rows = [await _row(row, *visits[:2]) for row in ROOM]
        person_rows = [await _row(row, *visits[2:]) for row in PERSON]
    head = ("step", "median", "worst", "target", "ordinary", "ratio")
    table(f"A room of {CROWD:,} members, beside one of {FEW}", head, rooms_rows)
    table(f"Somebody in {MANY:,} rooms, beside somebody in {SOME}", head, person_rows)
    table(
        f"{CONNECTED} of {CROWD:,} members, connected",
        ("together", "median", "worst", "target"),
        await _together(server, crowd[:CONNECTED], big[0]),
    )


async def _row(row: Row, much: Visit, little: Visit) -> Sequence[str]:
    """The two in turns, so that the machine's other work falls on both."""
    took: tuple[list[float], list[float]] = ([], [])
    for run in range(RUNS):
        for visit, spans in zip((much, little), took, strict=True):
            began = time.perf_counter()
            await row.step(visit, run)
            spans.append((time.perf_counter() - began) * 1000)
    if row.step is _read_all:
        took = (took[0][:1], took[1][:1])
    ours, theirs = statistics.median(took[0]), statistics.median(took[1])
    return (
        row.name,
        f"{ours:,.1f} ms",
        f"{max(took[0]):,.1f} ms",
        row.target,
        f"{theirs:,.1f} ms",
        f"{ours / theirs:.1f}×",
    )


async def _together(server: Server, people: list[Person], room: UUID) -> list[Sequence[str]]:
    """One says something, all hear it; all read it at once; all ask who is here."""
    hearing = Hearing(len(people))
    sockets = [Socket(hearing.heard) for _ in people]
    for socket, person in zip(sockets, people, strict=True):
        await socket.connect(server.port, person)
    await asyncio.sleep(1)
    heard, read, here = list[float](), list[float](), list[float]()
    for _ in range(SAID):
        client_id = uuid4()
        began = time.perf_counter()
        everybody = hearing.expect(client_id)
        answer = json.loads(b"[" + await sockets[0].send(room, client_id, "how many are we?"))
        await asyncio.wait_for(everybody, 30)
        heard.append(time.perf_counter() - began)
        seq = answer[0]["data"]["seq"]
        mark = f'"room.read",{{"room_id":"{room}","seq":{seq}}}]'.encode()
        read.append(await _all(sockets[1:], mark))
    ask = f'"presence.list",{{"room_id":"{room}"}}]'.encode()
    for first in range(0, len(sockets), AT_ONCE):
        here.append(await _all(sockets[first : first + AT_ONCE], ask))
    for socket in sockets:
        socket.close()
    return [
        _span("send → heard by all", heard, "100 ms"),
        _span("all mark it read", read, "1,000 ms"),
        _span(f"{AT_ONCE} ask who is here", here, "100 ms"),
    ]


async def _all(sockets: list[Socket], event: bytes) -> float:
    began = time.perf_counter()
    answers = await asyncio.gather(*(socket.call(event) for socket in sockets))
    assert all(b'"ok":true' in answer for answer in answers), answers[:3]
    return time.perf_counter() - began


def _span(name: str, spans: list[float], target: str) -> Sequence[str]:
    median, worst = statistics.median(spans) * 1000, max(spans) * 1000
    return name, f"{median:,.0f} ms", f"{worst:,.0f} ms", target


class Hearing:
    """Until everybody has heard one message."""

    def __init__(self, people: int) -> None:
        self._people = people
        self._mark = b""
        self._missing = 0
        self._everybody: asyncio.Future[None] | None = None

    def expect(self, client_id: UUID) -> asyncio.Future[None]:
        self._mark, self._missing = str(client_id).encode(), self._people
        self._everybody = asyncio.get_running_loop().create_future()
        return self._everybody

    def heard(self, frame: bytes) -> None:
        if self._everybody is not None and self._mark in frame:
            self._missing -= 1
            if self._missing == 0:
                self._everybody.set_result(None)
