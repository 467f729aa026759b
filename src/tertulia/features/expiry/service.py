"""The verb of the sweep."""

from uuid import UUID

from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.expiry import store
from tertulia.features.expiry.events import MessagesExpired
from tertulia.features.files import service as files

BATCH = 200  # messages of one fact, and of one transaction
ROOMS = 50  # looked after in one round


async def rooms_due(tx: Tx) -> list[UUID]:
    """Rooms where something is to be swept now."""
    return await store.rooms_due(tx, tx.now, ROOMS)


async def sweep(tx: Tx, room_id: UUID) -> bool:
    """Remove a room's messages whose time is up, up to a batch of them. True: there may be more.

    Two nodes may sweep at once: the room's lock lets one go first, and the other finds the rest.
    """
    await tx.lock(room_stream(room_id))
    gone = await store.take(tx, room_id, tx.now, BATCH)
    if gone.ids:
        await files.forget(tx, room_id, gone.ids)
        fact = MessagesExpired(message_ids=gone.ids, seqs=gone.seqs, threads=gone.threads)
        tx.emit(room_stream(room_id), fact, None)
    return len(gone.ids) == BATCH
