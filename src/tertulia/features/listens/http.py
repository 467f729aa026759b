"""Routes of listening."""

from uuid import UUID

from litestar import get, put

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.limits import Limiter
from tertulia.features.listens import service
from tertulia.features.listens.policy import LISTENING
from tertulia.features.listens.schemas import ListenerList

PATH = "/rooms/{room_id:uuid}/messages/{message_id:uuid}"


@put(f"{PATH}/listened", tags=["voice"], summary="I played a voice message", status_code=204)
async def mark_listened(
    room_id: UUID, message_id: UUID, actor: Actor, db: Database, limiter: Limiter
) -> None:
    await limiter.hit(LISTENING, str(actor.account_id))
    await db.write(lambda tx: service.listen(tx, actor, room_id, message_id))


@get(f"{PATH}/listeners", tags=["voice"], summary="Who played a voice message of mine")
async def list_listeners(
    room_id: UUID, message_id: UUID, actor: Actor, db: Database
) -> ListenerList:
    async with db.read() as tx:
        return await service.listeners(tx, actor, room_id, message_id)


ROUTES = [mark_listened, list_listeners]
