"""Those who run the server."""

from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.accounts.store import accounts


async def admin_ids(tx: Tx, limit: int) -> list[UUID]:
    """The owner and the admins, at most so many, the oldest accounts first."""
    return await accounts.admins(tx, limit)
