"""All SQL of accounts and devices. Rows are locked account first, then devices by id; streams come
last, at commit. Whoever keeps to that order never waits in a ring."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from tertulia.core.tx import Tx
from tertulia.features.accounts.schemas import Account, Device, OwnAccount, ServerRole
from tertulia.features.accounts.state import Family

ACCOUNT = (
    "id, username, display_name, hue, status_text, status_emoji, status_until, is_bot,"
    " deactivated_at"
)
OWN = (
    "id, username, display_name, hue, status_text, status_emoji, status_until, email, role,"
    " created_at"
)
DEVICE = "id, name, platform, created_at, last_seen_at"


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


class Absent(msgspec.Struct, frozen=True):
    """An account that nobody can sign in to."""

    id: UUID
    username: str
    username_key: str
    display_name: str
    hue: int
    email: str | None
    is_bot: bool


class NewDevice(msgspec.Struct, frozen=True):
    account_id: UUID
    id: UUID
    name: str
    platform: str
    seed: bytes

    def __repr__(self) -> str:
        return f"NewDevice({self.id})"


class Credentials(msgspec.Struct, frozen=True):
    """What a password is checked against, outside of any transaction."""

    account_id: UUID
    password_hash: str

    def __repr__(self) -> str:
        return f"Credentials({self.account_id})"


class Place(msgspec.Struct, frozen=True):
    """Where a page of the directory ended; a key without NUL, which PostgreSQL does not take."""

    username_key: Annotated[str, msgspec.Meta(pattern=r"^[^\x00]*$")]


# Accounts


async def has_owner(tx: Tx) -> bool:
    return await tx.conn.fetchval("SELECT EXISTS (SELECT FROM accounts WHERE role = 'owner')")


async def find_server_owner(tx: Tx) -> UUID | None:
    return await tx.conn.fetchval("SELECT id FROM accounts WHERE role = 'owner'")


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


async def taken_keys(tx: Tx, keys: Sequence[str]) -> set[str]:
    sql = "SELECT username_key FROM accounts WHERE username_key = ANY($1::text[])"
    return {row["username_key"] for row in await tx.conn.fetch(sql, keys)}


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


# Devices


async def insert_device(tx: Tx, new: NewDevice) -> Device:
    sql = f"""
        INSERT INTO devices (account_id, id, name, platform, created_at, last_seen_at,
                             refresh_seed, refreshed_at)
        VALUES ($1, $2, $3, $4, $5, $5, $6, $5) RETURNING {DEVICE}
        """
    row = await tx.conn.fetchrow(
        sql, new.account_id, new.id, new.name, new.platform, tx.now, new.seed
    )
    return Device(**row)


async def devices(tx: Tx, account_id: UUID, *, current: UUID) -> list[Device]:
    """Signed-in ones, oldest first: an order that no later event changes."""
    sql = f"""
        SELECT {DEVICE}, id = $2 AS current FROM devices
        WHERE account_id = $1 AND signed_out_at IS NULL ORDER BY id
        """
    return [Device(**row) for row in await tx.conn.fetch(sql, account_id, current)]


async def rename_device(tx: Tx, account_id: UUID, device_id: UUID, name: str) -> bool:
    sql = """
        UPDATE devices SET name = $3
        WHERE account_id = $1 AND id = $2 AND signed_out_at IS NULL RETURNING id
        """
    return await tx.conn.fetchval(sql, account_id, device_id, name) is not None


async def has_device(tx: Tx, account_id: UUID, device_id: UUID) -> bool:
    """Of any time, signed out or not."""
    sql = "SELECT EXISTS (SELECT FROM devices WHERE account_id = $1 AND id = $2)"
    return await tx.conn.fetchval(sql, account_id, device_id)


async def sign_out(tx: Tx, account_id: UUID, device_id: UUID) -> bool:
    """False where it was signed out already, or never was."""
    sql = """
        UPDATE devices SET signed_out_at = $3
        WHERE account_id = $1 AND id = $2 AND signed_out_at IS NULL RETURNING id
        """
    return await tx.conn.fetchval(sql, account_id, device_id, tx.now) is not None


async def sign_out_others(tx: Tx, account_id: UUID, kept: UUID) -> list[UUID]:
    sql = """
        WITH others AS (
            SELECT id FROM devices
            WHERE account_id = $1 AND id <> $2 AND signed_out_at IS NULL ORDER BY id FOR UPDATE
        )
        UPDATE devices SET signed_out_at = $3 FROM others
        WHERE devices.account_id = $1 AND devices.id = others.id RETURNING devices.id
        """
    return [row["id"] for row in await tx.conn.fetch(sql, account_id, kept, tx.now)]


async def devices_beyond(tx: Tx, account_id: UUID, kept: int) -> list[UUID]:
    """Signed-in ones but for the `kept` seen last."""
    sql = """
        SELECT id FROM devices WHERE account_id = $1 AND signed_out_at IS NULL
        ORDER BY last_seen_at DESC, id DESC OFFSET $2
        """
    return [row["id"] for row in await tx.conn.fetch(sql, account_id, kept)]


async def lock_family(tx: Tx, account_id: UUID, device_id: UUID) -> Family | None:
    """Everybody who refreshes this device waits here for their turn."""
    sql = """
        SELECT refresh_seed, refresh_count, refreshed_at, created_at, signed_out_at
        FROM devices WHERE account_id = $1 AND id = $2 FOR UPDATE
        """
    row = await tx.conn.fetchrow(sql, account_id, device_id)
    return Family(*row.values()) if row else None


async def advance_family(tx: Tx, account_id: UUID, device_id: UUID, count: int) -> None:
    sql = """
        UPDATE devices SET refresh_count = $3, refreshed_at = $4, last_seen_at = $4
        WHERE account_id = $1 AND id = $2
        """
    await tx.conn.execute(sql, account_id, device_id, count, tx.now)


async def expired_devices(
    tx: Tx, idle_before: datetime, born_before: datetime, limit: int
) -> list[tuple[UUID, UUID]]:
    """(account, device) of families that can never be refreshed again. Locked; those that somebody
    else holds are left for the next time."""
    sql = """
        SELECT account_id, id FROM devices
        WHERE signed_out_at IS NULL AND (refreshed_at < $1 OR created_at < $2)
        ORDER BY account_id, id LIMIT $3 FOR UPDATE SKIP LOCKED
        """
    rows = await tx.conn.fetch(sql, idle_before, born_before, limit)
    return [(row["account_id"], row["id"]) for row in rows]


async def signed_out_since(tx: Tx, since: datetime) -> list[tuple[UUID, datetime]]:
    sql = "SELECT id, signed_out_at FROM devices WHERE signed_out_at >= $1"
    return [(row["id"], row["signed_out_at"]) for row in await tx.conn.fetch(sql, since)]


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
