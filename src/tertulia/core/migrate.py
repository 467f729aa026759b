"""Plain dated SQL files brought into the database, each once, in the order of their names.

yoyo-migrations reads, orders and records the files (ADR 0002). What it does not promise is added
here: one runner at a time by an advisory lock on the same connection that does the work, and a
file's statements and its record in one transaction, so that a kill at any moment leaves either
both or neither.

Needs a direct connection: behind a transaction pooler an advisory lock belongs to nobody.
"""

import asyncio
import glob
import re
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Protocol, cast

import psycopg
from psycopg import errors
from yoyo.backends.core.postgresql import PostgresqlPsycopgBackend
from yoyo.migrations import read_migrations  # pyright: ignore[reportUnknownVariableType]

MIGRATIONS = Path(__file__).parent.parent / "migrations"
FILE_NAME = re.compile(r"\d{8}_\d{4}_[a-z0-9_]+\.sql")
# The number means nothing; it must only differ from other advisory locks of this database.
LOCK_KEY = 7_283_410_551
LOCK_LOOK_SECONDS = 0.1
LOCK_RETRIES = 5
CONNECT_SECONDS = 10


class MigrationError(Exception):
    """A migration could not be applied; everything before it stays, nothing of it does."""


class MigrationBusyError(MigrationError):
    """Another process migrates this database, or holds a lock a migration needs. Try again."""


@dataclass(frozen=True)
class Limits:
    """How long a runner waits: for a table lock (and before asking again), for one statement
    (0: no limit), for its turn.

    A migration that queues for a lock makes every later statement on that table queue behind it,
    so the wait is short and tried again. Seconds.
    """

    lock: float = 4.0
    pause: float = 1.0
    statement: float = 0.0
    turn: float = 60.0


@dataclass(frozen=True)
class Entry:
    """One migration: in the folder (`path`), in the database (`applied_at`), or in both.

    Without a path it was applied by a newer program than this one.
    """

    name: str
    path: Path | None
    applied_at: datetime | None


async def up(dsn: str, *, source: Path = MIGRATIONS, limits: Limits | None = None) -> list[str]:
    """Apply what is missing, and tell the names. Raises MigrationError, MigrationBusyError."""
    return await asyncio.to_thread(_up, dsn, source, limits or Limits())


async def status(dsn: str, *, source: Path = MIGRATIONS) -> list[Entry]:
    """Every migration this program or this database knows, by name. Changes nothing."""
    return await asyncio.to_thread(_status, dsn, source)


async def plan(dsn: str, *, source: Path = MIGRATIONS) -> list[Entry]:
    """Those `up` would apply now, in that order. Changes nothing."""
    return [entry for entry in await status(dsn, source=source) if entry.applied_at is None]


class _Migration(Protocol):
    """What we use of yoyo's class, which is untyped."""

    id: str
    path: str
    use_transactions: bool

    def load(self) -> None: ...
    def process_steps(self, backend: "_Backend", direction: str) -> None: ...


class _Backend(PostgresqlPsycopgBackend):
    """yoyo on psycopg, with libpq's reading of the address instead of yoyo's own."""

    log_table: ClassVar[str] = "schema_migrations_log"
    version_table: ClassVar[str] = "schema_migrations_version"

    @property
    def connection(self) -> psycopg.Connection[Any]:
        return cast("psycopg.Connection[Any]", self._connection)

    def connect(self, dburi: str) -> psycopg.Connection[Any]:
        return psycopg.connect(dburi, autocommit=True, connect_timeout=CONNECT_SECONDS)

    def list_tables(self, **kwargs: Any) -> list[str]:  # noqa: ARG002 — yoyo's signature
        """yoyo's own asks its parsed address, which we do not have."""
        tables = "SELECT table_name FROM information_schema.tables"
        found = self.connection.execute(f"{tables} WHERE table_schema = current_schema()")
        return [name for (name,) in found]

    @contextmanager
    def lock(self, timeout: float = 0) -> Generator[None]:  # noqa: ARG002 — yoyo's signature
        """Nothing: yoyo's lock is a row, which stays for ever when its owner is killed."""
        yield

    def missing_of(self, migrations: Any) -> Iterable[_Migration]:
        found = self.to_apply(migrations)  # pyright: ignore[reportUnknownMemberType]
        return cast("Iterable[_Migration]", found)

    def record(self, migration: _Migration) -> None:
        """Without yoyo's log entry: it asks for our login name, which a container may not have."""
        self.mark_one(migration, log=False)  # pyright: ignore[reportUnknownMemberType]


