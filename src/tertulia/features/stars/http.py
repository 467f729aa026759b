"""Routes of stars. `GET me/stars` is in `timeline`."""

from uuid import UUID

from litestar import delete, put

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.limits import Limiter
from tertulia.features.stars import service
from tertulia.features.stars.policy import STARRING

PATH = "/rooms/{room_id:uuid}/messages/{message_id:uuid}/star"


@put(PATH, tags=["stars"], summary="Save a message for me", status_code=204)
async def star_message(
    room_id: UUID, message_id: UUID, actor: Actor, db: Database, limiter: Limiter
) -> None:
    await limiter.hit(STARRING, str(actor.account_id))
    await db.write(lambda tx: service.star(tx, actor, room_id, message_id))


@delete(PATH, tags=["stars"], summary="Let go of a saved message", status_code=204)
async def unstar_message(
    room_id: UUID, message_id: UUID, actor: Actor, db: Database, limiter: Limiter
) -> None:
    await limiter.hit(STARRING, str(actor.account_id))
    await db.write(lambda tx: service.unstar(tx, actor, room_id, message_id))


ROUTES = [star_message, unstar_message]
