"""The verbs of deleting for oneself."""

from collections.abc import Sequence
from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.errors import AppError, NotFound
from tertulia.core.streams import account_stream
from tertulia.core.tx import Tx
from tertulia.features.hidden import store
from tertulia.features.hidden.events import MessageHidden
from tertulia.features.messages import service as messages
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can, RoomAccess

LIMIT = 500  # of one room: each snapshot of the room names them


class TooManyHidden(AppError):
    code, status, title = "too_many", 409, f"At most {LIMIT} messages of a room can be hidden"


async def hide(tx: Tx, actor: Actor, room_id: UUID, message_id: UUID) -> None:
    """Delete a message for me alone. Hiding it again changes nothing. Raises TooManyHidden."""
    access = await _require(tx, actor, room_id)
    seq = await _get_seq(tx, access, message_id)
    await tx.lock(account_stream(actor.account_id))
    if not await store.hide(tx, access, seq):
        return
    if await store.count(tx, access) > LIMIT:
        raise TooManyHidden
    _tell(tx, actor, room_id, message_id, seq, hidden=True)


async def show(tx: Tx, actor: Actor, room_id: UUID, message_id: UUID) -> None:
    """Take that back. Of a message that is not hidden it changes nothing."""
    access = await _require(tx, actor, room_id)
    seq = await _get_seq(tx, access, message_id)
    await tx.lock(account_stream(actor.account_id))
    if await store.show(tx, access, seq):
        _tell(tx, actor, room_id, message_id, seq, hidden=False)


async def _require(tx: Tx, actor: Actor, room_id: UUID) -> RoomAccess:
    """Mine alone: the room is not locked, so that nobody waits for me."""
    [access] = await rooms.find_accesses(tx, [(actor.account_id, room_id)])
    refused = rooms.refusal(access, Can.READ)
    if access is None or refused is not None:
        raise refused or NotFound()
    return access


async def _get_seq(tx: Tx, access: RoomAccess, message_id: UUID) -> int:
    found = await messages.logged_messages(tx, [(access.room_id, message_id)])
    if not found:
        raise NotFound
    return found[0].seq


def _tell(tx: Tx, actor: Actor, room_id: UUID, message_id: UUID, seq: int, *, hidden: bool) -> None:
    fact = MessageHidden(room_id=room_id, message_id=message_id, seq=seq, hidden=hidden)
    tx.emit(account_stream(actor.account_id), fact, actor)


async def seqs(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, list[int]]:
    """What is hidden from each of these members, by room; nothing hidden, no entry."""
    return await store.seqs(tx, accesses)
