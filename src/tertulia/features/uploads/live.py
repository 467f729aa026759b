"""Uploads that are being written by this node, and how they are asked to stop.

One request writes one upload at a time, under a lease in its row (`service.writing`). A client
whose connection broke asks how far it came while the server may still wait for the rest of the old
request: so a question makes whoever writes yield, here or on another node, and waits for it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

import structlog

from tertulia.core.actor import Actor
from tertulia.core.bus import Bus, Notice
from tertulia.core.clock import Clock
from tertulia.core.db import Database
from tertulia.core.errors import AppError, TooLarge, Unavailable
from tertulia.core.http.inflow import CutOff, Inflow
from tertulia.core.ids import Ids
from tertulia.core.storage import Incoming
from tertulia.core.tus import Checksum, ChecksumMismatch
from tertulia.core.tx import Tx
from tertulia.features.uploads import policy, service
from tertulia.features.uploads.schemas import Upload, UploadLimits
from tertulia.features.uploads.service import Claim, UploadBusy, UploadRules, Wanted

TOPIC = "uploads"
YIELD, FREE = "yield", "free"
LOOK = 0.5  # seconds between looks at a row, where no notice comes
PATIENCE = policy.LEASE.total_seconds() + 2  # for a writer that died: until nobody believes in it

log = structlog.get_logger(__name__)

Free = Callable[[], Awaitable[int | None]]
"""Bytes free on the disk that uploads go to; None where nobody knows."""


@dataclass
class _Writing:
    """One of ours. `believed_until`: on the monotonic clock; after that somebody else may write."""

    upload: Upload
    holder: UUID
    inflow: Inflow | None
    believed_until: float
    asked: bool = False
    lost: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def stop(self, error: Exception) -> None:
        if self.inflow is not None:
            self.inflow.stop(error)


class Uploads:
    """Of one node. Raises what `service` does."""

    def __init__(
        self,
        *,
        db: Database,
        incoming: Incoming,
        bus: Bus,
        clock: Clock,
        ids: Ids,
        rules: UploadRules,
        free: Free,
    ) -> None:
        self.rules = rules
        self._db = db
        self._incoming = incoming
        self._bus = bus
        self._clock = clock
        self._ids = ids
        self._free = free
        self._here: dict[UUID, _Writing] = {}
        self._waiting: dict[UUID, asyncio.Event] = {}
        self._closing = False

    # Verbs

    async def limits(self, actor: Actor) -> UploadLimits:
        free = await self._free()
        async with self._db.read() as tx:
            return await service.limits(tx, actor, self.rules, free)

    async def begin(
        self, actor: Actor, wanted: Wanted, inflow: Inflow | None, checksum: Checksum | None
    ) -> Upload:
        """A new upload, with its first bytes where it has an `inflow`. Raises also ChecksumMismatch
        and CutOff, after which nothing of it is left: the client never heard its name."""
        if self._closing:
            raise Unavailable(retry_after=1)
        free = await self._free()
        holder = self._ids.uuid7()
        upload = await self._db.write(
            lambda tx: service.begin(tx, actor, self.rules, wanted, free, holder=holder)
        )
        try:
            await self._incoming.begin(upload.id)
            return await self._write(actor, upload, holder, inflow, checksum)
        except (CutOff, AppError):
            await self._forget(actor, upload)
            raise

    async def append(
        self,
        actor: Actor,
        id_: UUID,
        claim: Claim,
        inflow: Inflow,
        checksum: Checksum | None,
    ) -> Upload:
        """Write what comes in. Raises also ChecksumMismatch, TooLarge, and CutOff where the client
        went; what came before is kept, but for a chunk that had a checksum."""
        if self._closing:
            raise Unavailable(retry_after=1)
        await self._settled(actor, id_)
        free = await self._free()
        holder = self._ids.uuid7()
        upload = await self._db.write(
            lambda tx: service.claim(tx, actor, self.rules, id_, holder, claim, free)
        )
        return await self._write(actor, upload, holder, inflow, checksum)

    async def look(self, actor: Actor, id_: UUID) -> Upload:
        """How far it is, once nobody writes it: whoever does is asked to yield. Raises UploadBusy
        where they do not in time."""
        upload = await self._alone(actor, id_)
        if upload.becomes_file:
            upload = await self._db.write(lambda tx: service.finish(tx, actor, id_))
        return upload

    async def join(self, actor: Actor, wanted: Wanted, parts: list[UUID]) -> Upload:
        """Make one of parts. Asked again it answers with the same."""
        holder = self._ids.uuid7()
        for part in parts:
            with suppress(AppError):  # of a part that is not there `begin_final` knows to tell
                await self._settled(actor, part)
        upload = await self._db.write(
            lambda tx: service.begin_final(tx, actor, self.rules, wanted, parts, holder=holder)
        )
        if upload.holder != holder:
            return await self.look(actor, upload.id)
        return await self._join(actor, upload, holder)

    async def remove(self, actor: Actor, id_: UUID) -> None:
        await self._alone(actor, id_, leaving=True)
        for gone in await self._db.write(lambda tx: service.remove(tx, actor, id_)):
            await self._incoming.remove(gone)

    # Writing

    async def _write(
        self,
        actor: Actor,
        upload: Upload,
        holder: UUID,
        inflow: Inflow | None,
        checksum: Checksum | None,
    ) -> Upload:
        writing = self._hold(upload, holder, inflow)
        beating = asyncio.create_task(self._beat(actor, writing), name="upload-lease")
        error: Exception | None = None
        received = upload.received
        try:
            if inflow is not None:
                try:
                    received = await self._incoming.append(
                        upload.id, received, self._counted(writing, inflow, checksum)
                    )
                except (CutOff, AppError) as broke:
                    error = broke
                    received = await self._kept(writing, broke, checksum)
            return await self._end(actor, writing, received, error)
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
            self._unhold(writing)

    async def _counted(
        self, writing: _Writing, inflow: Inflow, checksum: Checksum | None
    ) -> AsyncIterator[bytes]:
        """Its blocks, no more than there is room for, compared at the end. Raises TooLarge,
        ChecksumMismatch, UploadBusy once somebody else may write."""
        upload = writing.upload
        most = self.rules.max_size if upload.length is None else upload.length
        left = most - upload.received
        summed = checksum.begin() if checksum else None
        async for block in inflow.blocks():
            if self._clock.monotonic() >= writing.believed_until:
                writing.lost = True
            if writing.lost:
                raise UploadBusy(retry_after=1)
            left -= len(block)
            if left < 0:
                raise TooLarge(limit=most)
            if summed is not None:
                summed.update(block)
            yield block
        if checksum is not None and summed is not None and summed.digest() != checksum.digest:
            raise ChecksumMismatch

    async def _kept(self, writing: _Writing, error: Exception, checksum: Checksum | None) -> int:
        """How much of it counts, after an error."""
        upload = writing.upload
        if writing.lost:
            return upload.received
        if checksum is not None or isinstance(error, TooLarge):
            await self._incoming.cut(upload.id, upload.received)
            return upload.received
        return await self._incoming.size(upload.id)

    async def _end(
        self, actor: Actor, writing: _Writing, received: int, error: Exception | None
    ) -> Upload:
        """Say how far it came, and make a file of what is whole. Raises `error`."""
        if writing.lost:
            raise error or UploadBusy(retry_after=1)
        upload, holder = writing.upload, writing.holder

        async def end(tx: Tx) -> Upload:
            let = await service.let_go(tx, upload, holder, received)
            return await service.finish(tx, actor, upload.id) if let.becomes_file else let

        try:
            ended = await self._db.write(end)
        except Unavailable:
            raise  # nothing is known: the lease runs out, and the next question finds out
        except AppError as refused:
            # It may not become a file any more, but what came of it is known.
            await self._db.write(lambda tx: service.let_go(tx, upload, holder, received))
            raise error or refused from refused
        if error is not None:
            raise error
        if ended.parts:
            await self._drop(ended.parts)
        return ended

    async def _join(self, actor: Actor, upload: Upload, holder: UUID) -> Upload:
        writing = self._hold(upload, holder, None)
        beating = asyncio.create_task(self._beat(actor, writing), name="upload-lease")
        try:
            size = await self._incoming.join(upload.id, upload.parts or [])
            return await self._end(actor, writing, size, None)
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
            self._unhold(writing)

    async def _drop(self, ids: list[UUID]) -> None:
        """Bytes that nobody needs any more. What fails here the sweep does."""
        for id_ in ids:
            try:
                await self._incoming.remove(id_)
            except AppError as error:
                log.warning("upload_left_behind", upload_id=str(id_), error=repr(error))
                return

    async def _forget(self, actor: Actor, upload: Upload) -> None:
        with suppress(AppError):
            for gone in await self._db.write(lambda tx: service.remove(tx, actor, upload.id)):
                await self._incoming.remove(gone)

    # The lease

    def _hold(self, upload: Upload, holder: UUID, inflow: Inflow | None) -> _Writing:
        until = self._clock.monotonic() + policy.LEASE.total_seconds()
        writing = _Writing(upload, holder, inflow, until)
        self._here[upload.id] = writing
        return writing

    def _unhold(self, writing: _Writing) -> None:
        if self._here.get(writing.upload.id) is writing:
            del self._here[writing.upload.id]
        writing.over.set()
        self._bus.publish(_notice(FREE, writing.upload.id))

    async def _beat(self, actor: Actor, writing: _Writing) -> None:
        """Signs of life, until cancelled. Whoever may no longer bring it is stopped here."""
        upload = writing.upload
        while True:
            await self._clock.sleep(policy.RENEWAL)
            asked_at = self._clock.monotonic()
            try:
                async with self._db.read() as tx:
                    await service.find(tx, actor, upload.id)
                asked = await self._db.write(
                    lambda tx: service.renew(tx, actor, upload.id, writing.holder)
                )
            except Unavailable:
                continue  # it writes on as long as it is believed
            except AppError as refused:
                writing.stop(refused)
                continue
            if asked is None:
                writing.lost = True
                writing.stop(UploadBusy(retry_after=1))
                return
            writing.believed_until = asked_at + policy.LEASE.total_seconds()
            if asked:
                writing.stop(UploadBusy(retry_after=1))

    async def _alone(self, actor: Actor, id_: UUID, *, leaving: bool = False) -> Upload:
        """The upload when nobody writes it. Raises UploadBusy."""
        until = self._clock.monotonic() + PATIENCE
        while True:
            # Before the look: a writer who ends in between is heard all the same.
            free = self._waiting.setdefault(id_, asyncio.Event())
            try:
                upload = await self._settled(actor, id_, leaving=leaving)
                if upload.holder is None:
                    return upload
                if self._clock.monotonic() >= until:
                    raise UploadBusy(retry_after=1)
                if not upload.yield_asked:
                    await self._db.write(partial(service.ask_to_yield, upload=upload))
                    self._bus.publish(_notice(YIELD, id_))
                await self._either(free)
            finally:
                self._waiting.pop(id_, None)

    async def _either(self, free: asyncio.Event) -> None:
        """Until the writer says it is done, or a moment passed."""
        tasks: list[asyncio.Task[Any]] = [
            asyncio.create_task(free.wait(), name="upload-free"),
            asyncio.create_task(self._clock.sleep(LOOK), name="upload-look"),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _settled(self, actor: Actor, id_: UUID, *, leaving: bool = False) -> Upload:
        """As it stands. Of a writer who died it is found out how far they came. `leaving`: whoever
        may no longer bring it may still take it back."""
        async with self._db.read() as tx:
            upload = await service.find(tx, actor, id_, leaving=leaving)
            dangling = upload.is_dangling and not upload.is_held(tx.now)
        if not dangling:
            return upload
        holder = self._ids.uuid7()
        mine = await self._db.write(lambda tx: service.reclaim(tx, upload, holder))
        if mine is None:
            return upload
        if mine.kind == "final":
            return await self._join(actor, mine, holder)
        received = await self._found(mine)
        log.info("upload_recovered", upload_id=str(id_), received=received)
        return await self._db.write(lambda tx: service.let_go(tx, mine, holder, received))

    async def _found(self, upload: Upload) -> int:
        """Bytes that are there of a writer who died."""
        await self._incoming.begin(upload.id)  # they may have died before
        if upload.checked:
            await self._incoming.cut(upload.id, upload.received)
            return upload.received
        return await self._incoming.size(upload.id)

    # What others say

    def hear(self, notice: Notice) -> None:
        id_ = UUID(notice.body.decode())
        if notice.type == YIELD and id_ in self._here:
            self._here[id_].stop(UploadBusy(retry_after=1))
        elif notice.type == FREE and id_ in self._waiting:
            self._waiting[id_].set()

    async def listen(self) -> None:
        await self._bus.subscribe([TOPIC])

    async def close(self) -> None:
        """End what is being written, with all that came: clients go on elsewhere."""
        self._closing = True
        writings = list(self._here.values())
        for writing in writings:
            writing.stop(Unavailable(retry_after=1))
        for writing in writings:
            await writing.over.wait()


def _notice(kind: str, id_: UUID) -> Notice:
    return Notice(TOPIC, 0, kind, str(id_).encode())
