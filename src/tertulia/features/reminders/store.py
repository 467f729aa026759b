"""All SQL of reminders: an account's own."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.reminders.schemas import Reminder

Own = tuple[UUID, UUID]  # account, id


def _reminder(row: Any) -> Reminder:
    return Reminder(
        id=row["id"],
        room_id=row["room_id"],
        message_id=row["message_id"],
        note=row["note"],
        due_at=row["due_at"],
        zone=row["zone"],
        created_at=row["created_at"],
        rung_at=row["rung_at"],
    )


async def insert(tx: Tx, account_id: UUID, client_id: UUID, reminder: Reminder) -> None:
    await tx.conn.execute(
        """
        INSERT INTO reminders (account_id, id, room_id, message_id, note, due_at, zone, created_at,
            client_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        account_id,
        reminder.id,
        reminder.room_id,
        reminder.message_id,
        reminder.note,
        reminder.due_at,
        reminder.zone,
        reminder.created_at,
        client_id,
    )


async def update(tx: Tx, account_id: UUID, reminder: Reminder) -> None:
    await tx.conn.execute(
        """
        UPDATE reminders SET due_at = $3, zone = $4, rung_at = $5 WHERE account_id = $1 AND id = $2
        """,
        account_id,
        reminder.id,
        reminder.due_at,
        reminder.zone,
        reminder.rung_at,
    )


async def delete(tx: Tx, account_id: UUID, id_: UUID) -> None:
    await tx.conn.execute(
        "DELETE FROM reminders WHERE account_id = $1 AND id = $2", account_id, id_
    )


async def find(tx: Tx, account_id: UUID, id_: UUID) -> Reminder | None:
    return (await by_id(tx, [(account_id, id_)])).get((account_id, id_))


async def find_asked(tx: Tx, account_id: UUID, client_id: UUID) -> Reminder | None:
    row = await tx.conn.fetchrow(
        "SELECT * FROM reminders WHERE account_id = $1 AND client_id = $2", account_id, client_id
    )
    return _reminder(row) if row else None


async def count(tx: Tx, account_id: UUID) -> int:
    return await tx.conn.fetchval(
        "SELECT count(*) FROM reminders WHERE account_id = $1", account_id
    )


async def all_of(tx: Tx, account_id: UUID) -> list[Reminder]:
    """Those that rang first, then the next."""
    rows = await tx.conn.fetch(
        """
        SELECT * FROM reminders WHERE account_id = $1
        ORDER BY rung_at IS NULL, due_at, id
        """,
        account_id,
    )
    return [_reminder(row) for row in rows]


async def rung_of(tx: Tx, account_id: UUID) -> list[Reminder]:
    rows = await tx.conn.fetch(
        """
        SELECT * FROM reminders WHERE account_id = $1 AND rung_at IS NOT NULL ORDER BY rung_at, id
        """,
        account_id,
    )
    return [_reminder(row) for row in rows]


async def by_id(tx: Tx, wanted: Sequence[Own]) -> dict[Own, Reminder]:
    rows = await tx.conn.fetch(
        """
        SELECT * FROM reminders
        WHERE (account_id, id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
        """,
        [account_id for account_id, _ in wanted],
        [id_ for _, id_ in wanted],
    )
    return {(row["account_id"], row["id"]): _reminder(row) for row in rows}
