"""All SQL of uploads."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.uploads.schemas import Upload

FIELDS = (
    "account_id, id, room_id, kind, name, metadata, length, received, holder, held_until,"
    " yield_asked, checked, parts, final_id, file_id, created_at, touched_at, expires_at"
)


async def insert(tx: Tx, upload: Upload) -> None:
    await tx.conn.execute(
        """
        INSERT INTO uploads (account_id, id, room_id, kind, name, metadata, length, holder,
            held_until, checked, parts, created_at, touched_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        """,
        upload.account_id,
        upload.id,
        upload.room_id,
        upload.kind,
        upload.name,
        upload.metadata,
        upload.length,
        upload.holder,
        upload.held_until,
        upload.checked,
        upload.parts,
        upload.created_at,
        upload.touched_at,
        upload.expires_at,
    )


async def find(tx: Tx, account_id: UUID, id_: UUID) -> Upload | None:
    row = await tx.conn.fetchrow(
        f"SELECT {FIELDS} FROM uploads WHERE account_id = $1 AND id = $2", account_id, id_
    )
    return _upload(row) if row else None


async def lock(tx: Tx, account_id: UUID, id_: UUID) -> Upload | None:
    row = await tx.conn.fetchrow(
        f"SELECT {FIELDS} FROM uploads WHERE account_id = $1 AND id = $2 FOR UPDATE",
        account_id,
        id_,
    )
    return _upload(row) if row else None


async def lock_parts(tx: Tx, account_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Upload]:
    rows = await tx.conn.fetch(
        f"""
        SELECT {FIELDS} FROM uploads WHERE account_id = $1 AND id = ANY ($2::uuid[])
        ORDER BY id FOR UPDATE
        """,
        account_id,
        ids,
    )
    return {row["id"]: _upload(row) for row in rows}


async def find_final(tx: Tx, account_id: UUID, parts: Sequence[UUID]) -> Upload | None:
    """The one that was asked to be made of these, in this order."""
    row = await tx.conn.fetchrow(
        f"SELECT {FIELDS} FROM uploads WHERE account_id = $1 AND parts = $2::uuid[] LIMIT 1",
        account_id,
        list(parts),
    )
    return _upload(row) if row else None


async def take(tx: Tx, upload: Upload, holder: UUID, until: datetime, *, checked: bool) -> None:
    await tx.conn.execute(
        """
        UPDATE uploads SET holder = $3, held_until = $4, yield_asked = false, checked = $5,
            length = $6
        WHERE account_id = $1 AND id = $2
        """,
        upload.account_id,
        upload.id,
        holder,
        until,
        checked,
        upload.length,
    )


async def renew(
    tx: Tx, account_id: UUID, id_: UUID, holder: UUID, until: datetime, expires: datetime
) -> bool | None:
    """Is the holder asked to yield? None: it holds it no longer."""
    return await tx.conn.fetchval(
        """
        UPDATE uploads SET held_until = $4, touched_at = $5, expires_at = $6
        WHERE account_id = $1 AND id = $2 AND holder = $3 RETURNING yield_asked
        """,
        account_id,
        id_,
        holder,
        until,
        tx.now,
        expires,
    )


async def ask_to_yield(tx: Tx, account_id: UUID, id_: UUID) -> None:
    await tx.conn.execute(
        """
        UPDATE uploads SET yield_asked = true
        WHERE account_id = $1 AND id = $2 AND holder IS NOT NULL AND NOT yield_asked
        """,
        account_id,
        id_,
    )


async def let_go(
    tx: Tx, account_id: UUID, id_: UUID, holder: UUID, received: int, expires: datetime
) -> bool:
    """The holder says how far it came. False: it holds it no longer."""
    let = await tx.conn.fetchval(
        """
        UPDATE uploads SET received = $4, holder = NULL, held_until = NULL, yield_asked = false,
            checked = false, touched_at = $5, expires_at = $6
        WHERE account_id = $1 AND id = $2 AND holder = $3 RETURNING true
        """,
        account_id,
        id_,
        holder,
        received,
        tx.now,
        expires,
    )
    return bool(let)


async def become_file(tx: Tx, account_id: UUID, id_: UUID, file_id: UUID) -> None:
    await tx.conn.execute(
        "UPDATE uploads SET file_id = $3 WHERE account_id = $1 AND id = $2",
        account_id,
        id_,
        file_id,
    )


async def become_part(tx: Tx, account_id: UUID, parts: Sequence[UUID], final_id: UUID) -> None:
    await tx.conn.execute(
        "UPDATE uploads SET final_id = $3 WHERE account_id = $1 AND id = ANY ($2::uuid[])",
        account_id,
        parts,
        final_id,
    )


async def remove(tx: Tx, account_id: UUID, id_: UUID) -> bool:
    removed = await tx.conn.fetchval(
        "DELETE FROM uploads WHERE account_id = $1 AND id = $2 RETURNING true", account_id, id_
    )
    return bool(removed)


class Taken(NamedTuple):
    """By unfinished uploads: how many there are, bytes that they hold or may still bring, and how
    many of these are still to come."""

    open: int
    size: int
    owed: int


# What lies still for long is taken at what came of it. Parts of a final one count for it.
TAKEN = """
SELECT count(*) AS open, coalesce(sum(
    CASE WHEN kind = 'final' THEN 0
         WHEN touched_at < $1 AND kind <> 'direct' THEN received
         ELSE coalesce(length, received) END), 0)::bigint AS size,
    coalesce(sum(length - received) FILTER (WHERE kind <> 'final' AND touched_at >= $1), 0)::bigint
        AS owed
FROM uploads WHERE file_id IS NULL AND final_id IS NULL AND expires_at > $2
"""


async def taken(tx: Tx, stale: datetime, account_id: UUID | None = None) -> Taken:
    """Of one account, or of all."""
    if account_id is None:
        row = await tx.conn.fetchrow(TAKEN, stale, tx.now)
    else:
        row = await tx.conn.fetchrow(TAKEN + " AND account_id = $3", stale, tx.now, account_id)
    return Taken(row["open"], row["size"], row["owed"])


async def expired(tx: Tx, limit: int) -> list[Upload]:
    """Locked; not those that somebody writes or that are another feature's to clear."""
    rows = await tx.conn.fetch(
        f"""
        SELECT {FIELDS} FROM uploads
        WHERE expires_at <= $1 AND (held_until IS NULL OR held_until <= $1) AND kind <> 'direct'
        ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
        """,
        tx.now,
        limit,
    )
    return [_upload(row) for row in rows]


async def known(tx: Tx, ids: Sequence[UUID]) -> set[UUID]:
    """Which of these there are, of anybody."""
    rows = await tx.conn.fetch("SELECT id FROM uploads WHERE id = ANY ($1::uuid[])", list(ids))
    return {row["id"] for row in rows}


def _upload(row: Any) -> Upload:
    return Upload(**row)
