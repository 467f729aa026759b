"""Accounts: who there is, and what they say of themselves."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import msgspec

from tertulia.core.tx import Tx
from tertulia.features.accounts.schemas import Account, OwnAccount, ServerRole

ACCOUNT = (
    "id, username, display_name, hue, status_text, status_emoji, status_until, is_bot,"
    " deactivated_at, avatar"
)
OWN = (
    "id, username, display_name, hue, status_text, status_emoji, status_until, email, role,"
    " created_at, avatar"
)


class NewAccount(msgspec.Struct, frozen=True):
    id: UUID
    username: str
    username_key: str
    display_name: str
    hue: int
    email: str | None
    password_hash: str
    role: ServerRole

    def __repr__(self) -> str:
        return f"NewAccount({self.id})"


class Credentials(msgspec.Struct, frozen=True):
    """What a password is checked against, outside of any transaction."""

    account_id: UUID
    password_hash: str

    def __repr__(self) -> str:
        return f"Credentials({self.account_id})"


class Place(msgspec.Struct, frozen=True):
    """Where a page of the directory ended; a key without NUL, which PostgreSQL does not take."""

    username_key: Annotated[str, msgspec.Meta(pattern=r"^[^\x00]*$")]


async def has_owner(tx: Tx) -> bool:
    return await tx.conn.fetchval("SELECT EXISTS (SELECT FROM accounts WHERE role = 'owner')")


async def find_server_owner(tx: Tx) -> UUID | None:
    return await tx.conn.fetchval("SELECT id FROM accounts WHERE role = 'owner'")


async def admins(tx: Tx, limit: int) -> list[UUID]:
    sql = """
        SELECT id FROM accounts WHERE role <> 'member' AND deactivated_at IS NULL
        ORDER BY id LIMIT $1
        """
    return [row["id"] for row in await tx.conn.fetch(sql, limit)]


async def is_username_taken(tx: Tx, key: str) -> bool:
    sql = "SELECT EXISTS (SELECT FROM accounts WHERE username_key = $1)"
    return await tx.conn.fetchval(sql, key)


async def insert_account(tx: Tx, new: NewAccount) -> bool:
    """False where the name, or the place of the owner, was taken; waits for who is taking it."""
    sql = """
        INSERT INTO accounts (id, username, username_key, display_name, hue, email, password_hash,
                              role, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING id
        """
    values = msgspec.structs.astuple(new)
    return await tx.conn.fetchval(sql, *values, tx.now) is not None


async def find_credentials(tx: Tx, key: str) -> Credentials | None:
    """By the name's key. Deactivated accounts have none."""
    sql = (
        "SELECT id, password_hash FROM accounts WHERE username_key = $1 AND deactivated_at IS NULL"
    )
    row = await tx.conn.fetchrow(sql, key)
    return Credentials(row["id"], row["password_hash"]) if row else None


async def find_own_credentials(tx: Tx, account_id: UUID) -> Credentials | None:
    sql = "SELECT id, password_hash FROM accounts WHERE id = $1 AND deactivated_at IS NULL"
    row = await tx.conn.fetchrow(sql, account_id)
    return Credentials(row["id"], row["password_hash"]) if row else None


async def lock_if_unchanged(tx: Tx, credentials: Credentials) -> bool:
    """Hold the account against a change of password; False where one came in between."""
    sql = """
        SELECT password_hash FROM accounts WHERE id = $1 AND deactivated_at IS NULL
        FOR NO KEY UPDATE
        """
    stored = await tx.conn.fetchval(sql, credentials.account_id)
    return stored == credentials.password_hash


async def set_password(tx: Tx, account_id: UUID, password_hash: str) -> None:
    sql = "UPDATE accounts SET password_hash = $2 WHERE id = $1"
    await tx.conn.execute(sql, account_id, password_hash)


async def find_own(tx: Tx, account_id: UUID) -> OwnAccount | None:
    """None for a deactivated account: nobody acts as it."""
    sql = f"SELECT {OWN} FROM accounts WHERE id = $1 AND deactivated_at IS NULL"
    row = await tx.conn.fetchrow(sql, account_id)
    return OwnAccount(**row) if row else None


async def update_profile(tx: Tx, account_id: UUID, changed: Mapping[str, object]) -> bool:
    """`changed` holds the columns that get a value, of display_name, hue, status_text, email,
    status_emoji, status_until."""
    sql = """
        UPDATE accounts SET
            display_name = CASE WHEN $2 THEN $3 ELSE display_name END,
            hue = CASE WHEN $4 THEN $5 ELSE hue END,
            status_text = CASE WHEN $6 THEN $7 ELSE status_text END,
            email = CASE WHEN $8 THEN $9 ELSE email END,
            status_emoji = CASE WHEN $10 THEN $11 ELSE status_emoji END,
            status_until = CASE WHEN $12 THEN $13 ELSE status_until END
        WHERE id = $1 AND deactivated_at IS NULL RETURNING id
        """
    columns = ("display_name", "hue", "status_text", "email", "status_emoji", "status_until")
    pairs = [value for column in columns for value in (column in changed, changed.get(column))]
    return await tx.conn.fetchval(sql, account_id, *pairs) is not None


async def accounts_by_id(tx: Tx, ids: Sequence[UUID]) -> list[Account]:
    sql = f"SELECT {ACCOUNT} FROM accounts WHERE id = ANY($1::uuid[])"
    return [account_of(row) for row in await tx.conn.fetch(sql, list(ids))]


async def people(tx: Tx, query: str, after: Place, limit: int) -> list[tuple[Place, Account]]:
    """Active accounts whose name or username contains `query`, by username."""
    sql = f"""
        SELECT username_key, {ACCOUNT} FROM accounts
        WHERE deactivated_at IS NULL AND username_key > $2
          AND ($1 = '' OR strpos(username_key, $1) > 0 OR strpos(lower(display_name), $1) > 0)
        ORDER BY username_key LIMIT $3
        """
    rows = await tx.conn.fetch(sql, query, after.username_key, limit)
    return [(Place(row["username_key"]), account_of(row)) for row in rows]


async def own_accounts(tx: Tx, ids: Sequence[UUID]) -> list[OwnAccount]:
    """Deactivated ones too."""
    sql = f"SELECT {OWN} FROM accounts WHERE id = ANY($1::uuid[])"
    return [OwnAccount(**row) for row in await tx.conn.fetch(sql, list(ids))]


async def server_name(tx: Tx) -> str:
    return await tx.conn.fetchval("SELECT name FROM server")


def account_of(row: Any) -> Account:
    return Account(
        id=row["id"],
        username=row["username"],
        display_name=row["display_name"],
        hue=row["hue"],
        status_text=row["status_text"],
        status_emoji=row["status_emoji"],
        status_until=row["status_until"],
        is_bot=row["is_bot"],
        deactivated=row["deactivated_at"] is not None,
        avatar=row["avatar"],
    )


async def over_statuses(tx: Tx, limit: int) -> list[UUID]:
    """Accounts whose status ended; those that somebody else holds are left for the next time."""
    sql = """
        SELECT id FROM accounts WHERE status_until <= $1
        ORDER BY status_until LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
        """
    return [row["id"] for row in await tx.conn.fetch(sql, tx.now, limit)]


async def clear_statuses(tx: Tx, ids: Sequence[UUID]) -> None:
    sql = """
        UPDATE accounts SET status_text = '', status_emoji = '', status_until = NULL
        WHERE id = ANY($1::uuid[])
        """
    await tx.conn.execute(sql, list(ids))


async def ids_by_key(tx: Tx, keys: Sequence[str]) -> dict[str, UUID]:
    """Every account, in use or not, by the key of its name."""
    sql = "SELECT username_key, id FROM accounts WHERE username_key = ANY($1::text[])"
    return {row["username_key"]: row["id"] for row in await tx.conn.fetch(sql, keys)}
