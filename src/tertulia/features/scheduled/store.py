"""All SQL of what is to happen later: an account's own."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.tx import Tx
from tertulia.features.scheduled.schemas import Scheduled

Own = tuple[UUID, UUID]  # account, id


def _scheduled(row: Any) -> Scheduled:
    return Scheduled(
        id=row["id"],
        room_id=row["room_id"],
        thread=row["thread"],
        text=row["text"],
        reply_to=row["reply_to"],
        send_at=row["send_at"],
        zone=row["zone"],
        client_id=row["client_id"],
        created_at=row["created_at"],
        failed=row["failed"],
    )


async def insert(tx: Tx, actor: Actor, message: Scheduled) -> None:
    await tx.conn.execute(
        """
        INSERT INTO scheduled (account_id, id, room_id, thread, text, reply_to, send_at, zone,
            client_id, device_id, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        actor.account_id,
        message.id,
        message.room_id,
        message.thread,
        message.text,
        message.reply_to,
        message.send_at,
        message.zone,
        message.client_id,
        actor.device_id,
        message.created_at,
    )


async def update(tx: Tx, account_id: UUID, message: Scheduled) -> None:
    await tx.conn.execute(
        """
        UPDATE scheduled SET text = $3, send_at = $4, zone = $5, failed = $6
        WHERE account_id = $1 AND id = $2
        """,
        account_id,
        message.id,
        message.text,
        message.send_at,
        message.zone,
        message.failed,
    )


async def delete(tx: Tx, account_id: UUID, id_: UUID) -> None:
    await tx.conn.execute(
        "DELETE FROM scheduled WHERE account_id = $1 AND id = $2", account_id, id_
    )


async def find(tx: Tx, account_id: UUID, id_: UUID) -> Scheduled | None:
    return (await by_id(tx, [(account_id, id_)])).get((account_id, id_))


async def find_asked(tx: Tx, account_id: UUID, client_id: UUID) -> Scheduled | None:
    row = await tx.conn.fetchrow(
        "SELECT * FROM scheduled WHERE account_id = $1 AND client_id = $2", account_id, client_id
    )
    return _scheduled(row) if row else None


async def find_device(tx: Tx, account_id: UUID, id_: UUID) -> UUID:
    """The device it was scheduled on."""
    return await tx.conn.fetchval(
        "SELECT device_id FROM scheduled WHERE account_id = $1 AND id = $2", account_id, id_
    )


async def count(tx: Tx, account_id: UUID) -> int:
    return await tx.conn.fetchval(
        "SELECT count(*) FROM scheduled WHERE account_id = $1", account_id
    )


async def all_of(tx: Tx, account_id: UUID) -> list[Scheduled]:
    rows = await tx.conn.fetch(
        "SELECT * FROM scheduled WHERE account_id = $1 ORDER BY send_at, id", account_id
    )
    return [_scheduled(row) for row in rows]


async def failed_of(tx: Tx, account_id: UUID) -> list[Scheduled]:
    rows = await tx.conn.fetch(
        """
        SELECT * FROM scheduled WHERE account_id = $1 AND failed IS NOT NULL ORDER BY send_at, id
        """,
        account_id,
    )
    return [_scheduled(row) for row in rows]


async def by_id(tx: Tx, wanted: Sequence[Own]) -> dict[Own, Scheduled]:
    rows = await tx.conn.fetch(
        """
        SELECT * FROM scheduled
        WHERE (account_id, id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
        """,
        [account_id for account_id, _ in wanted],
        [id_ for _, id_ in wanted],
    )
    return {(row["account_id"], row["id"]): _scheduled(row) for row in rows}
