"""The socket-pair fuzz: two real nodes on one real database in one process, a bus and sockets in
the hands of a seed. Database calls run to completion, so the schedule is made of the steps alone.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from tests.faults import ledger as ledgers
from tests.faults.fuzz_oracles import judge
from tests.faults.fuzz_plan import Step
from tests.faults.fuzz_wire import Client, Pipe
from tests.faults.ledger import Json, Ledger, Send
from tests.support.clock import turns
from tests.support.reducer import wire
from tests.support.world import Person, World

from tertulia.core.errors import AppError
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.accounts.schemas import ChangeProfile
from tertulia.features.members import service as members
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import EditMessage, SendMessage
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import ChangeRoom
from tertulia.main.node import Node

SWEEPS = 12.0  # seconds in which every hole must be found


class Fuzz:
    """`seen` counts rare states: one that never comes up means that the fuzz has gone blind."""

    def __init__(
        self, world: World, nodes: Sequence[Node], pipes: list[Pipe], clients: list[Client]
    ) -> None:
        self.world = world
        self.nodes = nodes
        self.pipes = pipes
        self.clients = clients
        self.people: list[Person] = []
        self.rooms: list[UUID] = []
        self.ledger = Ledger()
        self.seen: Counter[str] = Counter()
        self.removed_texts: list[str] = []
        self.traps: set[str] = set()  # failpoints that bite
        self._said = 0
        self._lost: set[tuple[str, int]] = set()

    async def run(self, steps: Sequence[Step]) -> None:
        for step in steps:
            await getattr(self, f"_{step.name}")(step)
            await self._settle()
            self._look()
        await self._heal()
        await self._judge()

    def _look(self) -> None:
        """Safety, after every step."""
        broken = [line for client in self.clients for line in client.broken]
        assert not broken, broken
        assert not self.ledger.violations, self.ledger.violations

    async def _settle(self) -> None:
        """Until both nodes only wait for time or for us, then clients work off what came."""
        quiet = 0
        while quiet < 2:
            await turns(5)
            pools: list[Any] = [node.db._pool for node in self.nodes]  # pyright: ignore[reportPrivateUsage]
            busy = any(pool.get_idle_size() < pool.get_size() for pool in pools)
            quiet = 0 if busy else quiet + 1
            if busy:
                await asyncio.sleep(0.0005)
        for client in self.clients:
            await client.work()

    # Dice

    def _person(self, step: Step) -> Person:
        return self.people[step.a % len(self.people)]

    def _other(self, step: Step) -> Person:
        return self.people[step.c % len(self.people)]

    def _room(self, step: Step) -> UUID:
        return self.rooms[step.b % len(self.rooms)]

    def _node(self, step: Step) -> Node:
        return self.nodes[step.c % len(self.nodes)]

    def _client(self, step: Step) -> Client:
        return self.clients[step.a % len(self.clients)]

    def _pipe(self, step: Step) -> Pipe:
        return self.pipes[step.a % len(self.pipes)]

    async def _try(self, node: Node, verb: Callable[[Tx], Awaitable[Any]]) -> Any:
        """The verb's answer, None where it is refused."""
        try:
            return await node.db.write(verb)
        except AppError as error:
            self.seen[f"refused: {error.code}"] += 1
            return None

    # Talk

    async def _send(self, step: Step) -> None:
        await self._say(self._client(step), self._room(step), self._node(step))

    async def _say(self, client: Client, room_id: UUID, node: Node) -> None:
        self._said += 1
        client_id = self.world.ids.uuid7()
        send = self.ledger.open(client_id, client.person.id, room_id, f"words-{self._said}-")
        await self._attempt(client, send, node)

    async def _attempt(self, client: Client, send: Send, node: Node) -> None:
        """By the client's socket where it has one, else as a request to any node."""
        code, message = await self._ask_to_send(client, send, node)
        assert code != "internal", f"{send.text} was answered with an internal error"
        send.attempts.append(ledgers.Attempt(0, 0, code))
        if message is not None:
            self.ledger.acknowledge(send, message)

    async def _ask_to_send(
        self, client: Client, send: Send, node: Node
    ) -> tuple[str | None, Json | None]:
        request = {"client_id": str(send.client_id), "text": send.text}
        if client.socket is not None:
            answer = await client.command("message.send", request | {"room_id": str(send.room_id)})
            return (None, answer["data"]) if answer["ok"] else (answer["error"]["code"], None)
        draft, actor = msgspec.convert(request, SendMessage), client.person.actor
        try:
            sent = await node.db.write(lambda tx: messages.send(tx, actor, send.room_id, draft))
        except AppError as error:
            self.seen[f"refused: {error.code}"] += 1
            return error.code, None
        return None, wire(sent.message)

    async def _resend(self, step: Step) -> None:
        """The same again, twice at once: the answer got lost, and the client tries every way."""
        sends = [send for send in self.ledger.sends.values() if send.seq is not None]
        if sends:
            send = sends[step.b % len(sends)]
            client = self._client_of(send)
            both = (self._attempt(client, send, node) for node in self.nodes)
            await asyncio.gather(*both)
            self.seen["said again"] += 1

    def _client_of(self, send: Send) -> Client:
        return next(one for one in self.clients if one.person.id == send.author_id)

    async def _say_together(self, step: Step) -> None:
        """Many at once on both nodes: real locks decide."""
        room_id = self._room(step)
        await asyncio.gather(
            *(
                self._say(client, room_id, self.nodes[number % 2])
                for number, client in enumerate(self.clients)
            )
        )

    async def _say_while_removed(self, step: Step) -> None:
        """One node takes somebody out while they talk by the other."""
        room_id, owner = self._room(step), self.people[0].actor
        client = self._client(step)
        await asyncio.gather(
            self._say(client, room_id, self.nodes[0]),
            self._try(
                self.nodes[1], lambda tx: members.remove(tx, owner, room_id, client.person.id)
            ),
            *(self._say(other, room_id, self.nodes[0]) for other in self.clients[:3]),
        )

    async def _ask_amid(self, step: Step) -> None:
        """Somebody catches up while a transaction that began before is not done yet."""
        client, actor, room_id = self._client(step), self._other(step).actor, self._room(step)
        draft = SendMessage(client_id=self.world.ids.uuid7(), text=f"slowly {step.c}")

        async def slowly(tx: Tx) -> None:
            await messages.send(tx, actor, room_id, draft)
            # A later transaction that is done first: it says nothing, it only has a number.
            await self.world.db.write(lambda tx: tx.conn.execute("SELECT pg_current_xact_id()"))
            await client.ask()

        await client.cut()
        await client.connect(self.nodes[step.b % 2], forget=False)
        await self._try(self._node(step), slowly)
        await client.take()
        await client.cut()

    async def _fail_before(self, step: Step) -> None:
        """The database goes away when the next commit is due: nothing happened, nobody may hear."""
        await self._fail("before_commit", step)

    async def _fail_after(self, step: Step) -> None:
        """A node dies between commit and publish: it happened, and only the log knows."""
        await self._fail("after_commit", step)

    async def _fail(self, where: str, step: Step) -> None:
        self.traps.add(where)
        await self._send(step)
        self.traps.discard(where)

    async def _settle_sends(self) -> None:
        """What was answered with "unavailable" is sent again, until it is answered otherwise."""
        for send in self.ledger.sends.values():
            if send.seq is None and send.attempts[-1].code in ledgers.RETRYABLE:
                await self._attempt(self._client_of(send), send, self.nodes[0])
                self.seen["unknown settled"] += 1

    async def _edit(self, step: Step) -> None:
        send, client = self._mine(step)
        if send is not None and client is not None:
            change = EditMessage(text=f"{send.text}again-{step.c}")
            message_id = await self._id_of(send)
            await self._try(
                self._node(step),
                lambda tx: messages.edit(tx, client.person.actor, send.room_id, message_id, change),
            )

    async def _delete(self, step: Step) -> None:
        send, client = self._mine(step)
        if send is not None and client is not None:
            message_id = await self._id_of(send)
            gone = await self._try(
                self._node(step),
                lambda tx: messages.delete(tx, client.person.actor, send.room_id, message_id),
            )
            if gone is not None:
                self.removed_texts.append(send.text)
                self.ledger.sends.pop(send.client_id, None)

    def _mine(self, step: Step) -> tuple[Send | None, Client | None]:
        sends = [send for send in self.ledger.sends.values() if send.seq is not None]
        if not sends:
            return None, None
        send = sends[step.b % len(sends)]
        return send, self._client_of(send)

    async def _id_of(self, send: Send) -> UUID:
        async with self.world.db.read() as tx:
            return await tx.conn.fetchval(
                "SELECT id FROM messages WHERE room_id = $1 AND seq = $2", send.room_id, send.seq
            )

    async def _read(self, step: Step) -> None:
        actor, room_id = self._person(step).actor, self._room(step)
        await self._try(
            self._node(step), lambda tx: members.mark_read(tx, actor, room_id, step.c % 20)
        )

    # Membership

    async def _rename(self, step: Step) -> None:
        change = ChangeRoom(name=f"Room {step.c}")
        actor, room_id = self._person(step).actor, self._room(step)
        await self._try(self._node(step), lambda tx: rooms.change(tx, actor, room_id, change))

    async def _profile(self, step: Step) -> None:
        change = ChangeProfile(display_name=f"Name {step.c}")
        actor = self._person(step).actor
        await self._try(self._node(step), lambda tx: accounts.change_profile(tx, actor, change))

    async def _leave(self, step: Step) -> None:
        actor, room_id = self._person(step).actor, self._room(step)
        await self._try(self._node(step), lambda tx: members.leave(tx, actor, room_id))

    async def _add(self, step: Step) -> None:
        actor, room_id, other = self._person(step).actor, self._room(step), self._other(step)
        await self._try(self._node(step), lambda tx: members.add(tx, actor, room_id, [other.id]))

    async def _remove(self, step: Step) -> None:
        actor, room_id, other = self._person(step).actor, self._room(step), self._other(step)
        await self._try(self._node(step), lambda tx: members.remove(tx, actor, room_id, other.id))
        self.seen["removed"] += 1

    async def _ban(self, step: Step) -> None:
        actor, room_id, other = self._person(step).actor, self._room(step), self._other(step)
        ban = members.Ban(account_id=other.id)
        await self._try(self._node(step), lambda tx: members.ban(tx, actor, room_id, ban))

    async def _unban(self, step: Step) -> None:
        actor, room_id, other = self._person(step).actor, self._room(step), self._other(step)
        await self._try(self._node(step), lambda tx: members.unban(tx, actor, room_id, other.id))

    async def _role(self, step: Step) -> None:
        actor, room_id, other = self._person(step).actor, self._room(step), self._other(step)
        role = ("member", "moderator", "guest")[step.c % 3]
        await self._try(
            self._node(step), lambda tx: members.change_role(tx, actor, room_id, other.id, role)
        )

    # The bus

    async def _flush(self, step: Step) -> None:
        self._pipe(step).flush(1 + step.b % 8)

    async def _drop(self, step: Step) -> None:
        queue = self._pipe(step).queue
        if queue:
            self._lose([queue.pop(step.b % len(queue))])

    def _lose(self, lost: Sequence[Any]) -> None:
        self._lost.update((notice.topic, notice.seq) for notice in lost)

    async def _double(self, step: Step) -> None:
        queue = self._pipe(step).queue
        if queue:
            queue.insert(step.c % (len(queue) + 1), queue[step.b % len(queue)])
            self.seen["doubled"] += 1

    async def _swap(self, step: Step) -> None:
        queue = self._pipe(step).queue
        if len(queue) > 1:
            one, other = step.b % len(queue), step.c % len(queue)
            queue[one], queue[other] = queue[other], queue[one]
            self.seen["swapped"] += 1

    async def _clog(self, step: Step) -> None:
        """Swizzle: the ways are stopped one by one, and opened again in another order."""
        pipes = self.pipes if step.a % 2 else self.pipes[::-1]
        closed = [pipe for pipe in pipes if not pipe.clogged]
        if closed and step.b % 2:
            closed[0].clogged = True
            self.seen["clogged"] += 1
        else:
            for pipe in pipes[:1]:
                pipe.clogged = False

    # Sockets and time

    async def _connect(self, step: Step) -> None:
        client = self._client(step)
        await client.cut()
        await client.connect(self.nodes[step.b % 2], forget=step.c % 3 == 0)
        await client.ask()

    async def _cut(self, step: Step) -> None:
        await self._client(step).cut()

    async def _ask(self, step: Step) -> None:
        await self._client(step).ask()

    async def _take(self, step: Step) -> None:
        await self._client(step).take()

    async def _tick(self, step: Step) -> None:
        await self._pass((0.01, 0.1, 1.0, 2.5)[step.a % 4])

    async def _pass(self, seconds: float) -> None:
        """In small parts: whoever wakes and asks the database gets its answer before the next."""
        parts = max(1, round(seconds / 0.25))
        for _ in range(parts):
            await self.world.clock.advance(seconds / parts)
            await self._settle()

    # The end

    async def _heal(self) -> None:
        """Faults stop: everybody is connected, everything is delivered, some sweeps go by."""
        for number, client in enumerate(self.clients):
            if client.socket is None:
                await client.connect(self.nodes[number % 2], forget=False)
            await client.ask()
            await client.take()
            await client.work()
        await self._settle_sends()
        for pipe in self.pipes:
            pipe.clogged = False
            pipe.flush(len(pipe.queue))
        await self._pass(SWEEPS)
        self._look()

    async def _judge(self) -> None:
        found = await judge(self.world, self.people, self.clients, self.ledger, self.removed_texts)
        assert not found, found[:10]
        arrived = {place for client in self.clients for place in client.arrived}
        self.seen["gap repaired from the log"] += len(self._lost & arrived)
        self.seen["taken anew"] += sum(client.forgot for client in self.clients)
