"""Deleting for oneself, by socket."""

from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.commands import Command
from tertulia.core.db import Database
from tertulia.core.limits import Limiter
from tertulia.core.wire import Request
from tertulia.features.hidden import service
from tertulia.features.hidden.policy import HIDING


class HideIn(Request, frozen=True, kw_only=True):
    """`hidden` false takes it back."""

    room_id: UUID
    message_id: UUID
    hidden: bool = True


def commands(db: Database, limiter: Limiter) -> list[Command]:
    async def hide(actor: Actor, request: HideIn) -> None:
        await limiter.hit(HIDING, str(actor.account_id))
        verb = service.hide if request.hidden else service.show
        await db.write(lambda tx: verb(tx, actor, request.room_id, request.message_id))

    return [Command("message.hide", HideIn, hide)]
