"""The verbs of pinning."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.errors import Conflict, Forbidden
from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import DeletedBody, ExpiredBody, SystemBody, TextBody
from tertulia.features.messages.service import MessageDeletedAlready
from tertulia.features.pins import store
from tertulia.features.pins.events import PinChanged
from tertulia.features.pins.schemas import PIN_LIMIT, Pinned
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can, RoomAccess


class TooManyPins(Conflict):
    title = f"A room has at most {PIN_LIMIT} pinned messages"


async def pin(tx: Tx, actor: Actor, room_id: UUID, message_id: UUID) -> Pinned:
    """Keep a message in sight; again, it changes nothing. Raises `Forbidden` for a note about the
    room, `MessageDeletedAlready`, `TooManyPins`."""
    access = await rooms.require(tx, actor, room_id, Can.PIN)
    message = await messages.get_message(tx, access, message_id)
    if isinstance(message.body, DeletedBody | ExpiredBody):
        raise MessageDeletedAlready
    if isinstance(message.body, SystemBody):
        raise Forbidden("Notes about the room are not pinned.")
    before = (await store.find(tx, [(access, message_id)])).get(message_id)
    if before is not None:
        return before
    if await store.count(tx, access) >= PIN_LIMIT:
        raise TooManyPins
    stream = room_stream(room_id)
    await store.insert(tx, room_id, actor.account_id, message_id, tx.next_seq(stream))
    pinned = Pinned(by=actor.account_id, at=tx.now)
    tx.emit(stream, PinChanged(message_id=message_id, pinned=pinned), actor)
    note = SystemBody(event="message.pinned", account_id=message.author_id, message_id=message_id)
    await messages.note(tx, actor.account_id, room_id, note)
    return pinned


async def bring_in(tx: Tx, room_id: UUID, pinned_by: Mapping[UUID, UUID]) -> int:
    """Pin messages of a locked room as they were elsewhere, by whom, the first ones where they are
    too many. Those that are gone or pinned are passed over. Answers how many it pinned."""
    found = await messages.logged_messages(tx, [(room_id, one) for one in pinned_by])
    pinnable = {one.id for one in found if isinstance(one.body, TextBody)}
    pinned = await store.pinned_ids(tx, room_id)
    wanted = [one for one in pinned_by if one in pinnable and one not in pinned]
    wanted = wanted[: max(0, PIN_LIMIT - len(pinned))]
    stream = room_stream(room_id)
    for message_id in wanted:
        by = pinned_by[message_id]
        await store.insert(tx, room_id, by, message_id, tx.next_seq(stream))
        fact = PinChanged(message_id=message_id, pinned=Pinned(by=by, at=tx.now))
        tx.emit(stream, fact, by)
    return len(wanted)


async def unpin(tx: Tx, actor: Actor, room_id: UUID, message_id: UUID) -> None:
    """Keep it in sight no longer; where it is not pinned, nothing changes."""
    access = await rooms.require(tx, actor, room_id, Can.PIN)
    await messages.get_message(tx, access, message_id)
    if await store.remove(tx, room_id, [message_id]):
        tx.emit(room_stream(room_id), PinChanged(message_id=message_id, pinned=None), actor)


async def beside(tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]) -> dict[UUID, Pinned]:
    """Of messages of any rooms the pinned ones."""
    return await store.find(tx, wanted)


async def everything(tx: Tx, access: RoomAccess) -> dict[UUID, Pinned]:
    """All pins of a room by message id, the newest first."""
    return await store.newest_first(tx, access)


async def newest(tx: Tx, accesses: Sequence[RoomAccess], limit: int) -> list[tuple[UUID, UUID]]:
    """The newest pinned messages of these rooms, by room and id."""
    return await store.newest(tx, accesses, limit)


async def forget(tx: Tx, room_id: UUID, message_ids: Sequence[UUID]) -> None:
    """These are gone, and that was told: so are their pins."""
    await store.remove(tx, room_id, message_ids)
