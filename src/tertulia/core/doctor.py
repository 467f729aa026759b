"""What may be wrong with this installation, and what to do about it.

A check is an async function of a `Patient` that answers findings; `CHECKS` and `DATABASE_CHECKS`
are all there are. Checks of the product's own invariants come from above as further arguments.
"""

import os
import re
import resource
import shutil
import stat
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

import asyncpg

from tertulia.core import postgres, redis_url
from tertulia.core.bus.link import Refused, ask_once
from tertulia.core.clamd import Scanner, ScannerAway
from tertulia.core.clock import Clock
from tertulia.core.config import Settings
from tertulia.core.config.values import ANY_ADDRESS
from tertulia.core.film import walls
from tertulia.core.migrate import MIGRATIONS
from tertulia.core.redis_url import RedisUrl
from tertulia.core.storage import files_folder, open_storage
from tertulia.core.storage.trying import Trouble, attempt

Level = Literal["ok", "warn", "fail"]
OLDEST_POSTGRES = 15
# The year this program was written: an earlier clock has never been set.
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
# Access tokens live for minutes and carry times made by either clock.
SKEW_WARN_SECONDS, SKEW_FAIL_SECONDS = 2.0, 30.0
OPEN_FILES = 4096
OLDEST_REDIS = 7  # sharded channels; and what we test with
SMALLEST_PUBSUB_BUFFER = 8 * 2**20
CONNECT_SECONDS = 5.0
LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}
RedisAddress: TypeAlias = tuple[str, int] | None
# Quoted: the class takes no parameter when the program runs, only in its stubs.
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True)
class Finding:
    """One answer. `advice` is what to do, and empty when all is well."""

    check: str
    level: Level
    text: str
    advice: str = ""


@dataclass(frozen=True)
class Patient:
    settings: Settings
    clock: Clock


Check = Callable[[Patient], Awaitable[Finding]]
DatabaseCheck = Callable[[Patient, Connection], Awaitable[Finding]]


async def examine(
    settings: Settings, clock: Clock, *, invariants: Sequence[DatabaseCheck] = ()
) -> list[Finding]:
    """Run every check; what cannot be asked because the database is away is one finding."""
    patient = Patient(settings, clock)
    findings = [await check(patient) for check in CHECKS]
    if settings.database_url is None and not postgres.exists(_embedded(settings)):
        text = "none yet: the first start makes one"
        return [*findings, Finding("database", "ok", text)]
    try:
        async with _connected(settings) as connection:
            findings += [await check(patient, connection) for check in DATABASE_CHECKS]
            current = await schema(patient, connection)
            findings.append(current)
            # Invariants speak of tables, which an unfinished schema may not have.
            if current.level == "ok":
                findings += [await check(patient, connection) for check in invariants]
    except (OSError, asyncpg.PostgresError, postgres.PostgresError) as error:
        advice = "Is the server up and TERTULIA_DATABASE_URL right?"
        findings.append(Finding("database", "fail", f"not reachable: {error}", advice))
    return findings


def _embedded(settings: Settings) -> Path:
    return settings.data_dir / "postgres"


@asynccontextmanager
async def _connected(settings: Settings) -> AsyncGenerator[Connection]:
    if settings.database_url is None:
        async with postgres.visiting(_embedded(settings)) as dsn, _open(dsn) as connection:
            yield connection
    else:
        async with _open(settings.database_url.value) as connection:
            yield connection


@asynccontextmanager
async def _open(dsn: str) -> AsyncGenerator[Connection]:
    # No statement cache: behind an old transaction pooler prepared statements would get lost.
    connection = await asyncpg.connect(dsn, timeout=CONNECT_SECONDS, statement_cache_size=0)
    try:
        yield connection
    finally:
        await connection.close()


async def storage(patient: Patient) -> Finding:
    """Files can be written where they are kept."""
    folder = files_folder(patient.settings)
    if folder is None:
        return await _bucket(patient.settings)
    nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
    try:
        with tempfile.TemporaryFile(dir=nearest) as probe:
            probe.write(b"tertulia")
    except OSError as error:
        advice = (
            f"Give this account (uid {os.geteuid()}) the folder: chown {os.geteuid()} {nearest}"
        )
        return Finding("storage", "fail", f"{nearest} cannot be written: {error.strerror}", advice)
    return Finding("storage", "ok", f"{folder} can be written")


async def _bucket(settings: Settings) -> Finding:
    try:
        await attempt(open_storage(settings)[0])
    except Trouble as trouble:
        return Finding("storage", "fail", f"the bucket {trouble.text}", trouble.advice)
    return Finding("storage", "ok", "the bucket can be written, read, listed and deleted from")


async def secret(patient: Patient) -> Finding:
    """The key exists, and nobody else can read it."""
    path = patient.settings.data_dir / "secret_key"
    if not patient.settings.secret_key.value:
        return Finding("secret", "ok", "none yet: the first start makes one")
    if not path.exists():
        return Finding("secret", "ok", "given by the settings")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        text = f"{path} can be read by others (mode {mode:04o})"
        return Finding("secret", "fail", text, f"chmod 600 {path}, then change the key.")
    return Finding("secret", "ok", f"{path}, mode {mode:04o}")


