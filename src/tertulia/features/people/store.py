"""All SQL of ties between people."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.people.policy import Standing
from tertulia.features.people.schemas import Blocked, Contact, ContactState, Privacy

_PRIVACY = ("may_message", "may_add", "may_find", "hide_receipts", "hide_last_seen")


async def lock_pair(tx: Tx, one: UUID, other: UUID) -> set[UUID]:
    """Hold both accounts; those that are open. Accounts come before streams, everywhere."""
    rows = await tx.conn.fetch(
        """
        SELECT id, deactivated_at FROM accounts WHERE id = ANY($1::uuid[])
        ORDER BY id FOR NO KEY UPDATE
        """,
        [one, other],
    )
    return {row["id"] for row in rows if row["deactivated_at"] is None}


# Privacy


async def privacy(tx: Tx, account_ids: Collection[UUID]) -> dict[UUID, Privacy]:
    """Of those who ever changed it."""
    rows = await tx.conn.fetch(
        "SELECT * FROM privacy WHERE account_id = ANY($1::uuid[])", list(account_ids)
    )
    return {row["account_id"]: _privacy(row) for row in rows}


async def set_privacy(tx: Tx, account_id: UUID, privacy: Privacy) -> None:
    await tx.conn.execute(
        """
        INSERT INTO privacy VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (account_id) DO UPDATE SET may_message = excluded.may_message,
            may_add = excluded.may_add, may_find = excluded.may_find,
            hide_receipts = excluded.hide_receipts, hide_last_seen = excluded.hide_last_seen
        """,
        account_id,
        *(getattr(privacy, name) for name in _PRIVACY),
    )


async def hiding_receipts(tx: Tx, account_ids: Collection[UUID]) -> set[UUID]:
    rows = await tx.conn.fetch(
        "SELECT account_id FROM privacy WHERE account_id = ANY($1::uuid[]) AND hide_receipts",
        list(account_ids),
    )
    return {row["account_id"] for row in rows}


async def standings(tx: Tx, account_id: UUID, ids: Collection[UUID]) -> dict[UUID, Standing]:
    """How an account stands to each of these, all in one statement."""
    rows = await tx.conn.fetch(
        """
        SELECT other.id AS other_id, coalesce(p.may_message, 'everyone') AS may_message,
            coalesce(p.may_add, 'everyone') AS may_add,
            coalesce(p.may_find, 'everyone') AS may_find,
            coalesce(p.hide_receipts, false) AS hide_receipts,
            coalesce(p.hide_last_seen, false) AS hide_last_seen,
            EXISTS (
                SELECT FROM contacts
                WHERE account_id = other.id AND other_id = $1 AND state = 'contact'
            ) AS contact,
            EXISTS (SELECT FROM blocks WHERE account_id = $1 AND blocked_id = other.id)
                OR EXISTS (SELECT FROM blocks WHERE account_id = other.id AND blocked_id = $1)
                AS apart
        FROM unnest($2::uuid[]) AS other (id) LEFT JOIN privacy p ON p.account_id = other.id
        """,
        account_id,
        list(ids),
    )
    return {row["other_id"]: Standing(_privacy(row), row["contact"], row["apart"]) for row in rows}


def _privacy(row: Any) -> Privacy:
    return Privacy(**{name: row[name] for name in _PRIVACY})


# Contacts


async def contacts(tx: Tx, account_id: UUID) -> list[Contact]:
    rows = await tx.conn.fetch(
        """
        SELECT other_id AS account_id, state, note, since FROM contacts
        WHERE account_id = $1 ORDER BY since, other_id
        """,
        account_id,
    )
    return [Contact(**row) for row in rows]


async def find_contact(tx: Tx, account_id: UUID, other_id: UUID) -> ContactState | None:
    sql = "SELECT state FROM contacts WHERE account_id = $1 AND other_id = $2"
    return await tx.conn.fetchval(sql, account_id, other_id)


async def count_contacts(tx: Tx, account_id: UUID, state: ContactState) -> int:
    sql = "SELECT count(*) FROM contacts WHERE account_id = $1 AND state = $2"
    return await tx.conn.fetchval(sql, account_id, state)


async def set_contact(
    tx: Tx, account_id: UUID, other_id: UUID, state: ContactState, note: str
) -> None:
    await tx.conn.execute(
        """
        INSERT INTO contacts (account_id, other_id, state, note, since) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (account_id, other_id) DO UPDATE SET state = excluded.state,
            note = excluded.note, since = excluded.since
        """,
        account_id,
        other_id,
        state,
        note,
        tx.now,
    )


async def drop_contact(tx: Tx, account_id: UUID, other_id: UUID) -> bool:
    sql = "DELETE FROM contacts WHERE account_id = $1 AND other_id = $2 RETURNING other_id"
    return await tx.conn.fetchval(sql, account_id, other_id) is not None


# Blocks


async def blocked(tx: Tx, account_id: UUID) -> list[Blocked]:
    rows = await tx.conn.fetch(
        """
        SELECT blocked_id AS account_id, since FROM blocks
        WHERE account_id = $1 ORDER BY since, blocked_id
        """,
        account_id,
    )
    return [Blocked(**row) for row in rows]


async def apart(tx: Tx, account_ids: Collection[UUID]) -> Mapping[UUID, set[UUID]]:
    """By account everybody it blocked, or was blocked by; no entry for nobody."""
    rows = await tx.conn.fetch(
        """
        SELECT account_id AS one, blocked_id AS other FROM blocks
        WHERE account_id = ANY($1::uuid[])
        UNION SELECT blocked_id, account_id FROM blocks WHERE blocked_id = ANY($1::uuid[])
        """,
        list(account_ids),
    )
    found: dict[UUID, set[UUID]] = {}
    for one, other in rows:
        found.setdefault(one, set()).add(other)
    return found


async def has_blocked(tx: Tx, account_id: UUID, other_id: UUID) -> bool:
    sql = "SELECT EXISTS (SELECT FROM blocks WHERE account_id = $1 AND blocked_id = $2)"
    return await tx.conn.fetchval(sql, account_id, other_id)


async def block(tx: Tx, account_id: UUID, other_id: UUID) -> bool:
    """False where it was so."""
    sql = """
        INSERT INTO blocks (account_id, blocked_id, since) VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING RETURNING blocked_id
        """
    return await tx.conn.fetchval(sql, account_id, other_id, tx.now) is not None


async def count_blocked(tx: Tx, account_id: UUID) -> int:
    return await tx.conn.fetchval("SELECT count(*) FROM blocks WHERE account_id = $1", account_id)


async def unblock(tx: Tx, account_id: UUID, other_id: UUID) -> bool:
    sql = "DELETE FROM blocks WHERE account_id = $1 AND blocked_id = $2 RETURNING blocked_id"
    return await tx.conn.fetchval(sql, account_id, other_id) is not None
