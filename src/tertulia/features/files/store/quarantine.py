"""Files that a scanner found infected, and whose bytes are still here."""

from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.files.schemas import Quarantined


async def page(tx: Tx, before: UUID | None, limit: int) -> list[Quarantined]:
    """The newest first, of those before `before`."""
    rows = await tx.conn.fetch(
        """
        SELECT id, room_id, account_id, name, size, found, created_at FROM files
        WHERE quarantined AND ($1::uuid IS NULL OR id < $1) ORDER BY id DESC LIMIT $2
        """,
        before,
        limit,
    )
    return [Quarantined(**row) for row in rows]


async def release(tx: Tx, file_id: UUID) -> bool:
    """Its bytes go. False: there are none in the quarantine."""
    found = await tx.conn.fetchval(
        "UPDATE files SET quarantined = false WHERE id = $1 AND quarantined RETURNING id", file_id
    )
    return found is not None
