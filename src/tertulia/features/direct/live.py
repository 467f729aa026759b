"""What becomes of a direct upload between the bucket and us.

The bucket is asked outside transactions: it may take its time. So each step first writes down what
it is about to do, and whoever comes after a crash finds that, or an expiry that clears it away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.clock import Clock
from tertulia.core.db import Database
from tertulia.core.errors import NotFound
from tertulia.core.storage import DirectBucket, Form, Missing, PartThere
from tertulia.features.direct import policy, service
from tertulia.features.direct.policy import SIGNED_FOR, Sent
from tertulia.features.direct.schemas import Direct, DirectUpload
from tertulia.features.direct.service import NotArrived, Wanted, WrongContent
from tertulia.features.files.schemas import File
from tertulia.features.uploads.service import UploadGone, UploadRules


@dataclass(frozen=True)
class DirectUploads:
    """`bucket` None: there is none, and nothing here works."""

    db: Database
    clock: Clock
    bucket: DirectBucket | None
    rules: UploadRules

    def open(self) -> DirectBucket:
        """Raises DirectUnavailable."""
        if self.bucket is None:
            raise service.DirectUnavailable
        return self.bucket

    async def begin(self, actor: Actor, wanted: Wanted) -> Direct:
        self.open()
        return await self.db.write(lambda tx: service.begin(tx, actor, wanted, self.rules))

    def form(self, upload: Direct) -> Form:
        now = self.clock.now()
        return self.open().form(upload.id, upload.size, upload.media_type, SIGNED_FOR, now)

    def shown(self, upload: Direct) -> DirectUpload:
        """With what it takes to send it."""
        bucket, now = self.open(), self.clock.now()
        form = self.form(upload) if upload.way == "form" else None
        url = bucket.put_url(upload.id, upload.size, upload.media_type, SIGNED_FOR, now)
        return DirectUpload(
            id=upload.id,
            key=bucket.key(upload.id),
            method="POST" if form else "PUT",
            url=form.url if form else url,
            headers={} if form else {"Content-Type": upload.media_type},
            fields=form.fields if form else {},
            signed_until=now + timedelta(seconds=SIGNED_FOR),
            expires_at=upload.expires_at,
        )

    def key(self, id_: UUID) -> str:
        """Of an upload in parts."""
        return self.open().parts_key(id_)

    def require_key(self, id_: UUID, key: str) -> None:
        """Raises NotFound where another is named than the one we gave."""
        if key != self.key(id_):
            raise NotFound

    async def begin_parts(self, actor: Actor, wanted: Wanted) -> Direct:
        bucket = self.open()
        upload = await self.begin(actor, wanted)
        upload_id = await bucket.begin_parts(upload.id, upload.media_type, self.clock.now())
        await self.db.write(lambda tx: service.begun(tx, upload, upload_id))
        return upload

    async def part_url(self, actor: Actor, room_id: UUID, id_: UUID, number: int) -> str:
        """Raises Invalid where there is no such part."""
        bucket = self.open()
        upload = await self.db.write(lambda tx: service.keep(tx, actor, room_id, id_))
        size = policy.length(upload.size, upload.part_size or 1, number)
        now = self.clock.now()
        return bucket.part_url(id_, upload.upload_id or "", number, size, SIGNED_FOR, now)

    async def parts(self, actor: Actor, room_id: UUID, id_: UUID) -> Sequence[PartThere]:
        bucket = self.open()
        upload = await self.db.write(lambda tx: service.keep(tx, actor, room_id, id_))
        try:
            return await bucket.parts(id_, upload.upload_id or "", self.clock.now())
        except Missing:
            raise UploadGone from None

    async def confirm(self, actor: Actor, room_id: UUID, id_: UUID) -> File:
        """All was written in one request: it becomes a file. Again, it is the same file."""
        bucket = self.open()
        upload = await self._claim(actor, room_id, id_, parts=False)
        if upload.file_id is not None:
            return await self._file(actor, upload)
        try:
            size = await self._take(bucket, upload)
            if size != upload.size:
                await self._throw_away(bucket, upload)
                raise WrongContent
            file = await self.db.write(lambda tx: service.finish(tx, actor, upload))
        except BaseException:
            await self.db.write(lambda tx: service.let_go(tx, upload))
            raise
        await bucket.forget(id_)
        return file

    async def complete(self, actor: Actor, room_id: UUID, id_: UUID, said: Sequence[Sent]) -> File:
        """All parts are there: they become a file. Again, it is the same file."""
        bucket = self.open()
        upload = await self._claim(actor, room_id, id_, parts=True)
        if upload.file_id is not None:
            return await self._file(actor, upload)
        try:
            await self._join(bucket, upload, said)
            return await self.db.write(lambda tx: service.finish(tx, actor, upload))
        except BaseException:
            await self.db.write(lambda tx: service.let_go(tx, upload))
            raise

    async def cancel(self, actor: Actor, room_id: UUID, id_: UUID) -> None:
        """Throw it away, unless it became a file. Again, it changes nothing more."""
        bucket = self.open()
        async with self.db.read() as tx:
            upload = await service.find(tx, actor, room_id, id_)
        claimed = await self._claim(actor, room_id, id_, parts=upload.way == "parts")
        if claimed.file_id is None:
            await self._throw_away(bucket, claimed)

    async def _claim(self, actor: Actor, room_id: UUID, id_: UUID, *, parts: bool) -> Direct:
        return await self.db.write(lambda tx: service.claim(tx, actor, room_id, id_, parts=parts))

    async def _file(self, actor: Actor, upload: Direct) -> File:
        async with self.db.read() as tx:
            return await service.get_file(tx, actor, upload)

    async def _take(self, bucket: DirectBucket, upload: Direct) -> int:
        """Bytes of what lies beyond the client's reach now. Raises NotArrived."""
        try:
            return await bucket.take(upload.id)
        except Missing:
            raise NotArrived from None

    async def _join(self, bucket: DirectBucket, upload: Direct, said: Sequence[Sent]) -> None:
        """Raises NotArrived while a part is not there, or is another than the client means."""
        now, upload_id, part = self.clock.now(), upload.upload_id or "", upload.part_size or 1
        try:
            there = await bucket.parts(upload.id, upload_id, now)
            found = [Sent(one.number, one.etag, one.size) for one in there]
            if not policy.is_complete(upload.size, part, found):
                raise NotArrived
            if not policy.agrees(found, said):
                raise NotArrived("The parts that are there are not those you name.")
            await bucket.complete(upload.id, upload_id, there, now)
        except Missing:
            pass  # completed before, by somebody who then died; or never: then nothing lies there
        try:
            if await bucket.taken(upload.id) == upload.size:
                return
        except Missing:
            raise UploadGone from None
        await self._throw_away(bucket, upload)
        raise WrongContent

    async def _throw_away(self, bucket: DirectBucket, upload: Direct) -> None:
        await clear(bucket, upload, self.clock)
        await self.db.write(lambda tx: service.remove(tx, upload))


async def clear(bucket: DirectBucket, upload: Direct, clock: Clock) -> None:
    """Everything in the bucket that is of an upload, unless a file needs it; above all what an old
    URL may have written after it became one."""
    if upload.upload_id is not None and upload.file_id is None:
        await bucket.abort(upload.id, upload.upload_id, clock.now())
    if upload.way != "parts":
        await bucket.forget(upload.id)
    if upload.file_id is None:
        await bucket.forget_taken(upload.id)
