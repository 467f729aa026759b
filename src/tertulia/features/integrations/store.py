"""All SQL of bots and webhooks."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tertulia.core.grants import Scope
from tertulia.core.tx import Tx
from tertulia.features.integrations.schemas import BotToken, Delivery, HookEvent, OutgoingWebhook

TOKENS = "id, name, scopes, room_ids, created_at, last_used_at"
HOOK = """id, url, events, created_by, created_at, failing_since, disabled_at, disabled_reason"""
DELIVERY = "id, type, state, attempts, status, milliseconds, error, created_at, tried_at"


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


async def revoke_incoming(tx: Tx, room_id: UUID, hook_id: UUID) -> UUID | None:
    """Its bot's account; None where there is no such webhook."""
    return await tx.conn.fetchval(
        """
        UPDATE incoming_webhooks SET revoked_at = $3
        WHERE room_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING account_id
        """,
        room_id,
        hook_id,
        tx.now,
    )


# Outgoing


class Target(NamedTuple):
    """What a delivery needs to know of its webhook."""

    id: UUID
    room_id: UUID | None
    url: str
    generation: int
    rotated_at: datetime | None
    failing_since: datetime | None
    disabled_at: datetime | None


TARGET = "id, room_id, url, generation, rotated_at, failing_since, disabled_at"


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


async def disable(tx: Tx, hook_id: UUID, reason: str) -> None:
    await tx.conn.execute(
        "UPDATE outgoing_webhooks SET disabled_at = $2, disabled_reason = $3 WHERE id = $1",
        hook_id,
        tx.now,
        reason,
    )


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
