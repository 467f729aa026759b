"""SQL of what a person decided about being disturbed, and of when they were last here."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from tertulia.core.tx import Tx
from tertulia.features.presence.schemas import Availability

_settings = msgspec.json.Decoder(Availability)


class Manner(NamedTuple):
    """What a node needs to know of somebody who came to it: when they do not want to be disturbed,
    and with whom they are in a block."""

    availability: Availability = Availability()
    apart: frozenset[UUID] = frozenset()


async def manners(tx: Tx, account_ids: Collection[UUID]) -> dict[UUID, Manner]:
    """Of all of these: one statement, for every socket that comes in waits for it."""
    rows = await tx.conn.fetch(
        """
        SELECT mine.id, a.settings, ARRAY(
                SELECT blocked_id FROM blocks WHERE account_id = mine.id
                UNION SELECT account_id FROM blocks WHERE blocked_id = mine.id
            ) AS apart
        FROM unnest($1::uuid[]) AS mine (id) LEFT JOIN availability a ON a.account_id = mine.id
        """,
        list(account_ids),
    )
    return {
        row["id"]: Manner(
            _settings.decode(row["settings"]) if row["settings"] else Availability(),
            frozenset(row["apart"]),
        )
        for row in rows
    }


async def availability(tx: Tx, account_id: UUID) -> Availability:
    found = await tx.conn.fetchval(
        "SELECT settings FROM availability WHERE account_id = $1", account_id
    )
    return _settings.decode(found) if found else Availability()


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
