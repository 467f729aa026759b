"""Files go."""

from collections.abc import Sequence
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.files.service.keeping import release
from tertulia.features.files.store import files


async def forget(tx: Tx, room_id: UUID, message_ids: Sequence[UUID]) -> None:
    """These messages are gone, and that was told: so are their files, at once, and the bytes that
    nobody else holds, soon."""
    await release(tx, await files.remove_of(tx, room_id, message_ids))
