"""Webhooks that are told what happened, and what they were told."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.integrations.schemas import Delivery, HookEvent, OutgoingWebhook

HOOK = """id, url, events, created_by, created_at, failing_since, disabled_at, disabled_reason"""
DELIVERY = "id, type, state, attempts, status, milliseconds, error, created_at, tried_at"


class Target(NamedTuple):
    """What a delivery needs to know of its webhook."""

    id: UUID
    room_id: UUID | None
    url: str
    generation: int
    rotated_at: datetime | None
    failing_since: datetime | None
    disabled_at: datetime | None
    created_by: UUID


TARGET = "id, room_id, url, generation, rotated_at, failing_since, disabled_at, created_by"


async def insert_outgoing(
    tx: Tx,
    hook_id: UUID,
    room_id: UUID | None,
    url: str,
    events: Sequence[HookEvent],
    by: UUID,
    since_seq: int,
) -> OutgoingWebhook:
    row = await tx.conn.fetchrow(
        f"""
        INSERT INTO outgoing_webhooks (id, room_id, url, events, created_by, created_at, since_seq)
        VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING {HOOK}
        """,
        hook_id,
        room_id,
        url,
        list(events),
        by,
        tx.now,
        since_seq,
    )
    return OutgoingWebhook(**row)


async def outgoing_of(tx: Tx, room_id: UUID | None) -> list[OutgoingWebhook]:
    rows = await tx.conn.fetch(
        f"""
        SELECT {HOOK} FROM outgoing_webhooks
        WHERE room_id IS NOT DISTINCT FROM $1 AND deleted_at IS NULL ORDER BY id
        """,
        room_id,
    )
    return [OutgoingWebhook(**row) for row in rows]


async def find_target(tx: Tx, hook_id: UUID) -> Target | None:
    row = await tx.conn.fetchrow(
        f"SELECT {TARGET} FROM outgoing_webhooks WHERE id = $1 AND deleted_at IS NULL", hook_id
    )
    return None if row is None else Target(*row)


async def rotate(tx: Tx, hook_id: UUID) -> int:
    return await tx.conn.fetchval(
        """
        UPDATE outgoing_webhooks SET generation = generation + 1, rotated_at = $2
        WHERE id = $1 RETURNING generation
        """,
        hook_id,
        tx.now,
    )


async def delete_outgoing(tx: Tx, hook_id: UUID) -> None:
    await tx.conn.execute(
        "UPDATE outgoing_webhooks SET deleted_at = $2 WHERE id = $1", hook_id, tx.now
    )


async def enable(tx: Tx, hook_id: UUID) -> None:
    await tx.conn.execute(
        """
        UPDATE outgoing_webhooks SET disabled_at = NULL, disabled_reason = '', failing_since = NULL
        WHERE id = $1
        """,
        hook_id,
    )


async def disable(tx: Tx, hook_id: UUID, reason: str) -> bool:
    """False where it was off before, or is gone."""
    status = await tx.conn.execute(
        """
        UPDATE outgoing_webhooks SET disabled_at = $2, disabled_reason = $3
        WHERE id = $1 AND disabled_at IS NULL AND deleted_at IS NULL
        """,
        hook_id,
        tx.now,
        reason,
    )
    return status == "UPDATE 1"


async def mark_answer(tx: Tx, hook_id: UUID, *, good: bool) -> None:
    await tx.conn.execute(
        """
        UPDATE outgoing_webhooks
        SET failing_since = CASE WHEN $2 THEN NULL ELSE coalesce(failing_since, $3) END
        WHERE id = $1
        """,
        hook_id,
        good,
        tx.now,
    )


# Deliveries


class Wanting(NamedTuple):
    """A webhook that wants to hear of something."""

    hook_id: UUID
    room_id: UUID | None


async def wanting(tx: Tx, room_id: UUID, type_: str, seq: int, at: datetime) -> list[Wanting]:
    """Webhooks of a room, and of the whole server, that want such an event and were there first."""
    rows = await tx.conn.fetch(
        """
        SELECT id, room_id FROM outgoing_webhooks
        WHERE ((room_id = $1 AND since_seq < $3) OR (room_id IS NULL AND created_at <= $4))
            AND $2 = ANY (events)
            AND deleted_at IS NULL AND disabled_at IS NULL
        """,
        room_id,
        type_,
        seq,
        at,
    )
    return [Wanting(row["id"], row["room_id"]) for row in rows]


async def any_outgoing(tx: Tx) -> bool:
    """Almost everywhere there are none, and nobody should look for them event by event."""
    return await tx.conn.fetchval(
        "SELECT EXISTS (SELECT FROM outgoing_webhooks WHERE deleted_at IS NULL)"
    )


async def insert_delivery(
    tx: Tx, hook_id: UUID, stream: UUID, seq: int, type_: str, body: bytes
) -> UUID | None:
    """None where that event was delivered, or is being, to that webhook."""
    return await tx.conn.fetchval(
        """
        INSERT INTO webhook_deliveries (webhook_id, id, stream, seq, type, body, state, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7)
        ON CONFLICT (webhook_id, stream, seq) DO NOTHING RETURNING id
        """,
        hook_id,
        tx.ids.uuid7(),
        stream,
        seq,
        type_,
        body,
        tx.now,
    )


class Parcel(NamedTuple):
    body: bytes
    state: str
    created_at: datetime


async def parcel(tx: Tx, hook_id: UUID, delivery_id: UUID) -> Parcel | None:
    row = await tx.conn.fetchrow(
        """
        SELECT body, state, created_at FROM webhook_deliveries WHERE webhook_id = $1 AND id = $2
        """,
        hook_id,
        delivery_id,
    )
    return None if row is None else Parcel(*row)


async def note_attempt(
    tx: Tx,
    hook_id: UUID,
    delivery_id: UUID,
    state: str,
    status: int | None,
    milliseconds: int,
    error: str,
) -> None:
    await tx.conn.execute(
        """
        UPDATE webhook_deliveries SET state = $3, status = $4, milliseconds = $5, error = $6,
            attempts = attempts + 1, tried_at = $7
        WHERE webhook_id = $1 AND id = $2
        """,
        hook_id,
        delivery_id,
        state,
        status,
        milliseconds,
        error,
        tx.now,
    )


async def give_up(tx: Tx, hook_id: UUID, error: str) -> None:
    """Nothing of what waits will be delivered."""
    await tx.conn.execute(
        """
        UPDATE webhook_deliveries SET state = 'failed', error = $2
        WHERE webhook_id = $1 AND state = 'waiting'
        """,
        hook_id,
        error,
    )


async def wait_again(tx: Tx, hook_id: UUID, delivery_id: UUID) -> bool:
    """False where there is no such delivery."""
    found = await tx.conn.fetchval(
        """
        UPDATE webhook_deliveries SET state = 'waiting' WHERE webhook_id = $1 AND id = $2
        RETURNING id
        """,
        hook_id,
        delivery_id,
    )
    return found is not None


async def deliveries(tx: Tx, hook_id: UUID, before: UUID | None, limit: int) -> list[Delivery]:
    """The newest first."""
    rows = await tx.conn.fetch(
        f"""
        SELECT {DELIVERY} FROM webhook_deliveries
        WHERE webhook_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
        """,
        hook_id,
        before,
        limit,
    )
    return [Delivery(**row) for row in rows]


async def sweep(tx: Tx, before: datetime, limit: int) -> int:
    status = await tx.conn.execute(
        """
        DELETE FROM webhook_deliveries WHERE id IN (
            SELECT id FROM webhook_deliveries WHERE created_at < $1 ORDER BY created_at LIMIT $2)
        """,
        before,
        limit,
    )
    return int(status.rpartition(" ")[2])
