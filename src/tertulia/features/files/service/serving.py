"""Files as they are given out: which bytes, for whoever was found to be allowed."""

from typing import NamedTuple
from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.errors import NotFound
from tertulia.core.tx import Tx
from tertulia.features.files.schemas import File, FileKind
from tertulia.features.files.service.coming import FileNotReady
from tertulia.features.files.store import serving
from tertulia.features.files.store.serving import Blob, Held, Place
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can, RoomAccess

ORIGINAL = "original"


class Part(NamedTuple):
    """What lies behind a name: an object of the storage (`key`, with its `size` in bytes where that
    is known), or a `body` made just now. `final`: it is the same for ever."""

    media_type: str
    key: str | None = None
    body: bytes = b""
    final: bool = True
    size: int | None = None


async def require_readable(tx: Tx, actor: Actor, room_id: UUID, file_id: UUID) -> Held:
    """A file whose bytes may be had, with them. Raises NotFound, FileNotReady, and what
    `rooms.require` does. Whether its message is there for me is the caller's to ask."""
    held = await find_held(tx, await rooms.require(tx, actor, room_id, Can.READ), file_id)
    require_blob(held)
    return held


async def find_held(tx: Tx, access: RoomAccess, file_id: UUID) -> Held:
    """One that was sent, or that this member has not sent yet. Raises NotFound."""
    held = await serving.find_held(tx, access, file_id)
    if held is None:
        raise NotFound
    return held


def require_blob(held: Held) -> Blob:
    """Raises FileNotReady, or NotFound for what nobody will ever get."""
    if held.blob is not None:
        return held.blob
    raise FileNotReady if held.file.state == "checking" else NotFound


async def find_part(tx: Tx, held: Held, name: str) -> Part | None:
    """The file itself, or what was made of it."""
    blob = require_blob(held)
    if name == ORIGINAL:
        return Part(held.file.media_type, blob.key, size=blob.size)
    made = await serving.rendition(tx, blob.id, name)
    return made and Part(made.media_type, made.key, size=made.size)


async def of_room(
    tx: Tx,
    access: RoomAccess,
    *,
    kind: FileKind | None,
    account_id: UUID | None,
    name_like: str | None,
    after: Place | None,
    limit: int,
) -> list[File]:
    """What was sent there, the newest first; whether its message is there for me is the caller's to
    ask."""
    return await serving.of_room(
        tx,
        access,
        kind=kind,
        account_id=account_id,
        name_like=name_like,
        after=after,
        limit=limit,
    )
