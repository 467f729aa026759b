"""Routes of deleting for oneself."""

from uuid import UUID

from litestar import delete, put

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.limits import Limiter
from tertulia.features.hidden import service
from tertulia.features.hidden.policy import HIDING

PATH = "/rooms/{room_id:uuid}/messages/{message_id:uuid}/hidden"


@put(PATH, tags=["messages"], summary="Delete a message for me alone", status_code=204)
async def hide_message(
    room_id: UUID, message_id: UUID, actor: Actor, db: Database, limiter: Limiter
) -> None:
    await limiter.hit(HIDING, str(actor.account_id))
    await db.write(lambda tx: service.hide(tx, actor, room_id, message_id))


@delete(PATH, tags=["messages"], summary="Take that back", status_code=204)
async def show_message(
    room_id: UUID, message_id: UUID, actor: Actor, db: Database, limiter: Limiter
) -> None:
    await limiter.hit(HIDING, str(actor.account_id))
    await db.write(lambda tx: service.show(tx, actor, room_id, message_id))


ROUTES = [hide_message, show_message]
