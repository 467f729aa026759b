"""Which files hold which bytes, for whoever makes something of bytes."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.files.store.serving import Blob


class Holder(NamedTuple):
    """A file that holds a blob. `message_id` is null until it is sent."""

    blob_id: UUID
    room_id: UUID
    file_id: UUID
    account_id: UUID
    message_id: UUID | None


async def find_blob(tx: Tx, blob_id: UUID) -> Blob | None:
    row = await tx.conn.fetchrow(
        "SELECT id, key, size, media_type FROM blobs WHERE id = $1 AND doomed_at IS NULL", blob_id
    )
    return Blob(*row) if row else None


async def blobs_there(tx: Tx, blob_ids: Sequence[UUID]) -> set[UUID]:
    """Of these, those that are not on their way out."""
    rows = await tx.conn.fetch(
        "SELECT id FROM blobs WHERE id = ANY ($1::uuid[]) AND doomed_at IS NULL", blob_ids
    )
    return {row["id"] for row in rows}


async def holders(tx: Tx, blob_id: UUID) -> list[Holder]:
    rows = await tx.conn.fetch(
        """
        SELECT blob_id, room_id, id, account_id, message_id FROM files
        WHERE blob_id = $1 ORDER BY room_id, id
        """,
        blob_id,
    )
    return [Holder(*row) for row in rows]


async def held_by(tx: Tx, wanted: Sequence[tuple[UUID, UUID]]) -> list[Holder]:
    """Of these files, by room and id, those that are ready."""
    rows = await tx.conn.fetch(
        """
        SELECT f.blob_id, f.room_id, f.id, f.account_id, f.message_id FROM files f
        JOIN unnest($1::uuid[], $2::uuid[]) AS w (room_id, id)
            ON f.room_id = w.room_id AND f.id = w.id
        WHERE f.blob_id IS NOT NULL
        """,
        [room_id for room_id, _ in wanted],
        [file_id for _, file_id in wanted],
    )
    return [Holder(*row) for row in rows]
