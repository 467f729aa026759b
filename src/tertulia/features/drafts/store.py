"""All SQL of drafts: an account's own, so no access is asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.drafts.schemas import Draft


def _draft(row: Any) -> Draft:
    return Draft(
        id=row["id"],
        room_id=row["room_id"],
        thread=row["thread"],
        text=row["text"],
        reply_to=row["reply_to"],
        saved_at=row["saved_at"],
    )


async def find(tx: Tx, account_id: UUID, draft_id: UUID) -> Draft | None:
    """A draft, or what is left of one (`is_gone`)."""
    row = await tx.conn.fetchrow(
        "SELECT * FROM drafts WHERE account_id = $1 AND id = $2", account_id, draft_id
    )
    return _draft(row) if row else None


async def count(tx: Tx, account_id: UUID) -> int:
    """How many there are, without what is left of those that are gone."""
    return await tx.conn.fetchval(
        "SELECT count(*) FROM drafts"
        " WHERE account_id = $1 AND (text <> '' OR reply_to IS NOT NULL)",
        account_id,
    )


async def put(tx: Tx, account_id: UUID, draft: Draft) -> None:
    await tx.conn.execute(
        """
        INSERT INTO drafts (account_id, id, room_id, thread, text, reply_to, saved_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (account_id, id) DO UPDATE SET room_id = $3, thread = $4, text = $5,
            reply_to = $6, saved_at = $7
        """,
        account_id,
        draft.id,
        draft.room_id,
        draft.thread,
        draft.text,
        draft.reply_to,
        draft.saved_at,
    )


async def sweep(tx: Tx, account_id: UUID, before: datetime) -> None:
    """Forget what is left of drafts that have long been gone."""
    await tx.conn.execute(
        """
        DELETE FROM drafts
        WHERE account_id = $1 AND saved_at < $2 AND text = '' AND reply_to IS NULL
        """,
        account_id,
        before,
    )


async def drop_room(tx: Tx, account_id: UUID, room_id: UUID) -> None:
    await tx.conn.execute(
        "DELETE FROM drafts WHERE account_id = $1 AND room_id = $2", account_id, room_id
    )


async def all_of(tx: Tx, account_id: UUID) -> list[Draft]:
    """The newest first."""
    rows = await tx.conn.fetch(
        """
        SELECT * FROM drafts WHERE account_id = $1 AND (text <> '' OR reply_to IS NOT NULL)
        ORDER BY saved_at DESC, id
        """,
        account_id,
    )
    return [_draft(row) for row in rows]


async def by_id(tx: Tx, wanted: Sequence[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Draft]:
    """By account and id."""
    rows = await tx.conn.fetch(
        """
        SELECT * FROM drafts
        WHERE (account_id, id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
        """,
        [account_id for account_id, _ in wanted],
        [draft_id for _, draft_id in wanted],
    )
    return {(row["account_id"], row["id"]): _draft(row) for row in rows}
