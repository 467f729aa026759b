"""Rows of what a look at an upload led to."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from tertulia.core.tx import Tx
from tertulia.features.files.schemas import File, Look, Scan
from tertulia.features.files.store.rows import SELECT, file_of


class Upload(NamedTuple):
    """A file that was not looked at yet, and where its bytes lie."""

    file: File
    incoming: UUID


class Made(NamedTuple):
    """A rendition that lies in the storage; its size in bytes."""

    name: str
    key: str
    size: int
    media_type: str


class Bytes(NamedTuple):
    """What was found out about bytes that lie in the storage under `key`."""

    sha256: bytes
    size: int
    key: str
    media_type: str
    scan: Scan
    look: Look | None
    renditions: Sequence[Made]


class Known(NamedTuple):
    """A blob that is there already."""

    id: UUID
    key: str
    size: int
    media_type: str


_UPLOAD = SELECT.replace("SELECT ", "SELECT f.incoming, ", 1)


async def find_upload(tx: Tx, room_id: UUID, file_id: UUID) -> Upload | None:
    row = await tx.conn.fetchrow(
        _UPLOAD + "WHERE f.room_id = $1 AND f.id = $2 AND f.state = 'checking'",
        room_id,
        file_id,
    )
    return Upload(file_of(row), row["incoming"]) if row else None


async def lock_checking(tx: Tx, room_id: UUID, file_id: UUID) -> File | None:
    """The file, if it is still to be looked at."""
    row = await tx.conn.fetchrow(
        SELECT + "WHERE f.room_id = $1 AND f.id = $2 AND f.state = 'checking' FOR UPDATE OF f",
        room_id,
        file_id,
    )
    return file_of(row) if row else None


async def lock_known(tx: Tx, sha256: bytes) -> Known | None:
    """The blob of these bytes, held so that it is not thrown away before somebody holds it."""
    row = await tx.conn.fetchrow(
        "SELECT id, key, size, media_type FROM blobs WHERE sha256 = $1 AND doomed_at IS NULL"
        " FOR UPDATE",
        sha256,
    )
    return Known(*row) if row else None


async def is_known(tx: Tx, sha256: bytes) -> bool:
    return await tx.conn.fetchval(
        "SELECT EXISTS (SELECT FROM blobs WHERE sha256 = $1 AND doomed_at IS NULL)", sha256
    )


async def insert_blob(tx: Tx, found: Bytes) -> Known | None:
    """None: somebody was quicker, with the same bytes."""
    blob_id = await tx.conn.fetchval(
        """
        INSERT INTO blobs (id, sha256, size, key, media_type, created_at, look, scan)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (sha256) WHERE doomed_at IS NULL DO NOTHING RETURNING id
        """,
        tx.ids.uuid7(),
        found.sha256,
        found.size,
        found.key,
        found.media_type,
        tx.now,
        None if found.look is None else msgspec.json.encode(found.look),
        found.scan,
    )
    if blob_id is None:
        return None
    await tx.conn.executemany(
        "INSERT INTO renditions (blob_id, name, key, size, media_type) VALUES ($1, $2, $3, $4, $5)",
        [(blob_id, *made) for made in found.renditions],
    )
    return Known(blob_id, found.key, found.size, found.media_type)


async def make_ready(tx: Tx, room_id: UUID, file_id: UUID, known: Known) -> File:
    await tx.conn.execute(
        """
        UPDATE files SET state = 'ready', blob_id = $3, media_type = $4, size = $5, incoming = NULL
        WHERE room_id = $1 AND id = $2
        """,
        room_id,
        file_id,
        known.id,
        known.media_type,
        known.size,
    )
    return await _again(tx, room_id, file_id)


async def make_infected(tx: Tx, room_id: UUID, file_id: UUID, found: str) -> File:
    await tx.conn.execute(
        """
        UPDATE files SET state = 'infected', found = $3, quarantined = true, incoming = NULL
        WHERE room_id = $1 AND id = $2
        """,
        room_id,
        file_id,
        found,
    )
    return await _again(tx, room_id, file_id)


async def make_failed(tx: Tx, room_id: UUID, file_id: UUID) -> File:
    await tx.conn.execute(
        "UPDATE files SET state = 'failed', incoming = NULL WHERE room_id = $1 AND id = $2",
        room_id,
        file_id,
    )
    return await _again(tx, room_id, file_id)


async def find_many(tx: Tx, points: Sequence[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], File]:
    """Sent files, by room and id, for the event log."""
    rows = await tx.conn.fetch(
        SELECT
        + """
        JOIN unnest($1::uuid[], $2::uuid[]) AS w (room_id, id)
            ON f.room_id = w.room_id AND f.id = w.id
        WHERE f.message_id IS NOT NULL
        """,
        [room_id for room_id, _ in points],
        [file_id for _, file_id in points],
    )
    return {(row["room_id"], row["id"]): file_of(row) for row in rows}


async def _again(tx: Tx, room_id: UUID, file_id: UUID) -> File:
    row = await tx.conn.fetchrow(SELECT + "WHERE f.room_id = $1 AND f.id = $2", room_id, file_id)
    return file_of(row)
