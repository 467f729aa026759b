"""A fan-out between a log and sockets that a test writes and reads by hand."""

import asyncio
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, NamedTuple, Self, cast

import msgspec
from tests.support.clock import HandClock, turns

from tertulia.core.bus import LocalBus, Notice
from tertulia.core.fanout import After, Before, Fanout
from tertulia.core.gateway import Connection, Frame, Topics
from tertulia.core.replay import Standing, line

OWN = "account:me"


class Heard(NamedTuple):
    topic: str
    seq: int
    type: str


class Socket:
    """As much of a Connection as topics use. `hello` is what it was told at first."""

    def __init__(self) -> None:
        self.gone: str | None = None
        self.connected = False  # so that topics come by `send`
        self.topics: set[str] = set()
        self.heard: list[Heard] = []
        self.volatile: list[bool] = []
        self.hello: dict[str, int] = {}
        self.known: dict[str, int] = {}  # what it said to hold when it came back
        self.replayed: list[str] = []

    def send(self, frame: Frame, volatile: bool = False) -> bool:
        name, body = msgspec.json.decode(frame[frame.index(b"42[") + 2 :])
        self.heard.append(Heard(body["topic"], body["seq"], name))
        self.volatile.append(volatile)
        return True

    def hold(self, frame: Frame, volatile: bool = False) -> bool:
        return self.send(frame, volatile)

    def seqs(self, topic: str) -> list[int]:
        return [heard.seq for heard in self.heard if heard.topic == topic]


class Log:
    """What was committed, by topic. `broken`: it cannot be read now; `poisoned`: these never.

    Counted: readings and streams `compared`; of one reading the most streams (`widest`), events
    (`largest`), of one comparison the most streams (`widest_look`); readings `at_once`.
    """

    def __init__(self) -> None:
        self.events: dict[str, list[Notice]] = {OWN: []}
        self.broken = False
        self.poisoned: set[str] = set()
        self.reads = 0
        self.compared = 0
        self.widest = self.widest_look = self.largest = self.at_once = self._reading = 0

    def commit(self, topic: str, type_: str = "said") -> Notice:
        events = self.events.setdefault(topic, [])
        notice = told(topic, len(events) + 1, type_)
        events.append(notice)
        return notice

    def head(self, topic: str) -> int:
        return len(self.events.get(topic, []))

    async def ahead(self, known: Mapping[str, int]) -> Mapping[str, int]:
        await asyncio.sleep(0)
        self._look()
        self.compared += len(known)
        self.widest_look = max(self.widest_look, len(known))
        return {topic: self.head(topic) for topic, head in known.items() if self.head(topic) > head}

    async def read(self, after: Mapping[str, int], limit: int) -> Mapping[str, list[Notice]]:
        self._reading += 1
        self.at_once = max(self.at_once, self._reading)
        await asyncio.sleep(0)
        self._reading -= 1
        self._look()
        if self.poisoned & after.keys():
            raise ValueError("a row that cannot be read")
        self.reads += 1
        self.widest = max(self.widest, len(after))
        found = {
            topic: self.events.get(topic, [])[head : head + limit] for topic, head in after.items()
        }
        self.largest = max(self.largest, sum(map(len, found.values())))
        return found

    def _look(self) -> None:
        if self.broken:
            raise ConnectionError("the database is away")


def told(topic: str, seq: int, type_: str = "said") -> Notice:
    return Notice(topic, seq, type_, msgspec.json.encode({"topic": topic, "seq": seq}))


class FaultyBus(LocalBus):
    """Says that it is away (`whole`), or was (`lose`)."""

    def __init__(self) -> None:
        super().__init__()
        self.whole = True

    def lose(self) -> None:
        self._ear.miss()


class Stage:
    """One node's fan-out, sweeping. A person's rooms are `rooms`."""

    def __init__(
        self,
        *,
        before: Mapping[str, Before] | None = None,
        after: Mapping[str, After] | None = None,
        rooms: Iterable[str] = ("room:a",),
    ) -> None:
        self.clock = HandClock()
        self.log = Log()
        self.bus = FaultyBus()
        self.rooms = list(rooms)
        for room in self.rooms:
            self.log.events[room] = []
        self.topics = Topics(self._listening)
        self.fanout = Fanout(
            self.topics,
            self.bus,
            self.log,
            self.clock,
            before=before or {},
            after=after or {},
        )
        self._sweeping: asyncio.Task[None] | None = None

    def _listening(self, topic: object, listening: bool) -> None:
        if not listening:
            self.fanout.emptied(str(topic))

    async def __aenter__(self) -> Self:
        self._sweeping = asyncio.create_task(self.fanout.run())
        await turns()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.fanout.close()
        if self._sweeping is not None:
            self._sweeping.cancel()

    async def load(self) -> dict[str, int]:
        """One snapshot of the heads of all my streams."""
        heads = {topic: self.log.head(topic) for topic in (OWN, *self.rooms)}
        await asyncio.sleep(0)
        return heads

    async def attach(self, load: Any = None) -> Socket:
        socket = Socket()
        conn = cast("Connection", socket)
        socket.hello = await self.fanout.attach(conn, OWN, load or self.load)
        return socket

    async def stand(self, known: Mapping[str, int]) -> Standing:
        """One snapshot of the heads of all my streams, and of what I missed."""
        heads = {topic: self.log.head(topic) for topic in (OWN, *self.rooms)}
        missed = {
            topic: [line(notice) for notice in self.log.events[topic][known[topic] : head]]
            for topic, head in heads.items()
            if known.get(topic, head) < head
        }
        await asyncio.sleep(0)
        return Standing(heads, missed)

    async def resume(self, known: Mapping[str, int], stand: Any = None) -> Socket:
        """A socket that comes back, and gets what it missed behind its greeting."""
        socket = Socket()
        socket.known = dict(known)
        load = stand or (lambda: self.stand(known))
        joined = await self.fanout.resume(cast("Connection", socket), OWN, known, load)
        socket.hello, socket.replayed = joined.heads, joined.replayed
        for frame in joined.frames:
            socket.send(frame)
        return socket

    async def somebody_else(self, room: str) -> Socket:
        """A socket of another person, who is in that room too."""
        socket = Socket()

        async def load() -> dict[str, int]:
            return {"account:you": 0, room: self.log.head(room)}

        await self.fanout.attach(cast("Connection", socket), "account:you", load)
        return socket

    async def bring(self, topic: str, *, may_hear: bool = True) -> None:
        """Bring my sockets into a room, as membership stands in the database."""

        async def load() -> int | None:
            return self.log.head(topic) if may_hear else None

        await self.fanout.bring(OWN, topic, load)

    def leave(self, socket: Socket) -> None:
        """The socket is gone."""
        socket.gone = "closed"
        self.topics.leave_all(cast("Connection", socket))

    def commit(self, topic: str, type_: str = "said") -> None:
        """Commit and publish, as a healthy node does."""
        self.bus.publish(self.log.commit(topic, type_))

    @property
    def followed(self) -> set[str]:
        """Topics this node's bus hears."""
        return set(self.bus._topics)  # pyright: ignore[reportPrivateUsage]
