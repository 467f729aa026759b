"""Files go."""

from collections.abc import Sequence
from uuid import UUID

from tertulia.core import jobs
from tertulia.core.tx import Tx
from tertulia.features.files.schemas import RELEASE, Release
from tertulia.features.files.store import files


async def forget(tx: Tx, room_id: UUID, message_ids: Sequence[UUID]) -> None:
    """These messages are gone, and that was told: so are their files, at once, and the bytes that
    nobody else holds, soon."""
    for blob_id in set(await files.remove_of(tx, room_id, message_ids)):
        await jobs.enqueue(tx, RELEASE, Release(blob_id), key=str(blob_id))
