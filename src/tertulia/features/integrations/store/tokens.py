"""What opens the server to bots."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tertulia.core.grants import Scope
from tertulia.core.tx import Tx
from tertulia.features.integrations.schemas import BotToken

TOKENS = "id, name, scopes, room_ids, created_at, last_used_at"


class Presented(NamedTuple):
    """A token that opens something, and whose it is."""

    id: UUID
    account_id: UUID
    scopes: list[Scope]
    room_ids: list[UUID] | None
    last_used_at: datetime | None


async def insert_token(
    tx: Tx, token: BotToken, account_id: UUID, hash_: bytes, created_by: UUID
) -> None:
    await tx.conn.execute(
        """
        INSERT INTO bot_tokens
            (id, account_id, hash, name, scopes, room_ids, created_by, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        token.id,
        account_id,
        hash_,
        token.name,
        token.scopes,
        token.room_ids,
        created_by,
        token.created_at,
    )


async def tokens(tx: Tx, account_ids: Sequence[UUID]) -> dict[UUID, list[BotToken]]:
    """By bot, the oldest first."""
    rows = await tx.conn.fetch(
        f"""
        SELECT account_id, {TOKENS} FROM bot_tokens
        WHERE account_id = ANY ($1) AND revoked_at IS NULL ORDER BY id
        """,
        list(account_ids),
    )
    found: dict[UUID, list[BotToken]] = {}
    for row in rows:
        values = {name: row[name] for name in TOKENS.split(", ")}
        found.setdefault(row["account_id"], []).append(BotToken(**values))
    return found


async def present(tx: Tx, hash_: bytes) -> Presented | None:
    row = await tx.conn.fetchrow(
        """
        SELECT t.id, t.account_id, t.scopes, t.room_ids, t.last_used_at
        FROM bot_tokens t JOIN accounts a ON a.id = t.account_id
        WHERE t.hash = $1 AND t.revoked_at IS NULL AND a.deactivated_at IS NULL
        """,
        hash_,
    )
    return None if row is None else Presented(*row)


async def mark_used(tx: Tx, token_id: UUID) -> None:
    await tx.conn.execute("UPDATE bot_tokens SET last_used_at = $2 WHERE id = $1", token_id, tx.now)


async def revoke_tokens(tx: Tx, account_id: UUID, token_id: UUID | None) -> int:
    """One, or all of a bot; how many."""
    status = await tx.conn.execute(
        """
        UPDATE bot_tokens SET revoked_at = $3
        WHERE account_id = $1 AND ($2::uuid IS NULL OR id = $2) AND revoked_at IS NULL
        """,
        account_id,
        token_id,
        tx.now,
    )
    return int(status.rpartition(" ")[2])
