"""SQL of what a person decided about being disturbed, and of when they were last here."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec

from tertulia.core.tx import Tx
from tertulia.features.presence.schemas import Availability

_settings = msgspec.json.Decoder(Availability)


async def availabilities(tx: Tx, account_ids: Collection[UUID]) -> dict[UUID, Availability]:
    """Of those who ever decided."""
    rows = await tx.conn.fetch(
        "SELECT account_id, settings FROM availability WHERE account_id = ANY($1::uuid[])",
        list(account_ids),
    )
    return {row["account_id"]: _settings.decode(row["settings"]) for row in rows}


async def set_availability(tx: Tx, account_id: UUID, availability: Availability) -> None:
    await tx.conn.execute(
        """
        INSERT INTO availability (account_id, settings) VALUES ($1, $2)
        ON CONFLICT (account_id) DO UPDATE SET settings = excluded.settings
        """,
        account_id,
        msgspec.json.encode(availability),
    )


async def note_seen(tx: Tx, account_ids: Collection[UUID], at: datetime) -> None:
    await tx.conn.execute(
        """
        INSERT INTO last_seen (account_id, seen_at)
        SELECT id, $2 FROM accounts WHERE id = ANY($1::uuid[]) ORDER BY id
        ON CONFLICT (account_id) DO UPDATE
            SET seen_at = greatest(last_seen.seen_at, excluded.seen_at)
        """,
        list(account_ids),
        at,
    )


async def last_seen(tx: Tx, account_id: UUID) -> datetime | None:
    """When they left, or last renewed a session: a node that dies notes nothing."""
    return await tx.conn.fetchval(
        """
        SELECT greatest(
            (SELECT seen_at FROM last_seen WHERE account_id = $1),
            (SELECT max(last_seen_at) FROM devices WHERE account_id = $1))
        """,
        account_id,
    )
