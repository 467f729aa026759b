"""Which files hold which bytes: asked by features that make something of bytes, for all rooms that
have them. It opens nothing to anybody."""

from collections.abc import Sequence
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.files.store import holding
from tertulia.features.files.store.holding import Holder
from tertulia.features.files.store.serving import Blob


async def find_blob(tx: Tx, blob_id: UUID) -> Blob | None:
    """None: nobody holds it any more."""
    return await holding.find_blob(tx, blob_id)


async def blobs_there(tx: Tx, blob_ids: Sequence[UUID]) -> set[UUID]:
    return await holding.blobs_there(tx, blob_ids)


async def holders(tx: Tx, blob_id: UUID) -> list[Holder]:
    return await holding.holders(tx, blob_id)


async def held_by(tx: Tx, wanted: Sequence[tuple[UUID, UUID]]) -> list[Holder]:
    return await holding.held_by(tx, wanted) if wanted else []
