"""Webhooks that speak in a room."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tertulia.core.tx import Tx


class Incoming(NamedTuple):
    room_id: UUID
    id: UUID
    account_id: UUID
    name: str
    created_by: UUID
    created_at: datetime
    last_used_at: datetime | None
    hash: bytes


INCOMING = "room_id, id, account_id, name, created_by, created_at, last_used_at, hash"


async def insert_incoming(tx: Tx, hook: Incoming) -> None:
    await tx.conn.execute(
        f"INSERT INTO incoming_webhooks ({INCOMING}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", *hook
    )


async def speakers(tx: Tx, account_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these bots that speak for incoming webhooks."""
    sql = "SELECT account_id FROM incoming_webhooks WHERE account_id = ANY($1::uuid[])"
    return {row["account_id"] for row in await tx.conn.fetch(sql, account_ids)}


async def incoming_of(tx: Tx, room_id: UUID) -> list[Incoming]:
    rows = await tx.conn.fetch(
        f"""
        SELECT {INCOMING} FROM incoming_webhooks
        WHERE room_id = $1 AND revoked_at IS NULL ORDER BY id
        """,
        room_id,
    )
    return [Incoming(*row) for row in rows]


async def find_incoming(tx: Tx, hook_id: UUID) -> Incoming | None:
    row = await tx.conn.fetchrow(
        f"SELECT {INCOMING} FROM incoming_webhooks WHERE id = $1 AND revoked_at IS NULL", hook_id
    )
    return None if row is None else Incoming(*row)


async def mark_incoming(tx: Tx, hook_id: UUID) -> None:
    await tx.conn.execute(
        "UPDATE incoming_webhooks SET last_used_at = $2 WHERE id = $1", hook_id, tx.now
    )


async def revoke_incoming(tx: Tx, room_id: UUID, hook_id: UUID) -> Incoming | None:
    """The one that was; None where there is no such webhook."""
    row = await tx.conn.fetchrow(
        f"""
        UPDATE incoming_webhooks SET revoked_at = $3
        WHERE room_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING {INCOMING}
        """,
        room_id,
        hook_id,
        tx.now,
    )
    return None if row is None else Incoming(*row)
