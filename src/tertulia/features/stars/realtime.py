"""Stars by socket."""

from tertulia.core.actor import Actor
from tertulia.core.commands import Command
from tertulia.core.db import Database
from tertulia.core.limits import Limiter
from tertulia.features.stars import service
from tertulia.features.stars.policy import STARRING
from tertulia.features.stars.schemas import StarMessage


def commands(db: Database, limiter: Limiter) -> list[Command]:
    async def star(actor: Actor, request: StarMessage) -> None:
        await limiter.hit(STARRING, str(actor.account_id))
        verb = service.star if request.starred else service.unstar
        await db.write(lambda tx: verb(tx, actor, request.room_id, request.message_id))

    return [Command("message.star", StarMessage, star)]
