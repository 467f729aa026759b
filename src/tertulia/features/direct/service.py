"""The verbs of direct uploads. What they are part of, between the bucket and us, is `live`."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from tertulia.core.actor import Actor
from tertulia.core.errors import AppError, Conflict, NotFound
from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.direct import policy, store
from tertulia.features.direct.schemas import Direct, Way
from tertulia.features.files import service as files
from tertulia.features.files.schemas import File
from tertulia.features.files.service import Received
from tertulia.features.uploads import service as uploads
from tertulia.features.uploads.service import UploadGone, UploadRules

SWEPT_AT_ONCE = 100


class DirectUnavailable(AppError):
    code, status, title = "direct_unavailable", 404, "This server takes uploads itself: use tus"


class FormsUnavailable(Conflict):
    code, title = "forms_unavailable", "The store takes no forms: use PUT, or send it in parts"


class NotArrived(Conflict):
    code, title = "upload_incomplete", "Not all of it has arrived"


class WrongContent(Conflict):
    code, title = "upload_differs", "What arrived is not what was announced, and was thrown away"


class BeingConfirmed(AppError):
    code, status, title = "busy", 423, "The upload is being confirmed by another request"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a client asks for. `part_size` of an upload in parts."""

    room_id: UUID
    way: Way
    name: str
    size: int
    media_type: str
    part_size: int | None = None


async def begin(tx: Tx, actor: Actor, wanted: Wanted, rules: UploadRules) -> Direct:
    """Room for it, under a name of its own. Raises what `uploads.reserve` does."""
    expires_at = tx.now + policy.KEPT
    held_until = expires_at if wanted.part_size is None else tx.now + policy.LONGEST
    reserved = await uploads.reserve(
        tx,
        actor,
        wanted.room_id,
        rules,
        id_=tx.ids.uuid7(),
        name=wanted.name,
        size=wanted.size,
        expires_at=held_until,
    )
    upload = Direct(
        account_id=actor.account_id,
        id=reserved.id,
        room_id=wanted.room_id,
        way=wanted.way,
        name=reserved.name,
        size=wanted.size,
        media_type=policy.media_type(wanted.media_type),
        part_size=wanted.part_size,
        upload_id=None,
        claimed_until=None,
        file_id=None,
        created_at=tx.now,
        expires_at=expires_at,
    )
    await store.insert(tx, upload)
    return upload


async def begun(tx: Tx, upload: Direct, upload_id: str) -> None:
    """The store calls it so."""
    await store.begun(tx, upload, upload_id)


async def find(tx: Tx, actor: Actor, room_id: UUID, id_: UUID, way: Way | None = None) -> Direct:
    """One of mine, of that room, where I may still upload. Raises NotFound, UploadGone, and what
    `uploads.require_room` does."""
    await uploads.require_room(tx, actor, room_id)
    return _require(tx, await store.find(tx, actor.account_id, room_id, id_), way)


async def keep(tx: Tx, actor: Actor, room_id: UUID, id_: UUID) -> Direct:
    """As `find`, of one in parts that goes on: it is kept longer for that."""
    await tx.lock(room_stream(room_id))
    upload = await find(tx, actor, room_id, id_, "parts")
    if upload.upload_id is None or upload.file_id is not None:
        raise NotFound
    until = min(tx.now + policy.KEPT, upload.created_at + policy.LONGEST)
    await store.keep(tx, upload, until)
    return upload


async def claim(tx: Tx, actor: Actor, room_id: UUID, id_: UUID, *, parts: bool) -> Direct:
    """As `find`; whoever gets one without `file_id` turns it into a file, alone. Raises
    BeingConfirmed."""
    await tx.lock(room_stream(room_id))
    await uploads.require_room(tx, actor, room_id)
    upload = _require(tx, await store.lock(tx, actor.account_id, room_id, id_))
    if (upload.way == "parts") != parts or (parts and upload.upload_id is None):
        raise NotFound
    if upload.file_id is None:
        if upload.claimed_until is not None and upload.claimed_until > tx.now:
            raise BeingConfirmed(retry_after=2.0)
        await store.claim(tx, upload, tx.now + policy.CLAIM)
    return upload


async def let_go(tx: Tx, upload: Direct) -> None:
    """It did not become a file, and may yet."""
    await store.claim(tx, upload, None)


async def finish(tx: Tx, actor: Actor, upload: Direct) -> File:
    """All of it lies where uploads lie: it is a file now. Raises what `claim` does, of somebody who
    left the room meanwhile."""
    await tx.lock(room_stream(upload.room_id))
    await uploads.require_room(tx, actor, upload.room_id)
    current = await store.lock(tx, actor.account_id, upload.room_id, upload.id)
    if current is None:
        raise NotFound
    if current.file_id is not None:
        return await files.get_file(tx, actor, upload.room_id, current.file_id)
    received = Received(incoming=upload.id, name=upload.name, size=upload.size)
    file = await files.receive(tx, actor, upload.room_id, received)
    await store.finish(tx, upload, file.id, tx.now + policy.KEPT)
    await uploads.release(tx, actor.account_id, upload.id)
    return file


async def get_file(tx: Tx, actor: Actor, upload: Direct) -> File:
    """What it became before. Raises UploadGone where that is gone."""
    if upload.file_id is None:
        raise NotFound
    try:
        return await files.get_file(tx, actor, upload.room_id, upload.file_id)
    except NotFound:
        raise UploadGone from None


async def remove(tx: Tx, upload: Direct) -> None:
    """It is nobody's any more; its bytes were thrown away before."""
    await store.remove(tx, upload.account_id, upload.id)
    await uploads.release(tx, upload.account_id, upload.id)


async def expired(tx: Tx) -> Sequence[Direct]:
    """Some that ran out."""
    return await store.expired(tx, SWEPT_AT_ONCE)


def _require(tx: Tx, upload: Direct | None, way: Way | None = None) -> Direct:
    if upload is None or (way is not None and upload.way != way):
        raise NotFound
    if upload.expires_at <= tx.now:
        raise UploadGone
    return upload
