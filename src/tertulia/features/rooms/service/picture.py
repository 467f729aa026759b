"""The picture of a room. It is remade before a transaction begins (`core.images`)."""

from uuid import UUID

import msgspec

from tertulia.core.actor import Actor
from tertulia.core.errors import NotFound
from tertulia.core.images import Picture
from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.rooms.events import RoomChanged
from tertulia.features.rooms.policy import Can
from tertulia.features.rooms.schemas import Room
from tertulia.features.rooms.service.door import require
from tertulia.features.rooms.service.room import record
from tertulia.features.rooms.state import AuditEntry
from tertulia.features.rooms.store import pictures
from tertulia.features.rooms.store import rooms as rows


async def require_may_picture(tx: Tx, actor: Actor, room_id: UUID) -> None:
    """Before any work is put into a picture. Raises as `require`."""
    await require(tx, actor, room_id, Can.CHANGE)


async def set_picture(tx: Tx, actor: Actor, room_id: UUID, picture: Picture | None) -> Room:
    """Give a room a picture, another one, or (None) take it away. Each has a name of its own, so
    that what was fetched by the old one is not taken for the new."""
    access = await require(tx, actor, room_id, Can.CHANGE)
    before = access.room
    if picture is not None:
        await pictures.put(tx, room_id, picture.data)
    elif before.avatar is not None:
        await pictures.drop(tx, room_id)
    else:
        return before
    name = None if picture is None else str(tx.ids.uuid7())
    after = msgspec.structs.replace(before, avatar=name)
    await rows.update(tx, after)
    tx.emit(room_stream(room_id), RoomChanged(room=after, changed=["avatar"]), actor)
    await record(tx, actor, room_id, AuditEntry(action="room.changed", detail="avatar"))
    return after


async def picture(tx: Tx, actor: Actor, room_id: UUID) -> bytes:
    """A WebP, for members. Raises `NotFound` where there is none."""
    access = await require(tx, actor, room_id, Can.READ)
    found = await pictures.find(tx, access)
    if found is None:
        raise NotFound
    return found
