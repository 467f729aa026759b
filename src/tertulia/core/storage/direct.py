"""A bucket that clients write to themselves, by URLs signed for them.

What they write lies where nobody else looks: a thing of one request under `direct/<id>`, which its
URL can overwrite as long as it holds; so it is first copied to a place the client never had
(`take`). A multipart upload is made at that place at once: a signed part is worth nothing once it
was completed.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import obstore
from obstore.store import S3Store

from tertulia.core.storage import multipart
from tertulia.core.storage.bucket import require_bucket, size_of, told
from tertulia.core.storage.multipart import PartThere
from tertulia.core.storage.s3_incoming import whole
from tertulia.core.storage.signed import Form, SignedUrls
from tertulia.core.storage.storage import Missing

LARGEST = 5 << 30  # bytes of one request, by every store


class DirectBucket:
    """`now` is the time signatures count from. Every method that asks the bucket raises
    StorageAway, and Missing where the thing or the multipart upload is not there."""

    def __init__(self, store: S3Store, urls: SignedUrls) -> None:
        self._store = store
        self._urls = urls

    @property
    def name(self) -> str:
        return self._urls.bucket

    @property
    def origin(self) -> str:
        """As browsers see it."""
        return self._urls.origin

    @property
    def takes_forms(self) -> bool:
        return self._urls.takes_forms

    def key(self, id_: UUID) -> str:
        """What the store calls what is written in one request."""
        return self._urls.name(written(id_))

    def parts_key(self, id_: UUID) -> str:
        """What the store calls what is made of parts."""
        return self._urls.name(whole(id_))

    def put_url(self, id_: UUID, size: int, media_type: str, seconds: int, now: datetime) -> str:
        return self._urls.put(written(id_), size, media_type, seconds, now)

    def form(self, id_: UUID, size: int, media_type: str, seconds: int, now: datetime) -> Form:
        return self._urls.post(written(id_), size, media_type, seconds, now)

    def part_url(
        self, id_: UUID, upload_id: str, number: int, size: int, seconds: int, now: datetime
    ) -> str:
        return self._urls.part(whole(id_), upload_id, number, size, seconds, now)

    async def begin_parts(self, id_: UUID, media_type: str, now: datetime) -> str:
        """The store's own name of the new multipart upload."""
        return await multipart.begin(self._urls, whole(id_), media_type, now)

    async def parts(self, id_: UUID, upload_id: str, now: datetime) -> list[PartThere]:
        return await multipart.parts(self._urls, whole(id_), upload_id, now)

    async def complete(
        self, id_: UUID, upload_id: str, parts: Sequence[PartThere], now: datetime
    ) -> None:
        await multipart.complete(self._urls, whole(id_), upload_id, parts, now)

    async def abort(self, id_: UUID, upload_id: str, now: datetime) -> None:
        """What is not there is passed over."""
        await multipart.abort(self._urls, whole(id_), upload_id, now)

    async def size(self, id_: UUID) -> int:
        """Of what was written in one request."""
        return await size_of(self._store, written(id_))

    async def take(self, id_: UUID) -> int:
        """Copy what was written in one request to where uploads lie, within the store. Its size
        there: what the client has overwritten meanwhile is of another one."""
        try:
            with told(may_miss=True):
                await obstore.copy_async(self._store, written(id_), whole(id_))
        except Missing:
            await require_bucket(self._store, written(id_))
            raise
        return await size_of(self._store, whole(id_))

    async def taken(self, id_: UUID) -> int:
        """The size of what lies where uploads lie."""
        return await size_of(self._store, whole(id_))

    async def forget(self, id_: UUID) -> None:
        """What was written in one request."""
        with told():
            await obstore.delete_async(self._store, [written(id_)])

    async def forget_taken(self, id_: UUID) -> None:
        """What lies where uploads lie."""
        with told():
            await obstore.delete_async(self._store, [whole(id_)])


def written(id_: UUID) -> str:
    return f"direct/{id_}"
