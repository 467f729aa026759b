"""A database with streams in it, and a follower that writes down what it hears."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from tests.support.clock import HandClock
from tests.support.facts import ACCOUNT, ROOM, Noted, Whispered, open_streams
from tests.support.world import RecordingBus, open_database

from tertulia.core.bus import Notice
from tertulia.core.db import Database
from tertulia.core.failpoints import Failpoints
from tertulia.core.followers import Follower, Followers, Happened
from tertulia.core.history import Hydrators
from tertulia.core.streams import Stream
from tertulia.core.tx import Tx

WAIT = 10  # seconds a test waits for what must come


class Ears(RecordingBus):
    """Somebody may wait for the number of things published."""

    def __init__(self) -> None:
        super().__init__()
        self._news = asyncio.Condition()
        self._tasks = set[asyncio.Task[None]]()

    def publish(self, notice: Notice) -> None:
        super().publish(notice)
        task = asyncio.create_task(self._tell())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def until(self, wanted: Callable[[], bool]) -> None:
        async with asyncio.timeout(WAIT), self._news:
            await self._news.wait_for(wanted)


class Notebook:
    """What a follower wrote down, in the database; `poison` is what it cannot stomach."""

    def __init__(self, error: Callable[[], Exception] = lambda: ValueError("poison")) -> None:
        self.poison = set[str]()
        self.error = error
        self.entered = asyncio.Event()
        self.gate: asyncio.Event | None = None
        self.follower = Follower(
            name="notebook", types=frozenset({Noted.TYPE}), handle=self.write, from_beginning=True
        )

    async def write(self, tx: Tx, events: Sequence[Happened]) -> None:
        for event in events:
            text = (event.data or b"").decode()
            await tx.conn.execute(
                "INSERT INTO notebook VALUES ($1, $2, $3)", event.stream.id, event.seq, text
            )
            if any(word in text for word in self.poison):
                raise self.error()
            tx.emit(ACCOUNT, Whispered(), None)
        self.entered.set()
        if self.gate is not None:
            await self.gate.wait()


class Desk:
    """A database with streams, and a follower's notebook in it."""

    def __init__(self, db: Database, bus: Ears, clock: HandClock) -> None:
        self.db, self.bus, self.clock = db, bus, clock
        self.registry = CollectorRegistry()

    def employ(self, *followers: Follower, hydrators: Hydrators | None = None) -> Followers:
        self.registry = CollectorRegistry()
        employed = Followers(followers, self.db, self.clock, hydrators or {}, self.registry)
        self.db.tell(employed.hint)
        return employed

    async def written(self, stream: Stream = ROOM) -> list[int]:
        async with self.db.read() as tx:
            rows = await tx.conn.fetch(
                "SELECT seq FROM notebook WHERE stream = $1 ORDER BY place", stream.id
            )
        return [row["seq"] for row in rows]

    async def mark(self, stream: Stream = ROOM) -> int | None:
        async with self.db.read() as tx:
            return await tx.conn.fetchval(
                "SELECT seq FROM follower_marks WHERE stream = $1", stream.id
            )

    def counted(self, name: str) -> float:
        return (
            self.registry.get_sample_value(f"tertulia_follower_{name}", {"follower": "notebook"})
            or 0.0
        )


@asynccontextmanager
async def at_work(followers: Followers) -> AsyncGenerator[None]:
    task = asyncio.create_task(followers.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def open_desk(dsn: str, clock: HandClock) -> AsyncIterator[Callable[..., Awaitable[Desk]]]:
    """Another node on the same database each time."""
    opened: list[Any] = []

    async def open_(failpoints: Failpoints | None = None) -> Desk:
        bus = Ears()
        context = open_database(dsn, clock, bus=bus, failpoints=failpoints)
        db, pool = await context.__aenter__()
        opened.append(context)
        if len(opened) == 1:
            await pool.execute(
                "CREATE TABLE notebook (stream uuid, seq bigint, text text, place bigserial)"
            )
            await db.write(open_streams)
        return Desk(db, bus, clock)

    yield open_
    for context in opened:
        await context.__aexit__(None, None, None)


@pytest.fixture
async def desk(open_desk: Callable[[], Awaitable[Desk]]) -> Desk:
    return await open_desk()


def whispers(desk: Desk) -> int:
    return sum(notice.type == Whispered.TYPE for notice in desk.bus.published)
