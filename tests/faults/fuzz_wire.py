"""Between two nodes of one process: a bus that loses, doubles, swaps and waits, as it is told; and
clients that are the socket, the browser and the person at once."""

import asyncio
from collections.abc import Iterator
from typing import Any, cast
from uuid import UUID

import msgspec
from tests.faults.ledger import Json, Ledger
from tests.support.reducer import Replica, wire
from tests.support.world import Person, World

from tertulia.core.bus import LocalBus, LocalHub, Notice
from tertulia.core.errors import AppError
from tertulia.core.gateway import Connection, Frame, Later
from tertulia.core.sessions import Sessions
from tertulia.features.sync import service as sync
from tertulia.features.sync.schemas import Changes
from tertulia.main import wiring
from tertulia.main.node import Node


class Pipe:
    """What travels to one node. Stands in for its bus on the hub."""

    def __init__(self, bus: LocalBus) -> None:
        self._bus = bus
        self.queue: list[Notice] = []
        self.clogged = False

    def receive(self, notice: Notice) -> None:
        self.queue.append(notice)

    def flush(self, count: int) -> None:
        """Nothing comes through while it is clogged."""
        for _ in range(0 if self.clogged else min(count, len(self.queue))):
            self._bus.receive(self.queue.pop(0))


class Hub(LocalHub):
    """Give it to both nodes, then `tap` it."""

    def tap(self) -> list[Pipe]:
        pipes = [Pipe(bus) for bus in self.buses]
        self.buses = cast("list[LocalBus]", pipes)
        return pipes


class Socket:
    """As much of a Connection as the node's app and topics use."""

    def __init__(self, client: "Client") -> None:
        self.id = f"socket of {client.person.username}"
        self.handshake: Any = None
        self.principal: Any = None
        self.state: Any = None
        self.gone: str | None = None
        self.connected = False  # so that topics come by `send`
        self.topics: set[str] = set()
        self.heads: dict[str, int] = {}  # of hello
        self.last: dict[str, int] = {}  # heard
        self._client = client

    def emit(self, name: str, *args: Any) -> bool:
        [hello] = args
        assert name == "hello"
        self.heads = dict(wire(hello)["heads"])
        return True

    def send(self, frame: Frame, volatile: bool = False) -> bool:
        del volatile
        _, body = msgspec.json.decode(frame[frame.index(b"42[") + 2 :])
        if "seq" in body:
            self._client.heard(self, body)
        return True

    def hold(self, frame: Frame, volatile: bool = False) -> bool:
        return self.send(frame, volatile)

    def close(self, *_: object) -> None:
        self.gone = "closed"

    async def finished(self, *, below: int = 1) -> None:
        """Nothing is under way: this client waits for each answer."""


