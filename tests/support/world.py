"""A node without edges: the real verbs on a real database, and people who use them."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar
from uuid import UUID

import msgspec
from tests.support.clock import HandClock, SeededIds

from tertulia.core.actor import Actor
from tertulia.core.bus import Bus, LocalBus, LocalHub, Notice
from tertulia.core.db import Database, open_pool
from tertulia.core.failpoints import Failpoints
from tertulia.core.gateway import Topics
from tertulia.core.ids import Ids
from tertulia.core.sessions import Sessions
from tertulia.core.tx import Reactions, Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.accounts.schemas import Register
from tertulia.features.accounts.service import Client, Rules
from tertulia.features.invites import service as invites
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import Message, SendMessage
from tertulia.features.receipts.live import Due, ReceiptsLive
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import CreateRoom, RoomKind, Visibility
from tertulia.features.sync import service as sync
from tertulia.features.sync.schemas import Changes, RoomSnapshot, Snapshot
from tertulia.features.timeline import service as timeline
from tertulia.main import wiring

P = ParamSpec("P")
T = TypeVar("T")
Verb = Callable[Concatenate[Tx, Actor, P], Awaitable[T]]

SECRET = "a secret of the tests, long enough to be one"


class Person(NamedTuple):
    """Somebody with an account, on the device they signed in with first."""

    actor: Actor
    username: str

    @property
    def id(self) -> UUID:
        return self.actor.account_id

    @property
    def stream(self) -> str:
        return f"account:{self.id}"


class RecordingBus(LocalBus):
    """Remembers what was published, in order."""

    def __init__(self, hub: LocalHub | None = None) -> None:
        super().__init__(hub)
        self.published: list[Notice] = []

    def publish(self, notice: Notice) -> None:
        self.published.append(notice)
        super().publish(notice)


@dataclass
class World:
    """One node. `pool` is for tests that need a connection of their own."""

    db: Database
    pool: Any
    bus: RecordingBus
    clock: HandClock
    ids: Ids
    sessions: Sessions
    due: Due = field(default_factory=Due)

    async def tell_receipts(self) -> None:
        """What the node's loop does by itself: write what arrived, tell what moved."""
        await ReceiptsLive(Topics(), self.db, self.clock, self.bus, self.due).round()

    # Verbs

    async def write(self, verb: Verb[P, T], who: Person, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.db.write(lambda tx: verb(tx, who.actor, *args, **kwargs))

    async def read(self, verb: Verb[P, T], who: Person, *args: P.args, **kwargs: P.kwargs) -> T:
        async with self.db.read() as tx:
            return await verb(tx, who.actor, *args, **kwargs)

    # People and rooms

    async def person(self, username: str) -> Person:
        """Register somebody by the real verb."""

        async def register(tx: Tx) -> accounts.SignedIn:
            return await accounts.register(
                tx,
                self.sessions,
                RULES,
                _admit_nobody,
                Register(username=username, password="olive branches"),
                redeem=invites.accept,
                password_hash="no password opens this",
                client=Client("Firefox on Linux", "Linux"),
            )

        return Person((await self.db.write(register)).actor, username)

    async def another_device(self, who: Person) -> Person:
        """The same person, signed in once more."""

        async def login(tx: Tx) -> accounts.SignedIn:
            _, credentials = await accounts.own_credentials(tx, who.actor)
            client = Client("Safari on iPhone", "iPhone")
            return await accounts.login(tx, self.sessions, credentials, client=client)

        return Person((await self.db.write(login)).actor, who.username)

    async def channel(
        self, owner: Person, *others: Person, visibility: Visibility = "private"
    ) -> UUID:
        return await self.room("channel", owner, *others, name="The table", visibility=visibility)

    async def group(self, owner: Person, *others: Person) -> UUID:
        return await self.room("group", owner, *others)

    async def direct(self, one: Person, other: Person) -> UUID:
        return await self.room("direct", one, other)

    async def room(
        self,
        kind: RoomKind,
        owner: Person,
        *others: Person,
        name: str | None = None,
        visibility: Visibility = "private",
    ) -> UUID:
        draft = CreateRoom(
            kind=kind, name=name, visibility=visibility, members=[other.id for other in others]
        )
        return (await self.write(rooms.create, owner, draft)).room_id

    # Talk

    async def say(
        self,
        who: Person,
        room_id: UUID,
        text: str,
        *,
        client_id: UUID | None = None,
        reply_to: UUID | None = None,
        thread: UUID | None = None,
        also_in_room: bool = False,
    ) -> Message:
        draft = SendMessage(
            client_id=client_id or self.ids.uuid7(),
            text=text,
            reply_to=reply_to,
            thread=thread,
            also_in_room=also_in_room,
        )
        return (await self.write(messages.send, who, room_id, draft)).message

    async def message(self, who: Person, room_id: UUID, message_id: UUID) -> Message:
        """The words alone, without what stands beside them."""
        found = msgspec.structs.asdict(await self.read(timeline.message, who, room_id, message_id))
        return Message(**{field: found[field] for field in Message.__struct_fields__})

    # What they see

    async def snapshot(self, who: Person) -> Snapshot:
        return await self.read(sync.snapshot, who)

    async def room_snapshot(self, who: Person, room_id: UUID) -> RoomSnapshot:
        return await self.read(sync.room_snapshot, who, room_id)

    async def changes(self, who: Person, since: str | None = None) -> Changes:
        return await self.read(sync.changes, who, since, wiring.HYDRATORS)

    # What was said of it

    def published(self, stream: str) -> list[dict[str, Any]]:
        """The envelopes published of a stream so far."""
        return [
            msgspec.json.decode(notice.body)
            for notice in self.bus.published
            if notice.topic == stream and notice.seq
        ]

    async def logged(self, stream_id: UUID) -> list[tuple[int, str]]:
        """What the log holds of a stream: (seq, type)."""
        async with self.db.read() as tx:
            rows = await tx.conn.fetch(
                "SELECT seq, type FROM events WHERE stream = $1 ORDER BY seq", stream_id
            )
        return [(row["seq"], row["type"]) for row in rows]


RULES = Rules(registration="open", setup_token=None, version="0", max_text_length=8_000)


async def _admit_nobody(tx: Tx, code: str) -> bool:
    del tx, code
    return False


@asynccontextmanager
async def open_database(
    dsn: str,
    clock: HandClock,
    *,
    bus: Bus | None = None,
    ids: Ids | None = None,
    reactions: Reactions | None = None,
    failpoints: Failpoints | None = None,
) -> AsyncGenerator[tuple[Database, Any]]:
    """A database handle of a node, and its pool. It reacts to nothing unless told so."""
    pool = await open_pool(dsn)
    db = Database(
        pool,
        bus=bus or LocalBus(),
        clock=clock,
        ids=ids or SeededIds(clock),
        reactions=reactions or {},
        failpoints=failpoints or Failpoints(),
    )
    try:
        yield db, pool
    finally:
        await db.close()


@asynccontextmanager
async def open_world(
    dsn: str,
    clock: HandClock,
    *,
    hub: LocalHub | None = None,
    failpoints: Failpoints | None = None,
    seed: int = 1,
) -> AsyncGenerator[World]:
    """A node on a migrated database. Two on one database need a `seed` each."""
    ids, bus = SeededIds(clock, seed), RecordingBus(hub)
    due = Due()
    reactions = wiring.reactions(due.reactions())
    async with open_database(
        dsn, clock, bus=bus, ids=ids, reactions=reactions, failpoints=failpoints
    ) as (db, pool):
        yield World(db, pool, bus, clock, ids, Sessions([SECRET], clock), due)
