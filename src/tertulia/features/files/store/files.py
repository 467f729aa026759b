"""Rows of files: they come, are sent, and go."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.files.schemas import File
from tertulia.features.files.store.rows import SELECT, file_of
from tertulia.features.rooms.service import RoomAccess


async def insert(tx: Tx, file: File, incoming: UUID) -> None:
    """One that was uploaded, and not looked at yet."""
    await tx.conn.execute(
        """
        INSERT INTO files (room_id, id, account_id, name, size, media_type, state, incoming,
            created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        file.room_id,
        file.id,
        file.account_id,
        file.name,
        file.size,
        file.media_type,
        file.state,
        incoming,
        file.created_at,
    )


async def find(tx: Tx, room_id: UUID, file_id: UUID) -> File | None:
    row = await tx.conn.fetchrow(SELECT + "WHERE f.room_id = $1 AND f.id = $2", room_id, file_id)
    return file_of(row) if row else None


async def lock_unsent(
    tx: Tx, wanted: Collection[tuple[UUID, UUID, UUID]]
) -> dict[tuple[UUID, UUID], File]:
    """Of these, as (room, account, file), the ones that this account may still send there, by room
    and id. Locked, so that nobody sweeps them away before they are sent."""
    rows = await tx.conn.fetch(
        SELECT
        + """
        JOIN unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS w (room_id, account_id, id)
            ON f.room_id = w.room_id AND f.account_id = w.account_id AND f.id = w.id
        WHERE f.message_id IS NULL ORDER BY f.id FOR UPDATE OF f
        """,
        [room_id for room_id, _, _ in wanted],
        [account_id for _, account_id, _ in wanted],
        [file_id for _, _, file_id in wanted],
    )
    return {(row["room_id"], row["id"]): file_of(row) for row in rows}


async def send(tx: Tx, sent: Mapping[UUID, UUID], room_ids: Sequence[UUID]) -> None:
    """These files, by id, belong to those messages from now on; `room_ids` are their rooms."""
    await tx.conn.execute(
        """
        UPDATE files f SET message_id = w.message_id
        FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS w (room_id, id, message_id)
        WHERE f.room_id = w.room_id AND f.id = w.id
        """,
        room_ids,
        list(sent),
        list(sent.values()),
    )


async def of_messages(
    tx: Tx, wanted: Sequence[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], list[File]]:
    """The files of messages, by room and message id."""
    rows = await tx.conn.fetch(
        SELECT
        + """
        JOIN unnest($1::uuid[], $2::uuid[]) AS w (room_id, message_id)
            ON f.room_id = w.room_id AND f.message_id = w.message_id
        ORDER BY f.id
        """,
        [room_id for room_id, _ in wanted],
        [message_id for _, message_id in wanted],
    )
    found: dict[tuple[UUID, UUID], list[File]] = {}
    for row in rows:
        found.setdefault((row["room_id"], row["message_id"]), []).append(file_of(row))
    return found


async def beside(
    tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]
) -> dict[tuple[UUID, UUID], list[File]]:
    return await of_messages(tx, [(access.room_id, id_) for access, id_ in wanted])


async def copy(
    tx: Tx, account_id: UUID, room_id: UUID, copies: Mapping[tuple[UUID, UUID], UUID]
) -> None:
    """Files that are ready, by room and id, once more for another room, under these ids. What was
    copied before stays as it is."""
    await tx.conn.execute(
        """
        INSERT INTO files (room_id, id, account_id, name, size, media_type, state, blob_id,
            created_at)
        SELECT $1, w.copy, $2, f.name, f.size, f.media_type, f.state, f.blob_id, $3
        FROM unnest($4::uuid[], $5::uuid[], $6::uuid[]) AS w (room_id, id, copy)
        JOIN files f ON f.room_id = w.room_id AND f.id = w.id
        ON CONFLICT (room_id, id) DO NOTHING
        """,
        room_id,
        account_id,
        tx.now,
        [source[0] for source in copies],
        [source[1] for source in copies],
        list(copies.values()),
    )


async def remove_of(tx: Tx, room_id: UUID, message_ids: Sequence[UUID]) -> list[UUID]:
    """The files of these messages go. Answers the ids of their blobs."""
    rows = await tx.conn.fetch(
        """
        DELETE FROM files WHERE room_id = $1 AND message_id = ANY ($2::uuid[])
        RETURNING blob_id, incoming
        """,
        room_id,
        message_ids,
    )
    return [row["blob_id"] for row in rows if row["blob_id"]]


async def used(tx: Tx, account_id: UUID | None = None) -> int:
    """Bytes: of the files of an account as if each had its own, or of all blobs and what waits to
    become one."""
    if account_id is not None:
        return await tx.conn.fetchval(
            "SELECT coalesce(sum(size), 0)::bigint FROM files WHERE account_id = $1", account_id
        )
    return await tx.conn.fetchval(
        """
        SELECT (SELECT coalesce(sum(size), 0) FROM blobs)::bigint
            + (SELECT coalesce(sum(size), 0) FROM files WHERE incoming IS NOT NULL)::bigint
        """
    )


async def waiting(tx: Tx, incoming: Sequence[UUID]) -> set[UUID]:
    """Of these uploads the ones that a file still lies in."""
    rows = await tx.conn.fetch(
        "SELECT incoming FROM files WHERE incoming = ANY ($1::uuid[])", incoming
    )
    return {row["incoming"] for row in rows}
