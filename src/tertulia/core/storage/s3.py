"""Things in a bucket: S3, R2, MinIO and what speaks like them, by obstore.

What is put is all there or not there at all, and durable when it is answered; so is a multipart
upload when it is completed. What was begun and never completed nobody sees, and a rule of the
bucket throws it away (docs/ops/storage.md).
"""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import obstore
from obstore.store import S3Store

from tertulia.core.clock import Clock
from tertulia.core.storage import disk
from tertulia.core.storage.bucket import (
    PARTS_AT_ONCE,
    SMALL,
    blocks,
    listed,
    part_size,
    require_bucket,
    size_of,
    told,
)
from tertulia.core.storage.keys import require_key
from tertulia.core.storage.signed import SignedUrls
from tertulia.core.storage.storage import Stored

PROBE = "probe"
PROBED_FOR = 20.0  # seconds that a good answer holds: every question costs its owner something


class S3Storage:
    def __init__(self, store: S3Store, urls: SignedUrls, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._urls = urls
        self._probed_at: float | None = None

    async def put(self, key: str, source: Path) -> None:
        size = (await disk.away(source.stat)).st_size
        with told():
            await obstore.put_async(
                self._store,
                require_key(key),
                source,
                use_multipart=size > SMALL,
                chunk_size=part_size(size),
                max_concurrency=PARTS_AT_ONCE,
            )
        await disk.away(lambda: source.unlink(missing_ok=True))

    async def write(self, key: str, data: bytes) -> None:
        with told():
            await obstore.put_async(self._store, require_key(key), data, use_multipart=False)

    async def read(self, key: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        async for block in blocks(self._store, require_key(key), start, stop):
            yield block

    async def size(self, key: str) -> int:
        return await size_of(self._store, require_key(key))

    async def remove(self, keys: Sequence[str]) -> None:
        wanted = [require_key(key) for key in keys]
        if wanted:
            with told():
                await obstore.delete_async(self._store, wanted)

    async def list(self, prefix: str) -> AsyncIterator[Stored]:
        async for found in listed(self._store, prefix):
            yield Stored(found["path"], found["size"], found["last_modified"])

    async def fetch(self, key: str, target: Path) -> None:
        await disk.save(self.read(key), target)

    def path(self, key: str) -> None:
        del key

    async def link(self, key: str, seconds: int, headers: dict[str, str]) -> str:
        return self._urls.get(require_key(key), seconds, headers, self._clock.now())

    async def probe(self) -> None:
        now = self._clock.monotonic()
        if self._probed_at is None or now - self._probed_at > PROBED_FOR:
            await require_bucket(self._store, PROBE)
            self._probed_at = now
