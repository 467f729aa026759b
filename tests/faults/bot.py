"""A client that behaves: it comes back with backoff, catches up, applies in order (E3), resends
what was not answered under the same client_id, and writes everything into the ledger."""

import asyncio
import random
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import aiohttp
import msgspec
from tests.faults.furniture import Person
from tests.faults.ledger import RETRYABLE, Attempt, Json, Ledger, Send
from tests.faults.waiting import until
from tests.support.reducer import Replica

ANSWER_SECONDS = 15.0  # a server that takes longer has hung, and the attempt is unknown
HOLE_SECONDS = 0.3  # E3
LONGEST_BACKOFF = 1.0
HTTP_SHARE = 0.25  # of the sends; the others go by socket
CLOSE: Any = aiohttp.ClientWSTimeout(**{"ws_close": 1.0})
AWAY = (aiohttp.ClientError, OSError, TimeoutError)


class Away(Exception):
    """The server is not there, or not able."""


class Bot:
    """`replica` is what it holds; None until the first answer of `sync`. Of `urls` it takes the
    next whenever one does not let it in."""

    def __init__(
        self,
        person: Person,
        urls: Sequence[str],
        ledger: Ledger,
        http: aiohttp.ClientSession,
        seed: int,
    ) -> None:
        self.person = person
        self.token = person.token
        self.refresh = person.refresh
        self.urls = list(urls)
        self.ledger = ledger
        self.replica: Replica | None = None
        self.disconnects = 0
        self.farewells: list[Json] = []  # what close frames said, `code` among it
        self.gaps: list[float] = []  # seconds without a socket, each time
        self.ephemera = 0
        self._http = http
        self._dice = random.Random(seed)
        self._cursor: str | None = None
        self._held: dict[str, dict[int, Json]] = {}
        self._acks: dict[int, asyncio.Future[Json]] = {}
        self._numbers = 0
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._must_sync = False
        self._work = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._lost_at: float | None = None
        self._silence = ANSWER_SECONDS  # of the server, after which the socket is given up

    @property
    def url(self) -> str:
        return self.urls[0]

    @property
    def name(self) -> str:
        return self.person.username

    @property
    def connected(self) -> bool:
        return self._socket is not None and not self._must_sync

    # Its life

    async def __aenter__(self) -> "Bot":
        self._tasks = [asyncio.create_task(self._stay()), asyncio.create_task(self._apply())]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        results = await asyncio.gather(*self._tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result

    def check_alive(self) -> None:
        """Raises what a task of ours died of."""
        for task in self._tasks:
            if task.done():
                task.result()

    async def _stay(self) -> None:
        failures = 0
        while True:
            try:
                await asyncio.sleep(await self._connect())
                failures = 0
            except AWAY:
                failures += 1
            if self._socket is None:  # it was not let in
                self.urls.append(self.urls.pop(0))
            self._gone()
            await self._back_off(failures)

    async def _back_off(self, failures: int) -> None:
        longest = min(LONGEST_BACKOFF, 0.05 * 2 ** min(failures, 10))
        await asyncio.sleep(self._dice.uniform(0.01, longest))

    async def _connect(self) -> float:
        """Until it ends; the seconds after which it shall come back."""
        url = f"{self.url}/socket.io/?EIO=4&transport=websocket"
        async with self._http.ws_connect(url, timeout=CLOSE) as socket:
            self._silence = ANSWER_SECONDS
            while True:
                message = await socket.receive(timeout=self._silence)
                if message.type is not aiohttp.WSMsgType.TEXT:
                    return self._bid_farewell(message.data, message.extra)
                await self._got(socket, message.data)

    def _bid_farewell(self, code: object, reason: str | None) -> float:
        self._gone()
        if not isinstance(code, int) or not reason:
            return 0.0
        told: Json = msgspec.json.decode(reason)
        self.farewells.append(told | {"code": code})
        return float(told.get("retry_after", 0.0))

    def _gone(self) -> None:
        if self._socket is not None:
            self.disconnects += 1
            self._lost_at = asyncio.get_running_loop().time()
        self._socket = None
        for answer in self._acks.values():
            if not answer.done():
                answer.set_exception(Away("disconnected"))
        self._acks.clear()

    async def _got(self, socket: aiohttp.ClientWebSocketResponse, text: str) -> None:
        if text.startswith("0"):
            told = msgspec.json.decode(text[1:])
            self._silence = (told["pingInterval"] + told["pingTimeout"]) / 1000
            claims = {"token": self.token, "resume": self._cursor is not None}  # W7
            await socket.send_str("40" + encode(claims))
        elif text == "2":
            await socket.send_str("3")
        elif text.startswith("44"):
            await socket.close()
        elif text.startswith("43"):
            number, _, answer = text[2:].partition("[")
            waiting = self._acks.pop(int(number), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(msgspec.json.decode("[" + answer)[0])
        elif text.startswith("42"):
            self._heard(socket, *msgspec.json.decode(text[2:]))

    def _heard(self, socket: aiohttp.ClientWebSocketResponse, name: str, data: Json) -> None:
        if name == "hello":
            self._socket = socket
            self._must_sync = True
            if self._lost_at is not None:
                self.gaps.append(asyncio.get_running_loop().time() - self._lost_at)
        elif "seq" in data:
            self._held.setdefault(data["stream"], {})[data["seq"]] = data
        else:
            self.ephemera += 1
        self._work.set()

    # Applying

    async def _apply(self) -> None:
        while True:
            await self._work.wait()
            self._work.clear()
            try:
                if self._must_sync:
                    await self._sync()
                await self._drain()
                if self._holes():
                    await asyncio.sleep(HOLE_SECONDS)
                    await self._drain()
                    await self._fill()
            except (Away, *AWAY):
                await self._back_off(3)
                self._work.set()

    async def _sync(self) -> None:
        more = True
        while more:
            query = f"?since={self._cursor}" if self._cursor else ""
            changes = await self._get(f"/sync{query}")
            if self.replica is None:
                assert changes["reset"], "the first answer of sync is a reset"
                device = str(self.person.actor.device_id)
                self.replica = Replica(changes["snapshot"], device, self._fetch_room)
            else:
                await self._take(self.replica, changes)
            self._cursor, more = changes["cursor"], changes["more"]
        self._must_sync = False

    async def _take(self, replica: Replica, changes: Json) -> None:
        if changes["reset"]:
            replica.take(changes["snapshot"])
            return
        for stream in changes["streams"]:
            if stream["snapshot"]:
                replica.take_room(stream["snapshot"])
            for event in stream["events"]:
                await self._apply_one(replica, event)
        replica.forget_others(changes["rooms"])

    async def _apply_one(self, replica: Replica, event: Json) -> None:
        head = self._head(event["stream"])
        if head is None or event["seq"] <= head:
            return
        if event["seq"] != head + 1:
            self.ledger.violations.append(f"E3: {self.name} got {event['seq']} after {head}")
            return
        self.ledger.show(self.name, event)
        # What cannot be read any more comes without data: known to have been, and passed over.
        await replica.apply(event if event["data"] is not None else event | {"type": "unreadable"})

    def _head(self, stream: str) -> int | None:
        """None for a stream it does not follow."""
        if self.replica is None:
            return None
        kind, _, id_ = stream.partition(":")
        if kind == "account":
            return self.replica.head
        room = self.replica.rooms.get(id_)
        return None if room is None else room["head"]

    async def _drain(self) -> None:
        replica = self.replica
        if replica is None:
            return
        for stream, held in self._held.items():
            while (head := self._head(stream)) is not None and head + 1 in held:
                await self._apply_one(replica, held.pop(head + 1))
            for seq in [seq for seq in held if head is not None and seq <= head]:
                del held[seq]

    def _holes(self) -> list[str]:
        return [name for name, held in self._held.items() if held and self._head(name) is not None]

    async def _fill(self) -> None:
        replica = self.replica
        if replica is None:
            return
        for stream in self._holes():
            kind, _, id_ = stream.partition(":")
            path = "/me/events" if kind == "account" else f"/rooms/{id_}/events"
            page = await self._get(f"{path}?after={self._head(stream)}")
            if page["too_long"]:  # S5
                self._must_sync = True
            for event in page["events"]:
                await self._apply_one(replica, event)
        await self._drain()
        if self._must_sync or self._holes():
            self._work.set()

    async def _fetch_room(self, room_id: str) -> Json | None:
        try:
            return await self._get(f"/rooms/{room_id}")
        except LookupError:
            return None

    # Asking

    async def _get(self, path: str) -> Json:
        status, body, _ = await self.request("GET", path)
        if status == 404:
            raise LookupError(path)
        if status != 200:
            raise Away(f"{status} {body}")
        return body

    async def request(
        self, method: str, path: str, body: Json | None = None
    ) -> tuple[int, Any, dict[str, str]]:
        """Status, JSON and headers. Raises what aiohttp raises where nobody answers."""
        async with self._http.request(
            method,
            f"{self.url}/api/v1{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=aiohttp.ClientTimeout(ANSWER_SECONDS),
        ) as answer:
            raw = await answer.read()
            return answer.status, msgspec.json.decode(raw) if raw else None, dict(answer.headers)

    async def command(self, name: str, request: Json) -> Json:
        """By socket. Raises Away where there is none, or the answer does not come."""
        socket = self._socket
        if socket is None:
            raise Away("no socket")
        self._numbers += 1
        number = self._numbers
        answer = self._acks[number] = asyncio.get_running_loop().create_future()
        try:
            await socket.send_str(f"42{number}" + encode([name, request]))
            # Not wait_for: in Python 3.11 it forgets a cancellation that meets the answer.
            async with asyncio.timeout(ANSWER_SECONDS):
                return await answer
        except AWAY as error:
            raise Away(str(error)) from error
        finally:
            self._acks.pop(number, None)

    async def tell(self, name: str, request: Json) -> None:
        """By socket where there is one, without waiting for an answer."""
        if self._socket is not None:
            with suppress(*AWAY):
                await self._socket.send_str("42" + encode([name, request]))

    async def renew(self) -> None:
        """The next access token (`auth/refresh`), as a client asks for whose own ran out."""
        status, body, _ = await self.request(
            "POST", "/auth/refresh", {"refresh_token": self.refresh}
        )
        assert status == 200, body
        self.token, self.refresh = body["access_token"], body["refresh_token"]

    # Talking

    async def say(self, room_id: UUID, text: str, *, by: str | None = None) -> Send:
        """Send until it is answered. `by`: "http" or "socket"; None takes turns."""
        client_id = UUID(int=self._dice.getrandbits(128), version=4)
        send = self.ledger.open(client_id, self.person.id, room_id, text)
        failures = 0
        while True:
            attempt = await self.attempt(send, by=by)
            if attempt.code is None or attempt.code not in RETRYABLE:
                return send
            failures += 1
            await self._back_off(failures)

    async def attempt(self, send: Send, *, by: str | None = None) -> Attempt:
        """Try once."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        by_http = by == "http" or (by is None and self._dice.random() < HTTP_SHARE)
        code, retry_after = await (self._by_http(send) if by_http else self._by_socket(send))
        attempt = Attempt(began, loop.time(), code, retry_after)
        send.attempts.append(attempt)
        return attempt

    async def _by_socket(self, send: Send) -> tuple[str | None, float | None]:
        request = send.draft | {"room_id": str(send.room_id)}
        if self._socket is None:
            return "disconnected", None
        try:
            answer = await self.command("message.send", request)
        except Away:
            return "unknown", None
        if answer["ok"]:
            self.ledger.acknowledge(send, answer["data"])
            return None, None
        return answer["error"]["code"], answer["error"].get("retry_after")

    async def _by_http(self, send: Send) -> tuple[str | None, float | None]:
        path = f"/rooms/{send.room_id}/messages"
        try:
            status, body, headers = await self.request("POST", path, send.draft)
        except AWAY:
            return "unknown", None
        if status in (200, 201):
            self.ledger.acknowledge(send, body)
            return None, None
        after = headers.get("Retry-After")  # without a body: it did not arrive whole (408)
        return body["code"] if body else "unknown", float(after) if after else None


def encode(value: object) -> str:
    return msgspec.json.encode(value).decode()


@asynccontextmanager
async def bots(
    people: Sequence[Person], homes: Sequence[Sequence[str]], ledger: Ledger
) -> AsyncGenerator[list[Bot]]:
    """All connected, each with a first picture. `homes`: the addresses that one knows, in turns."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http:
        made = [
            Bot(person, homes[seed % len(homes)], ledger, http, seed)
            for seed, person in enumerate(people)
        ]
        for bot in made:
            await bot.__aenter__()
        try:
            await until(lambda: all(bot.connected for bot in made), made)
            yield made
        finally:
            for bot in made:
                await bot.__aexit__()
