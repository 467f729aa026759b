"""Transactions: gapless streams, nothing told that did not happen, nothing lost that did."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from itertools import permutations
from typing import Any
from uuid import UUID

import asyncpg
import psycopg
import pytest
from tests.support.clock import HandClock
from tests.support.facts import ACCOUNT, OTHER_ROOM, ROOM, Noted, noting, open_streams, text_of
from tests.support.world import RecordingBus, open_database

from tertulia.core.bus import Notice
from tertulia.core.db import Database, StorageFull, open_pool, translate
from tertulia.core.errors import Forbidden, Invalid, Unavailable
from tertulia.core.failpoints import Failpoints
from tertulia.core.streams import Stream
from tertulia.core.tx import Tx

Verb = Callable[[Tx], Awaitable[None]]


class Crash(Exception):
    """The process dies here."""


def crash() -> None:
    raise Crash


@pytest.fixture
def bus() -> RecordingBus:
    return RecordingBus()


@pytest.fixture
async def db(dsn: str, clock: HandClock, bus: RecordingBus) -> AsyncIterator[Database]:
    """A node with three empty streams."""
    async with open_database(dsn, clock, bus=bus) as (db, _):
        await db.write(open_streams)
        yield db


async def logged(db: Database) -> list[tuple[int, str]]:
    """(seq, text) of everything in ROOM."""
    async with db.read() as tx:
        rows = await tx.conn.fetch(
            "SELECT seq, data FROM events WHERE stream = $1 ORDER BY seq", ROOM.id
        )
    return [(row["seq"], text_of(b'{"data":%s}' % row["data"])) for row in rows]


async def test_seqs_have_no_holes_under_fifty_writers_on_two_nodes(
    dsn: str, clock: HandClock, db: Database
) -> None:  # E1
    async with open_database(dsn, clock) as (other, _):
        nodes = (db, other)
        writes = [nodes[n % 2].write(noting(f"{n}")) for n in range(50)]
        await asyncio.gather(*writes)
    found = await logged(db)
    assert [seq for seq, _ in found] == list(range(1, 51))
    assert {text for _, text in found} == {str(n) for n in range(50)}


async def test_commit_order_is_seq_order(db: Database) -> None:  # E2
    """Whoever reads while others write sees a log without holes, up to its head."""
    writing = asyncio.gather(*(db.write(noting(f"{n}")) for n in range(60)))
    looks = 0
    while not writing.done():
        async with db.read() as tx:
            row = await tx.conn.fetchrow(
                """
                SELECT head, (SELECT count(*) FROM events WHERE stream = s.id) AS events
                FROM streams s WHERE id = $1
                """,
                ROOM.id,
            )
        assert row["head"] == row["events"]
        looks += 1
    await writing
    assert looks > 1, "the writers were done before anybody looked"


async def test_bus_and_log_tell_the_same_in_the_same_order(db: Database, bus: RecordingBus) -> None:
    await asyncio.gather(*(db.write(noting(f"{n}a", f"{n}b")) for n in range(20)))
    told = [(notice.seq, text_of(notice.body)) for notice in bus.published]
    assert sorted(told) == await logged(db)
    assert len({seq for seq, _ in told}) == 40


async def test_a_rollback_leaves_no_hole_and_tells_nobody(
    db: Database, bus: RecordingBus
) -> None:  # E2
    await db.write(noting("before"))

    async def refused(tx: Tx) -> None:
        tx.emit(ROOM, Noted(text="never"), None)
        await tx.lock(ROOM)
        raise Forbidden

    with pytest.raises(Forbidden):
        await db.write(refused)
    await db.write(noting("after"))
    assert await logged(db) == [(1, "before"), (2, "after")]
    assert [text_of(notice.body) for notice in bus.published] == ["before", "after"]


async def test_a_crash_before_the_commit_never_happened(
    dsn: str, clock: HandClock, db: Database
) -> None:
    bus = RecordingBus()
    failpoints = Failpoints({"before_commit": crash})
    async with open_database(dsn, clock, bus=bus, failpoints=failpoints) as (dying, _):
        with pytest.raises(Crash):
            await dying.write(noting("lost"))
    assert bus.published == []
    assert await logged(db) == []


async def test_a_crash_after_the_commit_is_in_the_log_and_nowhere_else(
    dsn: str, clock: HandClock, db: Database
) -> None:
    """What was committed and not published is what the fan-out's sweep is for."""
    bus = RecordingBus()
    failpoints = Failpoints({"after_commit": crash})
    async with open_database(dsn, clock, bus=bus, failpoints=failpoints) as (dying, _):
        with pytest.raises(Crash):
            await dying.write(noting("kept"))
    assert bus.published == []
    assert await logged(db) == [(1, "kept")]


async def test_what_is_published_is_committed(dsn: str, clock: HandClock) -> None:  # E2
    """A second connection, asked in the very moment of publishing, sees the event."""
    seen: list[int] = []

    class Looking(RecordingBus):
        def publish(self, notice: Notice) -> None:
            with psycopg.connect(dsn) as conn:
                row = conn.execute("SELECT max(seq) FROM events").fetchone()
            assert row is not None
            seen.append(row[0])

    async with open_database(dsn, clock, bus=Looking()) as (db, _):
        await db.write(open_streams)
        await db.write(noting("one"))
        await db.write(noting("two"))
    assert seen == [1, 2]


async def test_follow_ups_run_after_the_commit_and_never_without(db: Database) -> None:
    ran: list[str] = []

    def verb(text: str, fails: bool) -> Verb:
        async def follow(tx: Tx) -> None:
            tx.after_commit.append(lambda: ran.append(text))
            assert ran == []
            if fails:
                raise Forbidden

        return follow

    with pytest.raises(Forbidden):
        await db.write(verb("never", fails=True))
    await db.write(verb("once", fails=False))
    assert ran == ["once"]


