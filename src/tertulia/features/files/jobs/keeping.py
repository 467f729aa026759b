"""Throwing away what nobody holds, and looking whether everything lies where it should."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import msgspec
import structlog

from tertulia.core.jobs import Job, Retry, Run
from tertulia.core.storage import Incoming, Missing, Storage, StorageAway
from tertulia.features.files.schemas import RELEASE, Release
from tertulia.features.files.service import keeping

SWEEP = "files.sweep"
LOOK = "files.check"
AWAY_SECONDS = 60.0
YOUNG = timedelta(hours=24)  # bytes may be written long before their row is
BATCH = 500
# Folders of the storage whose things have rows here; films look after theirs.
PREFIXES = ("blobs/", "renditions/", "quarantine/")
# More losses than these at once, and it is the storage that is not what it was: nothing is marked.
MOST_LOST, MOST_LOST_PART = 20, 0.05

log = structlog.get_logger(__name__)


class Sweep(msgspec.Struct, frozen=True):
    """Nothing to say: it looks for itself."""


class Look(msgspec.Struct, frozen=True):
    """As `Sweep`."""


def jobs(storage: Storage, incoming: Incoming) -> list[Job[Any]]:
    async def release(run: Run, wanted: Release) -> None:
        if not await run.db.write(lambda tx: keeping.condemn(tx, wanted)):
            return
        keys = await run.db.write(lambda tx: keeping.throw_away(tx, wanted))
        if keys:
            await _throw(storage, keys)
            await run.db.write(lambda tx: keeping.remove(tx, wanted))

    async def sweep(run: Run, _: Sweep) -> None:
        while (dropped := await run.db.write(keeping.drop_unsent)) and any(dropped):
            for upload in dropped.incoming:
                await incoming.remove(upload)
        await run.db.write(keeping.idle)

    async def look(run: Run, _: Look) -> None:
        await sweep_storage(run, storage)
        await find_lost(run, storage)

    return [
        Job(RELEASE, Release, release, concurrency=2),
        Job(SWEEP, Sweep, sweep, concurrency=1, every=timedelta(hours=1)),
        Job(LOOK, Look, look, concurrency=1, every=timedelta(days=1), timeout=3 * 3600.0),
    ]


async def _throw(storage: Storage, keys: Any) -> None:
    try:
        await storage.remove(keys)
    except StorageAway as error:
        raise Retry(AWAY_SECONDS, str(error)) from None


async def sweep_storage(run: Run, storage: Storage) -> None:
    """Throw away what lies in the storage and no row names: a crash left it."""
    for prefix in PREFIXES:
        async for keys in _old(run, storage, prefix):
            async with run.db.read() as tx:
                unknown = await keeping.unknown(tx, keys)
            if unknown:
                log.info("storage_swept", prefix=prefix, count=len(unknown))
                await _throw(storage, unknown)


async def _old(run: Run, storage: Storage, prefix: str) -> AsyncIterator[list[str]]:
    async with run.db.read() as tx:
        before = tx.now - YOUNG
    batch: list[str] = []
    async for stored in storage.list(prefix):
        if stored.changed_at < before:
            batch.append(stored.key)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


async def find_lost(run: Run, storage: Storage) -> None:
    """Tell of files whose bytes are not there. A disk that is not mounted, or another bucket, would
    make all of them so: then nothing is touched, and the log says so."""
    lost: list[str] = []
    count, after = 0, ""
    while True:
        async with run.db.read() as tx:
            keys = await keeping.named(tx, after)
        if not keys:
            break
        count, after = count + len(keys), keys[-1]
        lost += [key for key in keys if await _is_missing(storage, key)]
        await run.progress(count, count)
    if not lost:
        return
    if len(lost) > max(MOST_LOST, count * MOST_LOST_PART):
        log.error("storage_looks_empty", missing=len(lost), of=count)
        return
    for key in lost:
        files = await run.db.write(lambda tx, key=key: keeping.lose(tx, key))
        log.error("blob_lost", key=key, files=files)


async def _is_missing(storage: Storage, key: str) -> bool:
    try:
        await storage.size(key)
    except Missing:
        return True
    except StorageAway as error:
        raise Retry(AWAY_SECONDS, str(error)) from None
    return False
