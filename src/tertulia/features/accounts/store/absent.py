"""Accounts that nobody signs in to: of people brought in from elsewhere, and of programs."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from tertulia.core.tx import Tx


class Absent(msgspec.Struct, frozen=True):
    """An account that nobody can sign in to."""

    id: UUID
    username: str
    username_key: str
    display_name: str
    hue: int
    email: str | None
    is_bot: bool


async def insert_absent(tx: Tx, people: Sequence[Absent], password_hash: str) -> None:
    sql = """
        INSERT INTO accounts (id, username, username_key, display_name, hue, email, is_bot,
                              password_hash, role, created_at, deactivated_at)
        SELECT new.*, $8, 'member', $9, $9
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::smallint[], $6::text[],
                    $7::boolean[]) AS new
        """
    columns = zip(*map(msgspec.structs.astuple, people), strict=True)
    await tx.conn.execute(sql, *map(list, columns), password_hash, tx.now)


async def claim(tx: Tx, key: str, unclaimed: str, password_hash: str) -> UUID | None:
    sql = """
        UPDATE accounts SET password_hash = $3, deactivated_at = NULL
        WHERE username_key = $1 AND password_hash = $2 AND NOT is_bot RETURNING id
        """
    return await tx.conn.fetchval(sql, key, unclaimed, password_hash)


async def find_by_email(tx: Tx, emails: Sequence[str]) -> dict[str, UUID]:
    """Accounts in use, by address in lower case; an address of two is nobody's."""
    sql = """
        SELECT lower(email) AS email, min(id::text)::uuid AS id FROM accounts
        WHERE lower(email) = ANY($1::text[]) AND deactivated_at IS NULL AND NOT is_bot
        GROUP BY lower(email) HAVING count(*) = 1
        """
    return {row["email"]: row["id"] for row in await tx.conn.fetch(sql, emails)}


async def find_by_key(tx: Tx, keys: Sequence[str]) -> dict[str, UUID]:
    """Accounts in use, by the key of their name."""
    sql = """
        SELECT username_key, id FROM accounts
        WHERE username_key = ANY($1::text[]) AND deactivated_at IS NULL AND NOT is_bot
        """
    return {row["username_key"]: row["id"] for row in await tx.conn.fetch(sql, keys)}


async def insert_bot(tx: Tx, bot: Absent, no_password: str) -> bool:
    """False where the name is taken."""
    sql = """
        INSERT INTO accounts (id, username, username_key, display_name, hue, email, is_bot,
                              password_hash, role, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'member', $9) ON CONFLICT DO NOTHING RETURNING id
        """
    values = msgspec.structs.astuple(bot)
    return await tx.conn.fetchval(sql, *values, no_password, tx.now) is not None


async def deactivate_bot(tx: Tx, account_id: UUID) -> bool:
    """False where there is no such bot in use."""
    sql = """
        UPDATE accounts SET deactivated_at = $2
        WHERE id = $1 AND is_bot AND deactivated_at IS NULL RETURNING id
        """
    return await tx.conn.fetchval(sql, account_id, tx.now) is not None


async def bots(tx: Tx) -> list[UUID]:
    sql = "SELECT id FROM accounts WHERE is_bot AND deactivated_at IS NULL ORDER BY id"
    return [row["id"] for row in await tx.conn.fetch(sql)]
