"""The verbs of presence: whom may I see, where may I be seen typing."""

from collections.abc import Collection
from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.tx import Tx
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can


async def audiences(tx: Tx, account_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """By account the rooms it is in: whoever listens there may see how present it is."""
    return await rooms.rooms_of(tx, account_ids)


async def visible_people(tx: Tx, actor: Actor, room_id: UUID) -> list[UUID]:
    """Members of a room of mine."""
    access = await rooms.require(tx, actor, room_id, Can.READ)
    return await rooms.member_ids(tx, access)


async def require_typing(tx: Tx, actor: Actor, room_id: UUID) -> None:
    """Only who may post is seen typing."""
    await rooms.require(tx, actor, room_id, Can.POST)