async def test_a_lost_deadlock_is_tried_again(db: Database, bus: RecordingBus) -> None:
    both_hold_one = asyncio.Barrier(2)
    attempts: list[str] = []

    def locking(name: str, first: UUID, second: UUID) -> Verb:
        async def verb(tx: Tx) -> None:
            attempts.append(name)
            again = attempts.count(name) > 1
            sql = "SELECT FROM streams WHERE id = $1 FOR UPDATE"
            await tx.conn.execute(sql, first)
            if not again:
                await both_hold_one.wait()
            await tx.conn.execute(sql, second)
            tx.emit(ROOM, Noted(text=name), None)

        return verb

    one, other = OTHER_ROOM.id, ACCOUNT.id
    await asyncio.gather(
        db.write(locking("there", one, other)),
        db.write(locking("back", other, one)),
    )
    # Whoever gives way may meet the other once more.
    assert len(attempts) >= 3, "nobody met anybody"
    assert {text for _, text in await logged(db)} == {"there", "back"}
    assert len(bus.published) == 2


async def test_deadlocks_without_end_are_an_answer_that_may_be_retried(db: Database) -> None:  # C8
    async def always(tx: Tx) -> None:
        raise asyncpg.DeadlockDetectedError("again")

    with pytest.raises(Unavailable):
        await db.write(always)


async def test_locks_taken_in_any_order_never_wait_in_a_ring(db: Database) -> None:
    attempts = 0

    async def verb(tx: Tx, *order: Stream) -> None:
        nonlocal attempts
        attempts += 1
        await tx.lock(*order)
        tx.emit(ROOM, Noted(text="mine"), None)

    orders = list(permutations((ROOM, OTHER_ROOM, ACCOUNT)))
    writes = (db.write(lambda tx, order=order: verb(tx, *order)) for order in orders * 5)
    await asyncio.gather(*writes)
    assert len(await logged(db)) == 30
    assert attempts == 30, "somebody lost a deadlock"


async def test_whoever_is_cancelled_leaves_nothing_behind(db: Database) -> None:
    begun = asyncio.Event()

    async def endless(tx: Tx) -> None:
        tx.emit(ROOM, Noted(text="never"), None)
        await tx.lock(ROOM)
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(db.write(endless))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await db.write(noting("next"))  # would wait for the lock
    assert await logged(db) == [(1, "next")]


async def test_a_reading_transaction_neither_locks_nor_tells_nor_writes(db: Database) -> None:
    async with db.read() as tx:
        with pytest.raises(RuntimeError):
            await tx.lock(ROOM)
        with pytest.raises(RuntimeError):
            tx.emit(ROOM, Noted(text="never"), None)
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await tx.conn.execute("DELETE FROM streams")


async def test_a_reading_transaction_sees_one_moment(db: Database) -> None:
    sql = "SELECT head FROM streams WHERE id = $1"
    async with db.read() as tx:
        assert await tx.conn.fetchval(sql, ROOM.id) == 0
        await db.write(noting("meanwhile"))
        assert await tx.conn.fetchval(sql, ROOM.id) == 0


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.ConnectionDoesNotExistError("gone"),
        asyncpg.CannotConnectNowError("starting up"),
        asyncpg.TooManyConnectionsError("full"),
        asyncpg.AdminShutdownError("going"),
        asyncpg.CrashShutdownError("gone"),
        asyncpg.IdleInTransactionSessionTimeoutError("too slow"),
        asyncpg.LockNotAvailableError("lock timeout"),
        asyncpg.QueryCanceledError("statement timeout"),
        asyncpg.InterfaceError("pool is closing"),
        ConnectionRefusedError("nobody there"),
        TimeoutError("no connection in time"),
    ],
)
def test_a_database_that_is_away_may_be_asked_again(error: Exception) -> None:  # C8
    answer = translate(error)
    assert isinstance(answer, Unavailable)
    assert answer.retry_after


def test_a_full_disk_says_so() -> None:
    assert isinstance(translate(asyncpg.DiskFullError("no space")), StorageFull)


def test_our_own_mistakes_stay_mistakes() -> None:
    for error in (asyncpg.UndefinedTableError("x"), asyncpg.UniqueViolationError("x"), KeyError()):
        assert translate(error) is None


async def test_a_database_that_went_away_is_unavailable(dsn: str, clock: HandClock) -> None:
    async with open_database(dsn, clock) as (db, pool):
        async with pool.acquire() as conn:
            pid = conn.get_server_pid()
            async with AsyncExitStack() as stack:
                admin = await stack.enter_async_context(await open_pool(dsn, size=2))
                await admin.execute("SELECT pg_terminate_backend($1)", pid)
        await db.close()
        with pytest.raises(Unavailable):
            await db.write(noting("never"))


async def test_text_survives_the_log(db: Database) -> None:
    texts = [
        "olé \U0001f3b6",
        "'; DROP TABLE events; --",
        '{"a": [1]}',
        "\\",
        "\u200b",
        "line\nline",
    ]
    await db.write(noting(*texts))
    assert [text for _, text in await logged(db)] == texts


@pytest.mark.parametrize("type_", ["text", "jsonb"])
async def test_a_text_that_no_database_holds_is_the_askers_fault(dsn: str, type_: str) -> None:
    conn: Any = await asyncpg.connect(dsn)
    held = "\0" if type_ == "text" else r'"\u0000"'
    try:
        with pytest.raises(asyncpg.PostgresError) as refused:
            await conn.execute(f"SELECT $1::text::{type_}", held)
    finally:
        await conn.close()
    assert isinstance(translate(refused.value), Invalid)
