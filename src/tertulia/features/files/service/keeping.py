"""Bytes that nobody holds are thrown away, and what is lost is told.

A blob goes in three steps, each of which may be the last one of its process: it is doomed (a new
upload of the same bytes is then a new blob); after a while in which every transaction that saw it
alive has ended, its bytes go; then its row. Whoever carried it on in that very moment keeps it.

A backup copies what its dump names. While it does, nothing is doomed (`store.keeping.BACKUP_LOCK`).
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from tertulia.core import jobs
from tertulia.core.actor import Actor
from tertulia.core.jobs import Retry
from tertulia.core.streams import account_stream, room_stream
from tertulia.core.tx import Tx
from tertulia.features.files.events import FileChanged, FileChecked
from tertulia.features.files.schemas import FORGET_FILM, RELEASE, PrepareFilm, Release
from tertulia.features.files.store import keeping
from tertulia.features.files.store.keeping import BACKUP_LOCK, Dropped, Named, Usage, Waiting

__all__ = [
    "BACKUP_LOCK",
    "Dropped",
    "Named",
    "Usage",
    "Waiting",
    "condemn",
    "discard",
    "drop_unsent",
    "everything",
    "idle",
    "key_of",
    "lose",
    "named",
    "release",
    "remove",
    "throw_away",
    "unknown",
    "usage",
    "waiting",
]

GRACE = timedelta(minutes=1)  # a transaction of ours lasts seconds (core.db)
BACKUP_PAUSE = 60.0  # seconds until it is asked again whether the backup is over
UNSENT = timedelta(hours=24)
IDLE = timedelta(hours=1)
BATCH = 500  # rows of one transaction


async def condemn(tx: Tx, wanted: Release) -> bool:
    """Doom a blob that nobody holds. False: there is nothing to throw away. Raises Retry during a
    backup, and until its bytes may go."""
    if not await keeping.may_throw_away(tx):
        raise Retry(BACKUP_PAUSE, "a backup is being taken")
    blob = await keeping.lock(tx, wanted.blob_id)
    if blob is None or (blob.doomed_at is None and await keeping.is_held(tx, blob.id)):
        return False
    if blob.doomed_at is None:
        await keeping.doom(tx, blob.id)
    return True


async def throw_away(tx: Tx, wanted: Release) -> Sequence[str]:
    """The keys of a doomed blob's bytes, which nobody will ask for any more; none where somebody
    holds it after all, or it is gone. Raises Retry before its time."""
    blob = await keeping.lock(tx, wanted.blob_id)
    if blob is None or blob.doomed_at is None:
        return ()
    left = blob.doomed_at + GRACE - tx.now
    if left > timedelta():
        raise Retry(left.total_seconds(), "until nobody sees it any more")
    if await keeping.is_held(tx, blob.id):
        await keeping.spare(tx, blob.id)
        if await keeping.is_held(tx, blob.id):
            return ()
    if blob.media_type.startswith(("video/", "audio/")):
        await jobs.enqueue(tx, FORGET_FILM, PrepareFilm(blob.id), key=str(blob.id))
    return await keeping.keys(tx, blob.id)


async def remove(tx: Tx, wanted: Release) -> None:
    """Its bytes are gone: so is the blob."""
    await keeping.remove(tx, wanted.blob_id)


async def discard(tx: Tx, actor: Actor, room_id: UUID, file_id: UUID) -> list[UUID]:
    """A file that I uploaded and will not send. Answers the uploads whose bytes the caller removes,
    after the commit; what was sent, or is not mine, stays as it is."""
    dropped = await keeping.drop(tx, actor.account_id, room_id, file_id)
    await release(tx, dropped.blobs)
    return dropped.incoming


async def drop_unsent(tx: Tx) -> Dropped:
    """Files that nobody sent within a day go, up to a batch of them."""
    dropped = await keeping.drop_unsent(tx, tx.now - UNSENT, BATCH)
    await release(tx, dropped.blobs)
    return dropped


async def idle(tx: Tx) -> int:
    """Have blobs thrown away that nobody holds, up to a batch of them; how many."""
    found = await keeping.idle_blobs(tx, tx.now - IDLE, BATCH)
    await release(tx, found)
    return len(found)


async def release(tx: Tx, blob_ids: Sequence[UUID]) -> None:
    """Have these thrown away, if nobody holds them by then."""
    for blob_id in set(blob_ids):
        await jobs.enqueue(tx, RELEASE, Release(blob_id), key=str(blob_id))


async def unknown(tx: Tx, keys: Sequence[str]) -> list[str]:
    """Of these keys of the storage the ones that nothing names."""
    return await keeping.unknown(tx, keys)


async def named(tx: Tx, after: str) -> list[str]:
    """The next keys, in order, under which bytes should lie."""
    return await keeping.named(tx, after, BATCH)


async def lose(tx: Tx, key: str) -> int:
    """The bytes of that key are gone for good: the files that held them have failed, and whoever
    sees them hears of it. How many."""
    found = await keeping.holders(tx, key)
    streams = {room_stream(file.room_id) for file in found}
    await tx.lock(*streams, *(account_stream(file.account_id) for file in found))
    lost = 0
    for file in found:
        now = await keeping.lose(tx, file)
        if now is None:
            continue
        lost += 1
        if now.message_id is not None:
            tx.emit(room_stream(now.room_id), FileChanged(file=now), None)
        else:
            tx.emit(account_stream(now.account_id), FileChecked(file=now), None)
    return lost


async def everything(tx: Tx) -> list[Named]:
    """All bytes that a backup has to hold, but for films and uploads."""
    return await keeping.everything(tx)


async def waiting(tx: Tx) -> list[Waiting]:
    """Uploads that are complete and were not looked at yet."""
    return await keeping.waiting(tx)


async def key_of(tx: Tx, one: Waiting) -> str | None:
    """Where the bytes of such an upload lie once it was looked at."""
    return await keeping.key_of(tx, one.room_id, one.file_id)


async def usage(tx: Tx) -> Usage:
    return await keeping.usage(tx)
