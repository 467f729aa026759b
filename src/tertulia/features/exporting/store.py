"""All SQL of exports."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.exporting.schemas import Export

FIELDS = (
    "id, room_id, room_name, format, state, done, total, file_name, size, problem, asked_at,"
    " expires_at, files"
)


async def insert(tx: Tx, account_id: UUID, export: Export) -> None:
    await tx.conn.execute(
        """
        INSERT INTO exports (account_id, id, room_id, room_name, format, state, asked_at,
            files)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        account_id,
        export.id,
        export.room_id,
        export.room_name,
        export.format,
        export.state,
        export.asked_at,
        export.files,
    )


async def find(tx: Tx, account_id: UUID, export_id: UUID) -> Export | None:
    row = await tx.conn.fetchrow(
        f"SELECT {FIELDS} FROM exports WHERE account_id = $1 AND id = $2", account_id, export_id
    )
    return _export(row) if row else None


async def newest(tx: Tx, account_id: UUID, limit: int) -> list[Export]:
    rows = await tx.conn.fetch(
        f"SELECT {FIELDS} FROM exports WHERE account_id = $1 ORDER BY id DESC LIMIT $2",
        account_id,
        limit,
    )
    return [_export(row) for row in rows]


async def count_open(tx: Tx, account_id: UUID) -> int:
    return await tx.conn.fetchval(
        "SELECT count(*) FROM exports WHERE account_id = $1 AND state IN ('waiting', 'running')",
        account_id,
    )


async def update(tx: Tx, account_id: UUID, export: Export) -> None:
    await tx.conn.execute(
        """
        UPDATE exports SET state = $3, done = $4, total = $5, file_name = $6, size = $7,
            problem = $8, expires_at = $9
        WHERE account_id = $1 AND id = $2
        """,
        account_id,
        export.id,
        export.state,
        export.done,
        export.total,
        export.file_name,
        export.size,
        export.problem,
        export.expires_at,
    )


async def move_on(tx: Tx, account_id: UUID, export_id: UUID, done: int, total: int) -> bool:
    """False where it is no longer being made."""
    moved = await tx.conn.fetchval(
        """
        UPDATE exports SET done = $3, total = $4
        WHERE account_id = $1 AND id = $2 AND state = 'running' RETURNING true
        """,
        account_id,
        export_id,
        done,
        total,
    )
    return bool(moved)


async def remove(tx: Tx, account_id: UUID, export_id: UUID) -> bool:
    removed = await tx.conn.fetchval(
        "DELETE FROM exports WHERE account_id = $1 AND id = $2 RETURNING true",
        account_id,
        export_id,
    )
    return bool(removed)


async def expired(tx: Tx, limit: int) -> list[tuple[UUID, UUID]]:
    """(account, export) of those whose time is up."""
    rows = await tx.conn.fetch(
        """
        SELECT account_id, id FROM exports WHERE expires_at <= $1
        ORDER BY account_id, id LIMIT $2 FOR UPDATE SKIP LOCKED
        """,
        tx.now,
        limit,
    )
    return [(row["account_id"], row["id"]) for row in rows]


async def known(tx: Tx, ids: Sequence[UUID]) -> set[UUID]:
    """Which of these there are, of anybody."""
    rows = await tx.conn.fetch("SELECT id FROM exports WHERE id = ANY($1::uuid[])", list(ids))
    return {row["id"] for row in rows}


def _export(row: Any) -> Export:
    return Export(**row)
