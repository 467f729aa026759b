"""What is read to give a file out, and to list those of a room."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.files.schemas import File, FileKind
from tertulia.features.files.store.rows import SELECT, file_of
from tertulia.features.rooms.service import RoomAccess


class Blob(NamedTuple):
    """Bytes that lie in the storage under `key`; `size` of them."""

    id: UUID
    key: str
    size: int
    media_type: str


class Held(NamedTuple):
    """A file, with its bytes where they were looked at and found good."""

    file: File
    blob: Blob | None


class Rendition(NamedTuple):
    key: str
    size: int
    media_type: str


class Place(NamedTuple):
    """Of a file in its room's list, the newest first."""

    created_at: datetime
    id: UUID


_HELD = SELECT.replace("SELECT ", "SELECT b.id AS blob_id, b.key, b.size AS blob_size, ", 1)


async def find_held(tx: Tx, access: RoomAccess, file_id: UUID) -> Held | None:
    """One of the room that was sent, or that this member has not sent yet."""
    row = await tx.conn.fetchrow(
        _HELD
        + """
        WHERE f.room_id = $1 AND f.id = $2 AND (f.message_id IS NOT NULL OR f.account_id = $3)
        """,
        access.room_id,
        file_id,
        access.account_id,
    )
    return _held(row) if row else None


async def rendition(tx: Tx, blob_id: UUID, name: str) -> Rendition | None:
    row = await tx.conn.fetchrow(
        "SELECT key, size, media_type FROM renditions WHERE blob_id = $1 AND name = $2",
        blob_id,
        name,
    )
    return Rendition(*row) if row else None


# A kind is told by the type that the content has.
_KINDS: dict[FileKind, str] = {
    "picture": "^image/",
    "film": "^video/",
    "sound": "^audio/",
    "document": "^(?!(image|video|audio)/)",
}


async def of_room(
    tx: Tx,
    access: RoomAccess,
    *,
    kind: FileKind | None,
    account_id: UUID | None,
    name_like: str | None,
    after: Place | None,
    limit: int,
) -> list[File]:
    """What was sent there and may be had, or soon may, the newest first. `name_like` is a LIKE
    pattern."""
    rows = await tx.conn.fetch(
        SELECT
        + """
        WHERE f.room_id = $1 AND f.message_id IS NOT NULL AND f.state IN ('ready', 'checking')
            AND ($7::text IS NULL OR f.media_type ~ $7)
            AND ($2::uuid IS NULL OR f.account_id = $2)
            AND ($3::text IS NULL OR f.name ILIKE $3)
            AND ($4::timestamptz IS NULL OR (f.created_at, f.id) < ($4, $5))
        ORDER BY f.created_at DESC, f.id DESC LIMIT $6
        """,
        access.room_id,
        account_id,
        name_like,
        after and after.created_at,
        after and after.id,
        limit,
        _KINDS[kind] if kind else None,
    )
    return [file_of(row) for row in rows]


def _held(row: Any) -> Held:
    file = file_of(row)
    if file.state != "ready":
        return Held(file, None)
    return Held(file, Blob(row["blob_id"], row["key"], row["blob_size"], file.media_type))
