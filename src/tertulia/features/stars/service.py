"""The verbs of stars."""

from collections.abc import Sequence
from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.errors import AppError, Forbidden, NotFound
from tertulia.core.streams import account_stream
from tertulia.core.tx import Tx
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import DeletedBody, SystemBody
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can, RoomAccess
from tertulia.features.stars import store
from tertulia.features.stars.events import StarChanged
from tertulia.features.stars.schemas import STAR_LIMIT, StarPlace


class TooManyStars(AppError):
    code, status, title = "too_many", 409, f"At most {STAR_LIMIT} messages can be saved"


async def star(tx: Tx, actor: Actor, room_id: UUID, message_id: UUID) -> None:
    """Keep a message at hand. Mine alone: the room is not locked. Raises TooManyStars."""
    [access] = await rooms.find_accesses(tx, [(actor.account_id, room_id)])
    refused = rooms.refusal(access, Can.READ)
    if access is None or refused is not None:
        raise refused or NotFound()
    message = await messages.get_message(tx, access, message_id)
    if isinstance(message.body, SystemBody | DeletedBody):
        raise Forbidden("Only what somebody said can be saved.")
    await tx.lock(account_stream(actor.account_id))
    if not await store.put(tx, access, message_id):
        return
    if await store.count(tx, actor.account_id) > STAR_LIMIT:
        raise TooManyStars
    _tell(tx, actor, room_id, message_id, starred=True)


async def unstar(tx: Tx, actor: Actor, room_id: UUID, message_id: UUID) -> None:
    """Let go of it, also where I can no longer read it. Without a star it changes nothing."""
    await tx.lock(account_stream(actor.account_id))
    if await store.drop(tx, actor.account_id, room_id, message_id):
        _tell(tx, actor, room_id, message_id, starred=False)


def _tell(tx: Tx, actor: Actor, room_id: UUID, message_id: UUID, *, starred: bool) -> None:
    fact = StarChanged(room_id=room_id, message_id=message_id, starred=starred)
    tx.emit(account_stream(actor.account_id), fact, actor)


async def beside(tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]) -> set[UUID]:
    """Those of these messages, of any rooms of mine, that have my star."""
    return await store.starred(tx, wanted)


async def page(tx: Tx, actor: Actor, after: StarPlace | None, limit: int) -> list[StarPlace]:
    """My stars in rooms I am in, the newest first."""
    return await store.page(tx, actor.account_id, after, limit)
