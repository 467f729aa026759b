"""Who writes an upload, and what came of it.

A writer holds the row by a lease that it renews; its id is the fence: whatever it says counts only
while the row is still its. Anybody may ask it to yield, and it does at its next breath.
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from tertulia.core.actor import Actor
from tertulia.core.errors import NotFound
from tertulia.core.streams import room_stream
from tertulia.core.tus import wrong
from tertulia.core.tx import Tx
from tertulia.features.files import service as files
from tertulia.features.files.service import Received
from tertulia.features.uploads import policy, store
from tertulia.features.uploads.policy import UploadRules
from tertulia.features.uploads.schemas import Upload
from tertulia.features.uploads.service.beginning import require_room
from tertulia.features.uploads.service.errors import (
    IsFinal,
    OffsetMismatch,
    UploadBusy,
    UploadGone,
)
from tertulia.features.uploads.service.space import require_space


async def find(tx: Tx, actor: Actor, id_: UUID, *, leaving: bool = False) -> Upload:
    """One of mine, in a room where I may still bring something; `leaving`: also in others. Raises
    NotFound, also for the upload of somebody else, UploadGone, and what `require_room` does."""
    return await _mine(tx, actor, await store.find(tx, actor.account_id, id_), leaving=leaving)


async def _mine(tx: Tx, actor: Actor, upload: Upload | None, *, leaving: bool = False) -> Upload:
    if upload is None or upload.kind == "direct":
        raise NotFound
    if upload.expires_at <= tx.now and not upload.is_held(tx.now):
        raise UploadGone
    if upload.room_id is not None and not leaving:
        await require_room(tx, actor, upload.room_id)
    return upload


class Claim(NamedTuple):
    """What a writer says before it writes. `length`: of an upload whose length was deferred."""

    offset: int
    length: int | None
    checked: bool


async def claim(
    tx: Tx,
    actor: Actor,
    rules: UploadRules,
    id_: UUID,
    holder: UUID,
    wanted: Claim,
    free: int | None,
) -> Upload:
    """From now on `holder` writes it. Raises what `find` does, UploadBusy, OffsetMismatch, IsFinal,
    Invalid for a length that does not fit, and what `require_space` does."""
    upload = await _mine(tx, actor, await store.lock(tx, actor.account_id, id_))
    if upload.kind == "final":
        raise IsFinal
    if upload.is_held(tx.now) or upload.is_dangling:
        raise UploadBusy(retry_after=1)
    if wanted.offset != upload.received:
        raise OffsetMismatch
    if wanted.length is not None and wanted.length != upload.length:
        if upload.length is not None or wanted.length < upload.received:
            raise wrong("Upload-Length", "The length is another")
        more = wanted.length - upload.received
        await require_space(tx, actor, rules, more, free, more=0)
        upload = msgspec.structs.replace(upload, length=wanted.length)
    await store.take(tx, upload, holder, tx.now + policy.LEASE, checked=wanted.checked)
    return upload


async def reclaim(tx: Tx, upload: Upload, holder: UUID) -> Upload | None:
    """Take it from a writer who fell silent, to find out how far they came: as it was left to them,
    or None where somebody else did so first."""
    found = await store.lock(tx, upload.account_id, upload.id)
    if found is None or found.holder != upload.holder or found.is_held(tx.now):
        return None
    await store.take(tx, found, holder, tx.now + policy.LEASE, checked=found.checked)
    return found


async def renew(tx: Tx, actor: Actor, id_: UUID, holder: UUID) -> bool | None:
    """A sign of life: is somebody waiting for it to yield? None: it holds it no longer."""
    until, expires = tx.now + policy.LEASE, tx.now + policy.KEPT
    return await store.renew(tx, actor.account_id, id_, holder, until, expires)


async def ask_to_yield(tx: Tx, upload: Upload) -> None:
    await store.ask_to_yield(tx, upload.account_id, upload.id)


async def let_go(tx: Tx, upload: Upload, holder: UUID, received: int) -> Upload:
    """The writer says how far it came. Raises UploadBusy where it is no longer its to say."""
    expires = tx.now + policy.KEPT
    if not await store.let_go(tx, upload.account_id, upload.id, holder, received, expires):
        raise UploadBusy(retry_after=1)
    return msgspec.structs.replace(
        upload,
        received=received,
        holder=None,
        held_until=None,
        checked=False,
        touched_at=tx.now,
        expires_at=expires,
    )


async def finish(tx: Tx, actor: Actor, id_: UUID) -> Upload:
    """What is whole becomes a file of its room, if it is not one yet; parts stay parts. Raises what
    `find` and `files.receive` do."""
    upload = await store.lock(tx, actor.account_id, id_)
    if upload is None or upload.room_id is None:
        raise NotFound
    if not upload.becomes_file or upload.holder is not None:
        return upload
    await tx.lock(room_stream(upload.room_id))
    await require_room(tx, actor, upload.room_id)
    received = Received(upload.id, upload.name, upload.received)
    file = await files.receive(tx, actor, upload.room_id, received)
    await store.become_file(tx, upload.account_id, upload.id, file.id)
    if upload.parts:
        await store.become_part(tx, upload.account_id, upload.parts, upload.id)
    return msgspec.structs.replace(upload, file_id=file.id)


async def remove(tx: Tx, actor: Actor, id_: UUID) -> Sequence[UUID]:
    """Give it up, and the file that it became where that was not sent yet. Answers what lies in
    the storage for nobody from now on. Raises NotFound and UploadBusy; the room is not asked:
    whoever may no longer bring it may still take it back."""
    upload = await store.lock(tx, actor.account_id, id_)
    if upload is None or upload.kind == "direct":
        raise NotFound
    if upload.is_held(tx.now):
        raise UploadBusy(retry_after=1)
    await store.remove(tx, actor.account_id, id_)
    if upload.file_id is not None and upload.room_id is not None:
        return await files.discard(tx, actor, upload.room_id, upload.file_id)
    return () if upload.is_over else (id_,)
