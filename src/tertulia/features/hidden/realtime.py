"""Deleting for oneself, by socket."""

from tertulia.core.actor import Actor
from tertulia.core.commands import Command
from tertulia.core.db import Database
from tertulia.core.limits import Limiter
from tertulia.features.hidden import service
from tertulia.features.hidden.policy import HIDING
from tertulia.features.hidden.schemas import HideMessage


def commands(db: Database, limiter: Limiter) -> list[Command]:
    async def hide(actor: Actor, request: HideMessage) -> None:
        await limiter.hit(HIDING, str(actor.account_id))
        verb = service.hide if request.hidden else service.show
        await db.write(lambda tx: verb(tx, actor, request.room_id, request.message_id))

    return [Command("message.hide", HideMessage, hide)]
