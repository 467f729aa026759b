"""Uploads that nobody goes on with."""

from collections.abc import Sequence
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.files import service as files
from tertulia.features.uploads import store

SWEPT = 200  # uploads of one transaction


async def sweep(tx: Tx) -> tuple[int, Sequence[UUID]]:
    """Forget uploads whose time is up, at most SWEPT. Answers how many, and whose bytes nobody
    needs any more; what became a file keeps them."""
    gone = await store.expired(tx, SWEPT)
    for upload in gone:
        await store.remove(tx, upload.account_id, upload.id)
    return len(gone), [upload.id for upload in gone if not upload.is_over]


async def orphans(tx: Tx, ids: Sequence[UUID]) -> set[UUID]:
    """Of these names of bytes the ones that no upload and no file knows."""
    return set(ids) - await store.known(tx, ids) - await files.waiting(tx, ids)
