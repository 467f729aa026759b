"""All SQL of direct uploads."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.direct.schemas import Direct

FIELDS = (
    "account_id, id, room_id, way, name, size, media_type, part_size, upload_id, claimed_until,"
    " file_id, created_at, expires_at"
)


async def insert(tx: Tx, upload: Direct) -> None:
    await tx.conn.execute(
        """
        INSERT INTO direct_uploads (account_id, id, room_id, way, name, size, media_type,
            part_size, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        upload.account_id,
        upload.id,
        upload.room_id,
        upload.way,
        upload.name,
        upload.size,
        upload.media_type,
        upload.part_size,
        upload.created_at,
        upload.expires_at,
    )


async def find(tx: Tx, account_id: UUID, room_id: UUID, id_: UUID) -> Direct | None:
    row = await tx.conn.fetchrow(
        f"SELECT {FIELDS} FROM direct_uploads WHERE account_id = $1 AND id = $2 AND room_id = $3",
        account_id,
        id_,
        room_id,
    )
    return _direct(row) if row else None


async def lock(tx: Tx, account_id: UUID, room_id: UUID, id_: UUID) -> Direct | None:
    row = await tx.conn.fetchrow(
        f"""
        SELECT {FIELDS} FROM direct_uploads WHERE account_id = $1 AND id = $2 AND room_id = $3
        FOR UPDATE
        """,
        account_id,
        id_,
        room_id,
    )
    return _direct(row) if row else None


async def begun(tx: Tx, upload: Direct, upload_id: str) -> None:
    await tx.conn.execute(
        "UPDATE direct_uploads SET upload_id = $3 WHERE account_id = $1 AND id = $2",
        upload.account_id,
        upload.id,
        upload_id,
    )


async def keep(tx: Tx, upload: Direct, until: datetime) -> None:
    await tx.conn.execute(
        "UPDATE direct_uploads SET expires_at = $3 WHERE account_id = $1 AND id = $2",
        upload.account_id,
        upload.id,
        until,
    )


async def claim(tx: Tx, upload: Direct, until: datetime | None) -> None:
    await tx.conn.execute(
        "UPDATE direct_uploads SET claimed_until = $3 WHERE account_id = $1 AND id = $2",
        upload.account_id,
        upload.id,
        until,
    )


async def finish(tx: Tx, upload: Direct, file_id: UUID, until: datetime) -> None:
    await tx.conn.execute(
        """
        UPDATE direct_uploads SET file_id = $3, claimed_until = NULL, expires_at = $4
        WHERE account_id = $1 AND id = $2
        """,
        upload.account_id,
        upload.id,
        file_id,
        until,
    )


async def remove(tx: Tx, account_id: UUID, id_: UUID) -> None:
    await tx.conn.execute(
        "DELETE FROM direct_uploads WHERE account_id = $1 AND id = $2", account_id, id_
    )


async def expired(tx: Tx, limit: int) -> list[Direct]:
    """Claimed until `tx.now` at most, and of no use to anybody any more."""
    rows = await tx.conn.fetch(
        f"""
        SELECT {FIELDS} FROM direct_uploads
        WHERE expires_at <= $1 AND (claimed_until IS NULL OR claimed_until <= $1)
        ORDER BY expires_at LIMIT $2
        """,
        tx.now,
        limit,
    )
    return [_direct(row) for row in rows]


def _direct(row: Any) -> Direct:
    return Direct(**row)
