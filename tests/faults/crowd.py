"""Thousands who listen: sockets that cost little, know the head of one room, and come back as told
(`retry_after`) or with full jitter, catching up where `hello` says that they are behind."""

import asyncio
import random
import socket
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, cast
from uuid import UUID

import aiohttp
import msgspec
import picows
from tests.faults.furniture import Person, open_database, register
from tests.faults.house import House
from tests.faults.waiting import until
from tests.support.network import LINGER_RESET

from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.members import service as members
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import CreateRoom

FIRST_BACKOFF = 0.5  # doubled with each failure, full jitter
LONGEST_BACKOFF = 30.0
CONNECTING = 200  # handshakes in flight while a crowd comes in for the first time
FETCHING = 64  # requests in flight, all together
ADDED = 50
HANDSHAKE_SECONDS = 20.0


class Guest:
    """One socket of somebody. `head` is the last event of the room it knows."""

    def __init__(self, crowd: "Crowd", person: Person) -> None:
        self.buffer: int | None = None  # of the kernel, for what it has not read, in bytes
        self.crowd = crowd
        self.person = person
        self.head: int | None = None
        self.connected = False
        self.since: float = 0.0  # connected again
        self.lines = 0
        self.codes: list[int] = []  # of close frames; 0 without one
        self._ended = asyncio.Event()
        self._told: float | None = None  # seconds after which it may come back
        self._transport: picows.WSTransport | None = None
        self._fetching: asyncio.Task[None] | None = None

    @property
    def is_current(self) -> bool:
        return self.connected and self.head is not None and self.head >= self.crowd.wanted

    async def stay(self) -> None:
        failures = 0
        while True:
            self._told = None
            if await self._connect():
                failures = 0
                await self._ended.wait()
            failures += 1
            await asyncio.sleep(self._pause(failures))

    def _pause(self, failures: int) -> float:
        if self._told is not None:
            return self._told
        longest = min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** (failures - 1))
        return self.crowd.dice.uniform(0, longest)

    async def _connect(self) -> bool:
        """False where it was not let in."""
        self._ended.clear()
        try:
            self._transport, _ = await _open(
                lambda: _Line(self), self.crowd.socket_url, self._make_socket
            )
        except picows.WSInvalidStatusError as error:
            if (answer := error.response) is not None:
                after = answer.headers.get("Retry-After")
                self._refused(str(answer.status.value), float(after) if after else None)
            return False
        except (OSError, TimeoutError, picows.WSError) as error:
            self.crowd.refused[type(error).__name__] += 1
            return False
        self.lines += 1
        return True

    def _make_socket(self, url: picows.WSParsedURL) -> socket.socket | None:
        """Where it has a buffer of its own, that is set before the window is first told."""
        if self.buffer is None:
            return None
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.buffer)
        return sock

    def _refused(self, code: str, after: float | None) -> None:
        self._told = after
        self.crowd.refused[code if after is not None else f"{code}, not told when to come"] += 1

    # Told by the line

    def got(self, line: picows.WSTransport, text: str) -> None:
        if text.startswith("0"):
            claims = {"token": self.person.token, "resume": self.head is not None}  # W7
            _say(line, "40" + msgspec.json.encode(claims).decode())
        elif text == "2":
            self.crowd.pings += 1
            _say(line, "3")
        elif text.startswith("44"):
            told = msgspec.json.decode(text[2:])["data"]
            self._refused(told["code"], told.get("retry_after"))
            line.disconnect()
        elif text.startswith("42"):
            self._heard(text)

    def _heard(self, text: str) -> None:
        """By a look at the beginning: thousands hear each event."""
        if text.startswith('42["message.sent"'):
            data = msgspec.json.decode(text[2:])[1]
            if data["stream"] == self.crowd.stream:
                self._advance(data["seq"])
        elif text.startswith('42["hello"'):
            heads = msgspec.json.decode(text[2:])[1]["heads"]
            head = heads.get(self.crowd.stream, 0)
            self.connected = True
            self.since = asyncio.get_running_loop().time()
            if self.head is None:
                self.head = head
            elif head > self.head:
                self._fetch_soon()

    def _advance(self, seq: int) -> None:
        self.crowd.delivered += 1
        if self.head is None or seq <= self.head:
            return
        if seq == self.head + 1:
            self.head = seq
            self.crowd.hear(seq)
        else:
            self._fetch_soon()

    def _fetch_soon(self) -> None:
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch())

    async def _fetch(self) -> None:
        """S5, until it works."""
        try:
            while (seqs := await self.crowd.read(self.person, self.head or 0)) is None:
                await asyncio.sleep(self.crowd.dice.uniform(0, 1))
            for seq in seqs:
                if seq == (self.head or 0) + 1:
                    self.head = seq
        finally:
            self._fetching = None

    def lost(self, code: int | None, reason: str | None) -> None:
        self.connected = False
        self.codes.append(code or 0)
        self.crowd.closed[code or 0] += 1
        self._transport = None
        if reason:
            told = msgspec.json.decode(reason)
            self._told = told.get("retry_after")
            self.crowd.farewells.append(told)
        self._ended.set()

    # What a test makes it do

    def stop_reading(self) -> None:
        """As on a phone whose screen went dark."""
        self._wire().pause_reading()

    def read_on(self) -> None:
        self._wire().resume_reading()

    def _wire(self) -> Any:
        assert self._transport is not None
        return self._transport.underlying_transport

    def reset(self) -> None:
        """RST, in the middle of whatever it was."""
        if self._transport is not None:
            sock = self._wire().get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_RESET)
            self._wire().abort()

    def leave(self) -> None:
        if self._fetching is not None:
            self._fetching.cancel()
        if self._transport is not None:
            self._transport.disconnect()


