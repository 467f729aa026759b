"""Restoring: the files first, then the database in one transaction that also begins a new life of
the log (ADR 0004). Until that has committed there is nothing that a server could start on."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast
from uuid import UUID

import asyncpg

from tertulia.core import migrate, postgres
from tertulia.core.backups.manifest import SECRET, Listed
from tertulia.core.backups.reading import Backup, BadBackup
from tertulia.core.backups.writing import pour
from tertulia.core.config import Settings
from tertulia.core.storage import Incoming, Storage, open_storage
from tertulia.main.backups import UPLOADS

Tell = Callable[[int], None]

# Numbers of transactions mean nothing in another database, and cursors are made of them.
RENEW = (
    "UPDATE server SET epoch = gen_random_uuid();",
    "UPDATE streams SET touched = pg_current_xact_id();",
    "UPDATE events SET xid = pg_current_xact_id();",
)
SCRATCH = ".restoring"


class Occupied(Exception):
    """The words say what is there already, or who."""


class Restored(NamedTuple):
    """`damaged`: objects whose bytes the backup does not hold. `secret`: the server's key was
    brought back."""

    objects: int
    damaged: list[str]
    secret: bool


async def require_free(settings: Settings, dsn: str, *, force: bool) -> None:
    """Raises Occupied: a server is running, or (without `force`) there is something to lose."""
    conn: Any = await cast("Any", asyncpg).connect(dsn)
    try:
        others = await conn.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        if others:
            raise Occupied("Somebody is connected to the database: stop the server first.")
        has_accounts = await conn.fetchval("SELECT to_regclass('public.accounts') IS NOT NULL")
        if not force and has_accounts and await conn.fetchval("SELECT count(*) FROM accounts"):
            raise Occupied("The database has accounts already: --force replaces it.")
    finally:
        await conn.close()
    storage, _ = open_storage(settings)
    if not force:
        async for stored in storage.list("blobs/"):
            raise Occupied(f"The file storage holds files already ({stored.key}): --force adds.")


def require_readable(backup: Backup) -> None:
    """Raises BadBackup for one that a newer program made."""
    known = {path.stem for path in migrate.MIGRATIONS.glob("*.sql")}
    unknown = sorted(set(backup.manifest.migrations) - known)
    if unknown:
        raise BadBackup(
            f"it was made by Tertulia {backup.manifest.version}, which is newer than this one"
            f" ({unknown[-1]})"
        )


async def restore(settings: Settings, dsn: str, backup: Backup, tell: Tell) -> Restored:
    """What the database held is gone. Raises BadBackup, PostgresError, StorageAway."""
    scratch = settings.data_dir / SCRATCH
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    storage, incoming = open_storage(settings)
    damaged: list[str] = []
    try:
        for one in backup.objects:
            try:
                await _bring_back(one, backup, storage, incoming, scratch)
            except BadBackup as error:
                damaged.append(str(error))
            tell(one.size)
        backup.dump(scratch)
        await postgres.load(dsn, scratch, RENEW)
    finally:
        scratch.unlink(missing_ok=True)
    await migrate.up(dsn)
    return Restored(len(backup.objects) - len(damaged), damaged, _put_secret(settings, backup))


async def renew(dsn: str) -> None:
    """After a database came back by other means: no cursor of before is believed any more."""
    conn: Any = await cast("Any", asyncpg).connect(dsn)
    try:
        await conn.execute("\n".join(RENEW))  # one question: PostgreSQL does all of it or nothing
    finally:
        await conn.close()


async def _bring_back(
    one: Listed, backup: Backup, storage: Storage, incoming: Incoming, scratch: Path
) -> None:
    """Whole and as it was, or not at all."""
    await pour(_flowing(backup.read(one)), scratch)
    if not one.key.startswith(UPLOADS):
        await storage.put(one.key, scratch)
        return
    upload = UUID(one.key.removeprefix(UPLOADS))
    await incoming.remove(upload)
    await incoming.begin(upload)
    await incoming.append(upload, 0, _flowing(_blocks(scratch)))


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(1 << 18):
            yield block


async def _flowing(blocks: Iterator[bytes]) -> AsyncIterator[bytes]:
    for block in blocks:
        yield block


def _put_secret(settings: Settings, backup: Backup) -> bool:
    """Where the server keeps its own key and has none yet."""
    place, secret = settings.data_dir / SECRET, backup.secret()
    if secret is None or place.exists():
        return False
    place.touch(mode=0o600)
    place.write_text(secret)
    return True
