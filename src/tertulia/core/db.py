"""The database: a pool, and transactions that publish what they committed."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

import asyncpg
import structlog

from tertulia.core.bus import Bus, Notice
from tertulia.core.clock import Clock
from tertulia.core.errors import AppError, Invalid, Unavailable
from tertulia.core.failpoints import Failpoints
from tertulia.core.ids import Ids
from tertulia.core.tx import Reactions, Tx

log = structlog.get_logger(__name__)
T = TypeVar("T")

POOL_SIZE = 12  # connections; two cores keep no more than a few busy, the rest wait on commits
ACQUIRE_SECONDS = 2.0  # waiting longer than this for a connection is an answer, not a queue
COMMAND_SECONDS = 5.0  # no statement of ours may take longer
LOCK_SECONDS = 2.0
ATTEMPTS = 4  # of a transaction that lost a deadlock


class StorageFull(AppError):
    code, status, title = "storage_full", 507, "The server's disk is full"


class Locked(Unavailable):
    """Somebody else holds what this needs. The database itself is well."""


class Database:
    """Everything the rest of the program may do with PostgreSQL."""

    def __init__(
        self,
        pool: Any,
        *,
        bus: Bus,
        clock: Clock,
        ids: Ids,
        reactions: Reactions,
        failpoints: Failpoints,
    ) -> None:
        self._pool = pool
        self._bus = bus
        self._clock = clock
        self._ids = ids
        self._reactions = reactions
        self._failpoints = failpoints
        self._told: Callable[[Sequence[Notice]], None] | None = None

    def tell(self, committed: Callable[[Sequence[Notice]], None]) -> None:
        """Tell of every commit from now on, beside the bus. Whoever listens must not fail."""
        self._told = committed

    async def write(self, verb: Callable[[Tx], Awaitable[T]]) -> T:
        """Run a verb in one transaction and publish its facts after the commit.

        A verb may run again after a deadlock, so it must touch nothing but its transaction. Raises
        `Unavailable` where nothing is known to have happened, `StorageFull`, or the verb's errors.
        """
        lost: Exception | None = None
        for _ in range(ATTEMPTS):
            try:
                return await self._write_once(verb)
            except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError) as error:
                lost = error
        raise Unavailable(retry_after=1.0) from lost

    async def _write_once(self, verb: Callable[[Tx], Awaitable[T]]) -> T:
        async with self._connection() as conn:
            transaction = conn.transaction()
            await transaction.start()
            tx = self._tx(conn, writable=True)
            try:
                result = await verb(tx)
                notices = await tx.flush()
                self._failpoints.hit("before_commit")
            except BaseException:
                await transaction.rollback()
                raise
            # No await between the commit's return and the publishing: a cancelled client must not
            # leave others waiting for the sweep. What a crash leaves unpublished, the sweep finds.
            await transaction.commit()
            self._failpoints.hit("after_commit")
            for notice in (*notices, *tx.hints):
                self._bus.publish(notice)
            if notices and self._told is not None:
                self._told(notices)
            for follow_up in tx.after_commit:
                follow_up()
            return result

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Tx]:
        """A reading transaction: one snapshot for all its statements."""
        async with (
            self._connection() as conn,
            conn.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield self._tx(conn, writable=False)

    def _tx(self, conn: Any, *, writable: bool) -> Tx:
        return Tx(
            conn,
            now=self._clock.now(),
            ids=self._ids,
            writable=writable,
            reactions=self._reactions,
        )

    @asynccontextmanager
    async def _connection(self) -> AsyncGenerator[Any]:
        try:
            async with self._pool.acquire(timeout=ACQUIRE_SECONDS) as conn:
                yield conn
        except Exception as error:
            translated = translate(error)
            if translated is None:
                raise
            raise translated from error

    async def close(self) -> None:
        """Give statements in flight a moment, then cut them."""
        try:
            await asyncio.wait_for(self._pool.close(), COMMAND_SECONDS)
        except TimeoutError:
            self._pool.terminate()


def translate(error: Exception) -> AppError | None:
    """The answer for a database that is away, overloaded or full, or that cannot hold a text; None
    for everything else."""
    # Every text should have been looked at before; NUL is the one that PostgreSQL cannot hold.
    if isinstance(
        error, (asyncpg.UntranslatableCharacterError, asyncpg.CharacterNotInRepertoireError)
    ):
        return Invalid("The text holds a NUL character.")
    if isinstance(error, asyncpg.DiskFullError):
        return StorageFull()
    if isinstance(error, asyncpg.LockNotAvailableError):
        return Locked(retry_after=1.0)
    away = (
        asyncpg.PostgresConnectionError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,  # a connection that died unread: its state fits no request
        asyncpg.CannotConnectNowError,
        asyncpg.TooManyConnectionsError,
        asyncpg.AdminShutdownError,
        asyncpg.CrashShutdownError,
        asyncpg.IdleInTransactionSessionTimeoutError,
        asyncpg.QueryCanceledError,
        OSError,
        TimeoutError,
    )
    return Unavailable(retry_after=1.0) if isinstance(error, away) else None


async def open_pool(dsn: str, *, size: int = POOL_SIZE) -> Any:
    """A pool whose connections speak our JSON and give up in time."""
    create_pool = cast("Any", asyncpg).create_pool  # asyncpg ships no complete types
    return await create_pool(
        dsn,
        min_size=2,
        max_size=size,
        init=_prepare,
        reset=_keep,
        command_timeout=COMMAND_SECONDS,
        server_settings={
            "lock_timeout": f"{LOCK_SECONDS}s",
            "statement_timeout": f"{COMMAND_SECONDS}s",
            # A node that is paused in the middle of one must not hold its locks until it wakes.
            "idle_in_transaction_session_timeout": f"{COMMAND_SECONDS}s",
            "timezone": "UTC",
        },
    )


async def _keep(_conn: Any) -> None:
    """A connection comes back as it was taken: we end our transactions, and neither listen nor
    change settings. asyncpg's own reset would cost every transaction one more round trip."""


async def _prepare(conn: Any) -> None:
    """`jsonb` is bytes of JSON on our side: encoded once by msgspec, never parsed by asyncpg."""
    await conn.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=_jsonb,
        decoder=_json,
    )


def _jsonb(json: bytes) -> bytes:
    return b"\x01" + json  # the version byte of jsonb's binary form


def _json(jsonb: bytes) -> bytes:
    return bytes(jsonb[1:])