async def public_url(patient: Patient) -> Finding:
    url = patient.settings.public_url
    parts = urlsplit(url)
    if parts.hostname in ANY_ADDRESS:
        advice = "Set TERTULIA_PUBLIC_URL to the address people type."
        return Finding("public_url", "fail", f"{url} is no address anybody can open", advice)
    if parts.scheme == "http" and parts.hostname not in LOCAL_HOSTS:
        advice = "Put HTTPS in front: browsers refuse cameras, push and passkeys without it."
        return Finding("public_url", "warn", f"{url} is not encrypted", advice)
    return Finding("public_url", "ok", url)


async def clock(patient: Patient) -> Finding:
    now = patient.clock.now()
    if now < EARLIEST:
        advice = "Set the clock (timedatectl set-ntp true): sessions and certificates depend on it."
        return Finding("clock", "fail", f"it says {now:%Y-%m-%d}", advice)
    return Finding("clock", "ok", f"{now:%Y-%m-%d %H:%M:%S} UTC")


async def disk(patient: Patient) -> Finding:
    folder = patient.settings.data_dir
    nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free, floor = shutil.disk_usage(nearest).free, patient.settings.disk_floor
    text = f"{free / 2**30:.1f} GiB free in {nearest}"
    level: Level = "fail" if free < floor else "warn" if free < 4 * floor else "ok"
    return Finding("disk", level, text, "" if level == "ok" else "Free some space, or move data.")