def _up(dsn: str, source: Path, limits: Limits) -> list[str]:
    migrations = _read(source)
    with _open(dsn) as backend:
        connection = backend.connection
        _limit(connection, limits)
        with _turn(connection, limits.turn):
            missing = backend.missing_of(migrations)
            names: list[str] = []
            for migration in missing:
                _patiently(lambda m=migration: _apply(backend, m), migration.id, limits.pause)
                names.append(migration.id)
            return names


def _status(dsn: str, source: Path) -> list[Entry]:
    files = {cast("_Migration", found).id: found for found in _read(source)}
    with psycopg.connect(dsn, autocommit=True, connect_timeout=CONNECT_SECONDS) as connection:
        applied = _applied(connection)
    names = sorted(files.keys() | applied.keys())
    return [
        Entry(name, Path(files[name].path) if name in files else None, applied.get(name))
        for name in names
    ]


def _applied(connection: psycopg.Connection[Any]) -> dict[str, datetime]:
    known = connection.execute("SELECT to_regclass('schema_migrations')").fetchone()
    if known is None or known[0] is None:
        return {}
    rows = connection.execute("SELECT migration_id, applied_at_utc FROM schema_migrations")
    return {name: at.replace(tzinfo=UTC) for name, at in rows}


def _read(source: Path) -> Any:
    """The SQL files of the folder as yoyo's list. A misnamed one would run in the wrong place."""
    wrong = [p.name for p in source.iterdir() if p.suffix == ".sql" and not _is_named_well(p)]
    if wrong:
        raise MigrationError(f"Name migrations YYYYMMDD_HHMM_words.sql: {', '.join(sorted(wrong))}")
    found: Any = read_migrations(glob.escape(str(source)))
    # yoyo would run Python files too: the package's own `__init__` is not a migration.
    return found.filter(_is_sql)


def _is_sql(migration: _Migration) -> bool:
    return migration.path.endswith(".sql")


def _is_named_well(path: Path) -> bool:
    return FILE_NAME.fullmatch(path.name) is not None


@contextmanager
def _open(dsn: str) -> Generator[_Backend]:
    backend = _Backend(dsn, "schema_migrations")
    with backend:
        yield backend


def _limit(connection: psycopg.Connection[Any], limits: Limits) -> None:
    for name, seconds in (("lock_timeout", limits.lock), ("statement_timeout", limits.statement)):
        value = f"{round(seconds * 1000)}ms"
        connection.execute("SELECT set_config(%s, %s, false)", (name, value))


@contextmanager
def _turn(connection: psycopg.Connection[Any], seconds: float) -> Generator[None]:
    """Our turn among all runners on all nodes.

    Asked for again and again rather than waited for: a session that waits inside a statement holds
    a snapshot, and CREATE INDEX CONCURRENTLY of the runner before us would wait for that.
    """
    until = time.monotonic() + seconds
    while not _ask(connection, "SELECT pg_try_advisory_lock(%s)"):
        if time.monotonic() > until:
            raise MigrationBusyError("Another process is migrating this database: try again later.")
        time.sleep(LOCK_LOOK_SECONDS)
    try:
        yield
    finally:
        if not connection.closed:
            _ask(connection, "SELECT pg_advisory_unlock(%s)")


def _ask(connection: psycopg.Connection[Any], sql: Any) -> bool:
    row = connection.execute(sql, (LOCK_KEY,)).fetchone()
    return row is not None and bool(row[0])


def _patiently(apply: Callable[[], None], name: str, pause: float) -> None:
    for attempt in range(1, LOCK_RETRIES + 1):
        try:
            apply()
        except errors.LockNotAvailable as error:
            if attempt == LOCK_RETRIES:
                raise MigrationBusyError(f"{name}: a table it needs stays locked.") from error
            time.sleep(pause)
        except psycopg.Error as error:
            raise MigrationError(f"{name}: {error}") from error
        else:
            return


def _apply(backend: _Backend, migration: _Migration) -> None:
    """One file and its record: together, or, where it says `-- transactional: false`, the record
    after the file. Such a file must stand being run twice."""
    migration.load()
    whole = backend.transaction() if migration.use_transactions else nullcontext()
    with whole:
        migration.process_steps(backend, "apply")
        backend.record(migration)
