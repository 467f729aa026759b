"""Backups: the database and the files that it names, taken together while the server runs.

First the database, as of one snapshot; then the files that this snapshot names. Files never change
under their key, so they are the ones of that moment whenever they are copied, if only none is
thrown away in between: while a lock is held, nothing is (`files.service.keeping`). An upload that
was not looked at yet moves while we copy; it is looked for where it went.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast

import asyncpg
import msgspec

from tertulia.core import postgres
from tertulia.core.backups.manifest import (
    DUMP,
    FOLDER,
    FORMAT,
    MANIFEST,
    OBJECTS,
    SECRET,
    Listed,
    Manifest,
    as_lines,
)
from tertulia.core.backups.writing import Writing, digest_of, pour, write_backup
from tertulia.core.clock import SystemClock
from tertulia.core.config import Settings
from tertulia.core.ids import SystemIds
from tertulia.core.storage import Missing, open_storage
from tertulia.core.tx import Tx
from tertulia.features.files.service import keeping
from tertulia.features.files.service.keeping import Named, Waiting
from tertulia.features.files.service.settling import blob_key
from tertulia.main.premises import version

FILMS = "films/"
UPLOADS = "incoming/"

Tell = Callable[[int], None]


class Taken(NamedTuple):
    """What a backup holds now: objects and their bytes, how many of them are new, those whose bytes
    are not the ones they should be, those that are not there, and how many were pruned."""

    objects: int
    bytes: int
    fresh: int
    damaged: list[str]
    missing: list[str]
    pruned: int


class Backing:
    """A snapshot, open. `size` is what `copy` will tell of, in bytes."""

    def __init__(
        self, tx: Tx, conn: Any, snapshot: str, settings: Settings, writing: Writing
    ) -> None:
        self._tx = tx
        self._conn = conn
        self._snapshot = snapshot
        self._settings = settings
        self._writing = writing
        self._storage, self._incoming = open_storage(settings)
        self._named: list[Named] = []
        self._waiting: list[Waiting] = []
        self._known = writing.known()
        self._migrations: list[str] = []
        self._dump = ""
        self.size = 0

    async def dump(self, dsn: str) -> None:
        """The database, and the list of what is to be copied."""
        target = self._writing.scratch()
        await postgres.dump(dsn, target, self._snapshot)
        self._dump = digest_of(target)
        self._writing.take(DUMP, target)
        self._named = await keeping.everything(self._tx)
        self._waiting = await keeping.waiting(self._tx)
        applied = "SELECT migration_id FROM schema_migrations ORDER BY migration_id"
        self._migrations = [row["migration_id"] for row in await self._conn.fetch(applied)]
        # Playlists and segments have no sizes here: a film is what lies in its folder.
        async for stored in self._storage.list(FILMS):
            self._named.append(Named(stored.key, stored.size, None, going=True))
        self.size = sum(one.size for one in (*self._named, *self._waiting))
        # From here on everything is copied by its name. The lock stays ours.
        await self._conn.execute("ROLLBACK")

    async def copy(self, tell: Tell, *, verify: bool, prune: bool) -> Taken:
        """The files, the pages, and last of all the manifest."""
        copied: list[Listed] = []
        damaged: list[str] = []
        missing: list[str] = []
        fresh = 0
        for one in self._named:
            known = self._known.get(one.key)
            if known is None or verify or known.size != one.size:
                known = await self._copy(one.key, self._storage.read(one.key))
                fresh += known is not None
            tell(one.size)
            if known is None:
                missing += [] if one.going else [one.key]
                continue
            if one.sha256 not in (None, known.sha256):
                damaged.append(one.key)
            copied.append(known)
        for one in self._waiting:
            known = await self._copy_upload(one)
            tell(one.size)
            if known is not None:
                copied.append(known)
                fresh += 1
        self._put_secret()
        self._put_pages(copied)
        pruned = self._writing.prune({one.key for one in copied}) if prune else 0
        return Taken(len(copied), sum(one.size for one in copied), fresh, damaged, missing, pruned)

    async def _copy(self, key: str, blocks: AsyncIterator[bytes]) -> Listed | None:
        target = self._writing.scratch()
        try:
            sha256, size = await pour(blocks, target)
        except Missing:
            return None
        self._writing.take(FOLDER + key, target)
        return Listed(sha256, size, key)

    async def _copy_upload(self, one: Waiting) -> Listed | None:
        """Where it lay; else where a look at it has moved it; else where the same bytes lay before
        it came. None for what turned out to be nothing, or was deleted."""
        key = f"{UPLOADS}{one.incoming}"
        copied = await self._copy(key, self._incoming.read(one.incoming))
        if copied is None:
            copied = await self._copy(key, self._storage.read(blob_key(one.incoming)))
        if copied is None:
            now = await keeping.key_of(self._tx, one)  # outside of the snapshot by now
            copied = None if now is None else await self._copy(key, self._storage.read(now))
        return copied

    def _put_secret(self) -> None:
        kept = self._settings.data_dir / SECRET
        if kept.is_file():
            self._put(SECRET, kept.read_bytes())

    def _put_pages(self, copied: list[Listed]) -> None:
        objects = self._put(OBJECTS, as_lines(copied).encode())
        manifest = Manifest(
            format=FORMAT,
            made_at=self._tx.now,
            version=version(),
            dump_sha256=self._dump,
            objects_sha256=objects,
            objects=len(copied),
            bytes=sum(one.size for one in copied),
            migrations=self._migrations,
        )
        self._put(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
        self._writing.close()

    def _put(self, name: str, data: bytes) -> str:
        target = self._writing.scratch()
        target.touch(mode=0o600)
        target.write_bytes(data)
        digest = digest_of(target)
        self._writing.take(name, target)
        return digest


@asynccontextmanager
async def open_backing(settings: Settings, dsn: str, place: Path) -> AsyncGenerator[Backing]:
    """Begin a backup at `place`. One at a time: another one waits here."""
    conn: Any = await cast("Any", asyncpg).connect(dsn)
    try:
        with write_backup(place) as writing:
            # Whoever is dooming bytes right now commits first; whoever comes later waits for us.
            await conn.execute("SELECT pg_advisory_lock($1)", keeping.BACKUP_LOCK)
            await conn.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            snapshot = await conn.fetchval("SELECT pg_export_snapshot()")
            clock = SystemClock()
            tx = Tx(conn, now=clock.now(), ids=SystemIds(clock), writable=False, reactions={})
            yield Backing(tx, conn, snapshot, settings, writing)
    finally:
        await conn.close()