class Client:
    """One person's client. It does what docs/protocol.md asks: S4 at the start, E3 always."""

    def __init__(
        self, name: str, person: Person, world: World, sessions: Sessions, ledger: Ledger
    ) -> None:
        self.name = name
        self.person = person
        self.replica: Replica | None = None
        self.node: Node | None = None
        self.socket: Socket | None = None
        self.broken: list[str] = []
        self.forgot = 0
        self.arrived: set[tuple[str, int]] = set()  # by socket, ever
        self._world = world
        self._sessions = sessions
        self._ledger = ledger
        self._cursor: str | None = None
        self._answer: Changes | None = None
        self._inbox: list[Json] = []

    # The socket

    async def connect(self, node: Node, *, forget: bool) -> None:
        """`forget`: as a client whose storage was cleared."""
        if forget:
            self.forgot += self.replica is not None
            self.replica = self._cursor = None
            self._ledger.shown.pop(self.name, None)
        self.node, self.socket = node, Socket(self)
        self._inbox.clear()
        token = self._sessions.issue(self.person.actor)
        await node.gateway.app.connect(cast("Connection", self.socket), {"token": token})
        self._answer = None

    async def cut(self) -> None:
        node, socket, self.node, self.socket = self.node, self.socket, None, None
        if node is None or socket is None:
            return
        socket.gone = "cut"
        node.gateway.topics.leave_all(cast("Connection", socket))
        await node.gateway.app.disconnect(cast("Connection", socket), "cut")

    def heard(self, socket: Socket, event: Json) -> None:
        """Every event above the heads in `hello`, once, in order: the fan-out's promise. It may
        begin below them, where the node itself is behind; E3 drops that."""
        if socket is not self.socket:
            self.broken.append(f"{self.name} heard {_place(event)} on a socket that was cut")
        stream, seq = _place(event)
        before = socket.last.get(stream)
        first = socket.heads.get(stream, seq) + 1
        if seq > first if before is None else seq != before + 1:
            self.broken.append(f"{self.name} heard {seq} after {before or first - 1} in {stream}")
        socket.last[stream] = seq
        if event["type"] == "room.left":  # and may be brought in again, wherever the room then is
            room = f"room:{event['data']['room_id']}"
            socket.heads.pop(room, None)
            socket.last.pop(room, None)
        self.arrived.add((stream, seq))
        self._inbox.append(event)

    async def command(self, name: str, request: Json) -> Any:
        assert self.node is not None
        conn = cast("Connection", self.socket)
        answered = await self.node.gateway.app.event(conn, name, [request])
        if isinstance(answered, Later):
            await asyncio.wait([answered.done])
            answered = answered.answer()
        return wire(answered)

    # Catching up

    async def ask(self) -> None:
        """The request goes out; its answer is read now and may arrive much later."""
        if self.node is not None:
            async with self.node.db.read() as tx:
                self._answer = await sync.changes(
                    tx, self.person.actor, self._cursor, wiring.HYDRATORS
                )

    async def take(self) -> None:
        """The answer arrives. Until then socket events wait (S4)."""
        answer, self._answer = self._answer, None
        if answer is None:
            return
        changes = wire(answer)
        self._cursor = changes["cursor"]
        if self.replica is None or changes["reset"]:
            device = str(self.person.actor.device_id)
            self.replica = Replica(changes["snapshot"], device, self._fetch)
            self._ledger.shown.pop(self.name, None)
            return
        for stream in changes["streams"]:
            if stream["snapshot"] is not None:
                self._replace_room(stream["snapshot"])
            for event in stream["events"]:
                await self._apply(event)
        self.replica.forget_others(changes["rooms"])

    async def work(self) -> None:
        """Apply what came by socket, unless an answer is awaited."""
        if self.replica is None or self._answer is not None:
            return
        inbox, self._inbox = self._inbox, []
        for event in inbox:
            await self._apply(event)
            if event["type"] == "room.joined":
                await self._look_again(f"room:{event['data']['room_id']}")

    async def _look_again(self, stream: str) -> None:
        """S6, for a joining that was known already, too: the socket came into the room only now,
        and `sync` may have told of it long before."""
        assert self.replica is not None
        head = self.head(stream)
        if head is not None:
            for missing in await self._read(stream, head):
                await self._apply_next(self.replica, missing)

    def _replace_room(self, snapshot: Json) -> None:
        """A snapshot may be older than what is held: a room only goes forward."""
        assert self.replica is not None
        held = self.replica.rooms.get(snapshot["room"]["id"])
        if held is None or held["head"] <= snapshot["head"]:
            self.replica.take_room(snapshot)

    async def _apply(self, event: Json) -> None:
        replica = self.replica
        assert replica is not None
        head = self.head(event["stream"])
        if head is None or event["seq"] <= head:
            return
        if event["seq"] > head + 1:
            for missing in await self._read(event["stream"], head):
                await self._apply_next(replica, missing)
        await self._apply_next(replica, event)

    async def _apply_next(self, replica: Replica, event: Json) -> None:
        head = self.head(event["stream"])
        if head is not None and event["seq"] == head + 1:
            self._ledger.show(self.name, event)
            await replica.apply(event)

    def head(self, stream: str) -> int | None:
        if self.replica is None:
            return None
        kind, _, id_ = stream.partition(":")
        if kind == "account":
            return self.replica.head
        room = self.replica.rooms.get(id_)
        return None if room is None else room["head"]

    async def _read(self, stream: str, after: int) -> Iterator[Json]:
        assert self.node is not None
        kind, _, id_ = stream.partition(":")
        actor = self.person.actor
        try:
            async with self.node.db.read() as tx:
                page = await (
                    sync.account_events(tx, actor, after, 500, wiring.HYDRATORS)
                    if kind == "account"
                    else sync.room_events(tx, actor, UUID(id_), after, 500, wiring.HYDRATORS)
                )
        except AppError:
            return iter(())
        return iter(wire(page)["events"])

    async def _fetch(self, room_id: str) -> Json | None:
        try:
            return wire(await self._world.room_snapshot(self.person, UUID(room_id)))
        except AppError:
            return None


def _place(event: Json) -> tuple[str, int]:
    return (event["stream"], event["seq"])