class _Line(picows.WSListener):
    """One WebSocket of a guest."""

    def __init__(self, guest: Guest) -> None:
        self._guest = guest
        self._open = False
        self._code: int | None = None
        self._reason: str | None = None

    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        del transport
        self._open = True

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        if frame.msg_type == picows.WSMsgType.TEXT:
            self._guest.got(transport, frame.get_payload_as_utf8_text())
        elif frame.msg_type == picows.WSMsgType.CLOSE:
            payload = frame.get_payload_as_bytes()  # its own reader knows no codes above 1015
            self._code, self._reason = int.from_bytes(payload[:2], "big"), payload[2:].decode()
            transport.disconnect()

    def on_ws_disconnected(self, transport: picows.WSTransport) -> None:
        del transport
        if self._open:  # else the handshake was refused
            self._guest.lost(self._code, self._reason)


async def _open(
    listener: Callable[[], picows.WSListener],
    url: str,
    make_socket: Callable[[picows.WSParsedURL], socket.socket | None],
) -> tuple[picows.WSTransport, picows.WSListener]:
    connect = cast("Any", picows).ws_connect  # its own types are partly unknown
    return await connect(
        listener, url, websocket_handshake_timeout=HANDSHAKE_SECONDS, socket_factory=make_socket
    )


def _say(line: picows.WSTransport, text: str) -> None:
    line.send(picows.WSMsgType.TEXT, text.encode())


class Crowd:
    """`wanted` is the seq that everybody must know in the end."""

    def __init__(self, house: House, room_id: UUID, http: aiohttp.ClientSession) -> None:
        self.house = house
        self.room_id = room_id
        self.stream = room_stream(room_id).name
        self.guests: list[Guest] = []
        self.wanted = 0
        self.pings = 0
        self.delivered = 0
        self.refused: Counter[str] = Counter()
        self.closed: Counter[int] = Counter()
        self.farewells: list[dict[str, Any]] = []
        self.heard: dict[int, list[float]] = {}  # by seq: when, each guest
        self.dice = random.Random(1)
        self._http = http
        self._fetching = asyncio.Semaphore(FETCHING)
        self._staying: list[asyncio.Task[None]] = []

    @property
    def socket_url(self) -> str:
        url = self.house.url.replace("http", "ws", 1)
        return f"{url}/socket.io/?EIO=4&transport=websocket"

    @property
    def connected(self) -> int:
        return sum(guest.connected for guest in self.guests)

    @property
    def current(self) -> int:
        return sum(guest.is_current for guest in self.guests)

    def hear(self, seq: int) -> None:
        self.heard.setdefault(seq, []).append(asyncio.get_running_loop().time())

    def has_heard(self, seq: int, count: int) -> bool:
        return len(self.heard.get(seq, ())) >= count

    async def read(self, person: Person, after: int) -> list[int] | None:
        """The seqs of the room above `after`; None where it has to be asked again."""
        url = f"{self.house.url}/api/v1/rooms/{self.room_id}/events?after={after}"
        headers = {"Authorization": f"Bearer {person.token}"}
        async with self._fetching:
            with suppress(aiohttp.ClientError, OSError, TimeoutError):
                async with self._http.get(url, headers=headers) as answer:
                    body = await answer.read()
                    if answer.status == 200:
                        return [event["seq"] for event in msgspec.json.decode(body)["events"]]
                    self.refused[f"events {answer.status}"] += 1
        return None

    async def come(self, people: Sequence[Person], count: int) -> None:
        """`count` sockets by these people, in turns; all connected."""
        for at in range(0, count, CONNECTING):
            for number in range(at, min(at + CONNECTING, count)):
                guest = Guest(self, people[number % len(people)])
                self.guests.append(guest)
                self._staying.append(asyncio.create_task(guest.stay()))
            await until(lambda: self.connected == len(self.guests), seconds=120)

    async def go(self) -> None:
        for task in self._staying:
            task.cancel()
        await asyncio.gather(*self._staying, return_exceptions=True)
        for guest in self.guests:
            guest.leave()
        await asyncio.sleep(0)


@asynccontextmanager
async def crowd(
    house: House, people: Sequence[Person], room_id: UUID, count: int
) -> AsyncGenerator[Crowd]:
    timeout = aiohttp.ClientTimeout(30)
    async with aiohttp.ClientSession(timeout=timeout) as http:
        made = Crowd(house, room_id, http)
        try:
            await made.come(people, count)
            yield made
        finally:
            await made.go()


async def fill_room(
    house: House, inside: Sequence[Person], count: int
) -> tuple[UUID, list[Person]]:
    """A channel with these people and so many new ones in it."""
    owner = inside[0]
    draft = CreateRoom(
        kind="channel",
        name="The hall",
        visibility="private",
        members=[person.id for person in inside[1:]],
    )

    async def create(tx: Tx) -> UUID:
        return (await rooms.create(tx, owner.actor, draft)).room_id

    async with house.open_dsn() as dsn, open_database(dsn) as db:
        room_id = await db.write(create)
        made = [await register(db, f"guest{number}") for number in range(count)]
        for at in range(0, count, ADDED):
            ids = [person.id for person in made[at : at + ADDED]]
            await db.write(lambda tx, ids=ids: members.add(tx, owner.actor, room_id, ids))
    return room_id, made
