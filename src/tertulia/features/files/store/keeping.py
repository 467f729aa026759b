"""Rows of bytes that nobody holds any more, or that are not where they should be."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.files.schemas import File
from tertulia.features.files.store.rows import SELECT, file_of

# Of this database; the number means nothing. A backup holds it (`features.files.service.keeping`).
BACKUP_LOCK = 7_283_410_612


class Doomed(NamedTuple):
    id: UUID
    media_type: str
    doomed_at: datetime | None


class Dropped(NamedTuple):
    """Files that were never sent: where their bytes lie."""

    incoming: list[UUID]
    blobs: list[UUID]


class Named(NamedTuple):
    """Bytes that should lie in the storage; `going`: that may be thrown away right now."""

    key: str
    size: int
    sha256: str | None
    going: bool


class Waiting(NamedTuple):
    """A file whose bytes still lie where they were uploaded to."""

    room_id: UUID
    file_id: UUID
    incoming: UUID
    size: int


class Usage(NamedTuple):
    """Of the whole server: `bytes` of blobs and what was made of them, by how many blobs; `held`,
    what that would be if every file had bytes of its own, by how many files."""

    bytes: int
    blobs: int
    held: int
    files: int


async def may_throw_away(tx: Tx) -> bool:
    """Not while somebody copies everything; and until `tx` ends nobody begins to."""
    return await tx.conn.fetchval("SELECT pg_try_advisory_xact_lock_shared($1)", BACKUP_LOCK)


async def lock(tx: Tx, blob_id: UUID) -> Doomed | None:
    """Whoever gives it to a file has to wait from then on (by the same lock, or by that of the
    reference)."""
    row = await tx.conn.fetchrow(
        "SELECT id, media_type, doomed_at FROM blobs WHERE id = $1 FOR UPDATE", blob_id
    )
    return Doomed(*row) if row else None


async def is_held(tx: Tx, blob_id: UUID) -> bool:
    """To be asked in a statement after `lock`: that one may have waited, and sees what was there
    before."""
    return await tx.conn.fetchval("SELECT EXISTS (SELECT FROM files WHERE blob_id = $1)", blob_id)


async def doom(tx: Tx, blob_id: UUID) -> None:
    await tx.conn.execute("UPDATE blobs SET doomed_at = $2 WHERE id = $1", blob_id, tx.now)


async def spare(tx: Tx, blob_id: UUID) -> None:
    """Somebody holds it after all. Where the same bytes came anew meanwhile, they hold those."""
    await tx.conn.execute(
        """
        UPDATE files SET blob_id = fresh.id FROM blobs old
        JOIN blobs fresh ON fresh.sha256 = old.sha256 AND fresh.doomed_at IS NULL
        WHERE old.id = $1 AND files.blob_id = old.id
        """,
        blob_id,
    )
    await tx.conn.execute(
        """
        UPDATE blobs SET doomed_at = NULL
        WHERE id = $1 AND EXISTS (SELECT FROM files WHERE blob_id = $1)
        """,
        blob_id,
    )


async def keys(tx: Tx, blob_id: UUID) -> list[str]:
    """Everything of it that lies in the storage, but for films."""
    rows = await tx.conn.fetch(
        "SELECT key FROM renditions WHERE blob_id = $1 UNION ALL"
        " SELECT key FROM blobs WHERE id = $1",
        blob_id,
    )
    return [row["key"] for row in rows]


async def remove(tx: Tx, blob_id: UUID) -> None:
    await tx.conn.execute("DELETE FROM blobs WHERE id = $1 AND doomed_at IS NOT NULL", blob_id)


async def drop_unsent(tx: Tx, before: datetime, limit: int) -> Dropped:
    """Files that were uploaded long ago and never sent. What is being sent right now is locked, and
    passed over."""
    rows = await tx.conn.fetch(
        """
        DELETE FROM files WHERE id IN (
            SELECT id FROM files WHERE message_id IS NULL AND created_at < $1 AND NOT quarantined
            ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED
        ) RETURNING incoming, blob_id
        """,
        before,
        limit,
    )
    return _dropped(rows)


async def drop(tx: Tx, account_id: UUID, room_id: UUID, file_id: UUID) -> Dropped:
    """One that this account has not sent."""
    rows = await tx.conn.fetch(
        """
        DELETE FROM files WHERE room_id = $2 AND id = $3 AND account_id = $1
            AND message_id IS NULL AND NOT quarantined RETURNING incoming, blob_id
        """,
        account_id,
        room_id,
        file_id,
    )
    return _dropped(rows)


def _dropped(rows: Sequence[Any]) -> Dropped:
    return Dropped(
        [row["incoming"] for row in rows if row["incoming"]],
        [row["blob_id"] for row in rows if row["blob_id"]],
    )


async def idle_blobs(tx: Tx, before: datetime, limit: int) -> list[UUID]:
    """Blobs that nobody holds, and nobody was told to throw away."""
    rows = await tx.conn.fetch(
        """
        SELECT b.id FROM blobs b WHERE b.doomed_at IS NULL AND b.created_at < $1
            AND NOT EXISTS (SELECT FROM files f WHERE f.blob_id = b.id) LIMIT $2
        """,
        before,
        limit,
    )
    return [row["id"] for row in rows]


async def unknown(tx: Tx, keys: Sequence[str]) -> list[str]:
    """Of these keys the ones that no row names, and no upload that is being looked at will."""
    rows = await tx.conn.fetch(
        """
        SELECT k.key FROM unnest($1::text[]) AS k (key)
        WHERE NOT EXISTS (SELECT FROM blobs b WHERE b.key = k.key)
            AND NOT EXISTS (SELECT FROM renditions r WHERE r.key = k.key)
            AND NOT EXISTS (SELECT FROM files f WHERE f.quarantined
                AND k.key = 'quarantine/' || replace(f.id::text, '-', ''))
            AND NOT EXISTS (SELECT FROM files f WHERE f.state = 'checking'
                AND position(replace(f.incoming::text, '-', '') IN k.key) > 0)
        """,
        keys,
    )
    return [row["key"] for row in rows]


async def named(tx: Tx, after: str, limit: int) -> list[str]:
    """The keys of blobs that files hold, in order, from `after` on."""
    rows = await tx.conn.fetch(
        "SELECT key FROM blobs WHERE key > $1 AND doomed_at IS NULL ORDER BY key LIMIT $2",
        after,
        limit,
    )
    return [row["key"] for row in rows]


async def holders(tx: Tx, key: str) -> list[File]:
    """The files whose bytes lie there."""
    rows = await tx.conn.fetch(SELECT + "WHERE b.key = $1 ORDER BY f.room_id, f.id", key)
    return [file_of(row) for row in rows]


async def lose(tx: Tx, file: File) -> File | None:
    """Its bytes are gone for good. None: so is the file."""
    row = await tx.conn.fetchrow(
        "UPDATE files SET state = 'failed', blob_id = NULL WHERE room_id = $1 AND id = $2"
        " AND state = 'ready' RETURNING id",
        file.room_id,
        file.id,
    )
    if row is None:
        return None
    again = await tx.conn.fetchrow(
        SELECT + "WHERE f.room_id = $1 AND f.id = $2", file.room_id, file.id
    )
    return file_of(again)


async def everything(tx: Tx) -> list[Named]:
    """All bytes that rows name, but for films and the quarantine."""
    rows = await tx.conn.fetch(
        """
        SELECT key, size, encode(sha256, 'hex') AS sha256, doomed_at IS NOT NULL AS going
        FROM blobs
        UNION ALL
        SELECT r.key, r.size, NULL, b.doomed_at IS NOT NULL
        FROM renditions r JOIN blobs b ON b.id = r.blob_id
        """
    )
    return [Named(**row) for row in rows]


async def waiting(tx: Tx) -> list[Waiting]:
    """Uploads that are complete and were not looked at yet."""
    rows = await tx.conn.fetch(
        "SELECT room_id, id AS file_id, incoming, size FROM files WHERE state = 'checking'"
    )
    return [Waiting(**row) for row in rows]


async def key_of(tx: Tx, room_id: UUID, file_id: UUID) -> str | None:
    """Where the bytes of a file lie; None where they never will."""
    return await tx.conn.fetchval(
        "SELECT b.key FROM files f JOIN blobs b ON b.id = f.blob_id"
        " WHERE f.room_id = $1 AND f.id = $2",
        room_id,
        file_id,
    )


async def usage(tx: Tx) -> Usage:
    row = await tx.conn.fetchrow(
        """
        SELECT
            (SELECT coalesce(sum(size), 0) FROM blobs)::bigint
                + (SELECT coalesce(sum(size), 0) FROM renditions)::bigint AS bytes,
            (SELECT count(*) FROM blobs) AS blobs,
            (SELECT coalesce(sum(size), 0) FROM files)::bigint AS held,
            (SELECT count(*) FROM files) AS files
        """
    )
    return Usage(*row)