async def open_files(_patient: Patient) -> Finding:
    """Every connected client is an open file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < OPEN_FILES:
        advice = f"Raise it: ulimit -n {min(hard, 65536) if hard > 0 else 65536}"
        return Finding("open_files", "warn", f"at most {soft}, clients included", advice)
    return Finding("open_files", "ok", f"up to {soft}")


async def version(_patient: Patient, connection: Connection) -> Finding:
    found = connection.get_server_version()
    text = f"PostgreSQL {await _setting(connection, 'server_version')}"
    if found.major < OLDEST_POSTGRES:
        return Finding("database", "fail", text, f"Tertulia needs {OLDEST_POSTGRES} or newer.")
    return Finding("database", "ok", text)


async def durability(_patient: Patient, connection: Connection) -> Finding:
    """A commit survives a power cut. Without fsync a cut does not lose the last second: it can
    lose the whole database, so this is never a warning."""
    names = ("fsync", "full_page_writes", "synchronous_commit")
    off = [name for name in names if await _setting(connection, name) == "off"]
    if off:
        advice = "Turn on and restart PostgreSQL: acknowledged messages would be lost."
        return Finding("durability", "fail", f"off: {', '.join(off)}", advice)
    return Finding("durability", "ok", "fsync, full page writes and synchronous commit are on")


async def checksums(_patient: Patient, connection: Connection) -> Finding:
    if await _setting(connection, "data_checksums") != "on":
        advice = "With PostgreSQL stopped: pg_checksums --enable"
        return Finding("checksums", "warn", "a bad disk would go unnoticed", advice)
    return Finding("checksums", "ok", "on")


async def collation(_patient: Patient, connection: Connection) -> Finding:
    """The order indexes were built in is the order the machine sorts in now. A new libc or ICU
    may sort differently, and an index then misses rows silently."""
    row = await connection.fetchrow(
        "SELECT datlocprovider::text AS provider, datcollate AS name, datcollversion AS built,"
        " pg_database_collation_actual_version(oid) AS now, current_database() AS database"
        " FROM pg_database WHERE datname = current_database()"
    )
    if row is None:
        return Finding("collation", "warn", "unknown", "May this role read pg_database?")
    if row["built"] != row["now"]:
        advice = (
            f'REINDEX DATABASE "{row["database"]}"; then ALTER DATABASE … REFRESH COLLATION VERSION'
        )
        text = f"indexes were built with {row['built']}, the machine sorts with {row['now']}"
        return Finding("collation", "fail", text, advice)
    if row["provider"] != "b" and row["name"] not in {"C", "C.UTF-8", "C.utf8", "POSIX"}:
        advice = "Harmless now; after a system upgrade run doctor again. Best: locale C.UTF-8."
        return Finding("collation", "warn", f"{row['name']} changes with the system", advice)
    return Finding("collation", "ok", "does not change with the system")


async def skew(patient: Patient, connection: Connection) -> Finding:
    before = patient.clock.now()
    theirs: datetime = await connection.fetchval("SELECT clock_timestamp()")
    after = patient.clock.now()
    middle = before + (after - before) / 2
    seconds = abs((theirs - middle).total_seconds())
    level: Level = "ok"
    if seconds > SKEW_WARN_SECONDS:
        level = "fail" if seconds > SKEW_FAIL_SECONDS else "warn"
    advice = "" if level == "ok" else "Let both machines follow NTP."
    return Finding("skew", level, f"the database's clock differs by {seconds:.1f} s", advice)


async def schema(_patient: Patient, connection: Connection) -> Finding:
    """The schema is the one this program was written for."""
    applied: set[str] = set()
    if await connection.fetchval("SELECT to_regclass('schema_migrations')") is not None:
        rows = await connection.fetch("SELECT migration_id FROM schema_migrations")
        applied = {row["migration_id"] for row in rows}
    missing = sorted(path.stem for path in MIGRATIONS.glob("*.sql") if path.stem not in applied)
    if missing:
        advice = "tertulia migrate up — or start the server, which does it."
        return Finding("schema", "fail", f"not applied: {', '.join(missing)}", advice)
    return Finding("schema", "ok", f"{len(applied)} migrations applied")


async def _setting(connection: Connection, name: str) -> str:
    value: str = await connection.fetchval("SELECT current_setting($1)", name)
    return value


async def redis(patient: Patient) -> Finding:
    """What joins the nodes answers, is new enough, and lets us do what we must."""
    if patient.settings.redis_url is None:
        return Finding("redis", "ok", "none: this process serves alone")
    where = redis_url.parse(patient.settings.redis_url.value)
    address = where.hosts[0] if where.hosts else None
    try:
        info = await ask_once(where, address, b"INFO", b"server")
        await _try_bus(where, address)
    except Refused as error:
        text = f"answers {error} to what every node must ask"
        return Finding("redis", "fail", text, "docs/ops/redis.md lists what the user needs.")
    except (OSError, TimeoutError) as error:
        text = f"not reachable: {type(error).__name__}"
        advice = "Is it up and TERTULIA_REDIS_URL right? Until then nodes hear each other late."
        return Finding("redis", "fail", text, advice)
    return await _judge_redis(where, address, info if isinstance(info, bytes) else b"")


async def _try_bus(where: RedisUrl, address: RedisAddress) -> None:
    """Raises Refused where the password opens too little."""
    publish = b"SPUBLISH" if where.cluster else b"PUBLISH"
    try:
        await ask_once(where, address, publish, b"tertulia:doctor", b"")
    except Refused as error:
        if str(error) != "MOVED":  # the right server is another: permission was looked at before
            raise


async def _judge_redis(where: RedisUrl, address: RedisAddress, info: bytes) -> Finding:
    found = re.search(rb"^(?:redis|valkey)_version:(\d+)\.(\S+)", info, re.MULTILINE)
    if found is None or int(found[1]) < OLDEST_REDIS:
        text = "of no known version" if found is None else f"version {found[1].decode()}"
        return Finding("redis", "fail", text, f"Tertulia needs {OLDEST_REDIS} or newer.")
    text = f"version {found[1].decode()}.{found[2].decode()}"
    try:
        limits = await ask_once(where, address, b"CONFIG", b"GET", b"client-output-buffer-limit")
    except Refused:  # a user that may not look is a careful operator's
        return Finding("redis", "ok", text)
    limit = re.search(r"pubsub (\d+) ", str(limits))
    if limit is not None and 0 < int(limit[1]) < SMALLEST_PUBSUB_BUFFER:
        text += f"; cuts a node off that is {int(limit[1])} bytes behind"
        advice = "client-output-buffer-limit pubsub 32mb 8mb 60 (its default) spares the database."
        return Finding("redis", "warn", text, advice)
    return Finding("redis", "ok", text)


async def scanner(patient: Patient) -> Finding:
    """Does clamd answer?"""
    settings = patient.settings
    if settings.clamd_url is None:
        return Finding("scanner", "ok", "none: files are called not scanned")
    clamd = Scanner(settings.clamd_url, settings.clamd_max_size, seconds=CONNECT_SECONDS)
    try:
        said = await clamd.version()
    except ScannerAway as error:
        text = f"clamd does not answer at {settings.clamd_url}: {error}"
        advice = "Is it running, and may this user connect to it? docs/ops/scanning.md"
        return Finding("scanner", "fail", text, advice)
    return Finding("scanner", "ok", said[:120])


async def films(_patient: Patient) -> Finding:
    """What takes strangers' films apart sees nothing but them."""
    found = await walls()
    missing = [
        text
        for stands, text in (
            (found.network, "a network of their own (user namespaces)"),
            (found.files, "a disk of which they see little (Landlock)"),
        )
        if not stands
    ]
    if missing:
        text = f"children that read films lack {' and '.join(missing)}"
        return Finding("films", "warn", text, "docs/ops/films.md says what forbids it.")
    return Finding("films", "ok", "children that read films reach no network and no other file")


CHECKS: tuple[Check, ...] = (
    storage,
    secret,
    public_url,
    clock,
    disk,
    open_files,
    redis,
    scanner,
    films,
)
DATABASE_CHECKS: tuple[DatabaseCheck, ...] = (version, durability, checksums, collation, skew)
