"""Routes of pinning. The list of a room's pins: `timeline`."""

from uuid import UUID

from litestar import Router, delete, put

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.limits import Limiter
from tertulia.features.pins import service
from tertulia.features.pins.policy import PINNING
from tertulia.features.pins.schemas import Pinned


@put("/", summary="Pin a message")
async def pin_message(
    room_id: UUID, message_id: UUID, actor: Actor, db: Database, limiter: Limiter
) -> Pinned:
    """Members in groups and direct rooms, moderators in channels."""
    await limiter.hit(PINNING, str(actor.account_id))
    return await db.write(lambda tx: service.pin(tx, actor, room_id, message_id))


@delete("/", summary="Unpin a message", status_code=204)
async def unpin_message(
    room_id: UUID, message_id: UUID, actor: Actor, db: Database, limiter: Limiter
) -> None:
    await limiter.hit(PINNING, str(actor.account_id))
    await db.write(lambda tx: service.unpin(tx, actor, room_id, message_id))


ROUTES = [
    Router(
        "/api/v1/rooms/{room_id:uuid}/messages/{message_id:uuid}/pin",
        route_handlers=[pin_message, unpin_message],
        tags=["pins"],
    )
]
