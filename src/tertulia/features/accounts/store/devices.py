"""Devices: who is signed in, and until when."""

from datetime import datetime
from uuid import UUID

import msgspec

from tertulia.core.tx import Tx
from tertulia.features.accounts.schemas import Device
from tertulia.features.accounts.state import Family

DEVICE = "id, name, platform, created_at, last_seen_at"


class NewDevice(msgspec.Struct, frozen=True):
    account_id: UUID
    id: UUID
    name: str
    platform: str
    seed: bytes

    def __repr__(self) -> str:
        return f"NewDevice({self.id})"


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
