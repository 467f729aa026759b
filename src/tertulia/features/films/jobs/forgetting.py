"""What was made of bytes goes when they go."""

from datetime import timedelta

import msgspec

from tertulia.core.jobs import Retry, Run
from tertulia.core.storage import Storage
from tertulia.features.films import service
from tertulia.features.films.jobs.making import Works
from tertulia.features.films.service import ForgetFilm

AGAIN_SECONDS = 15.0  # whoever was at work has stopped by then
SWEPT_AT_ONCE = 500
YOUNG = timedelta(minutes=10)


class Sweep(msgspec.Struct, frozen=True):
    """Nothing to say: it looks for itself."""


async def forget(run: Run, wanted: ForgetFilm, works: Works) -> None:
    stopped = await run.db.write(lambda tx: service.forget(tx, wanted.blob_id))
    await _clear(works.storage, service.key(wanted.blob_id, ""))
    if stopped:
        raise Retry(AGAIN_SECONDS, "somebody was still at work")


async def _clear(storage: Storage, prefix: str) -> None:
    batch: list[str] = []
    async for stored in storage.list(prefix):
        batch.append(stored.key)
        if len(batch) >= SWEPT_AT_ONCE:
            await storage.remove(batch)
            batch = []
    await storage.remove(batch)


async def sweep(run: Run, _payload: Sweep, works: Works) -> None:
    """Films whose bytes went without a word, and what killed processes left."""
    await works.jail.sweep(works.clock.now() - YOUNG)
    after = None
    while True:
        async with run.db.read() as tx:
            found, after = await service.gone(tx, tx.now - YOUNG, after, SWEPT_AT_ONCE)
        for blob_id in found:
            await run.db.write(lambda tx, blob_id=blob_id: service.forgotten(tx, blob_id))
        if after is None:
            return
