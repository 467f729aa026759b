"""Reacting by socket."""

from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.commands import Command
from tertulia.core.db import Database
from tertulia.core.limits import Limiter
from tertulia.features.reactions import service
from tertulia.features.reactions.policy import REACTING
from tertulia.features.reactions.schemas import React, Reaction


class ReactIn(React, frozen=True, kw_only=True):
    room_id: UUID
    message_id: UUID


def commands(db: Database, limiter: Limiter) -> list[Command]:
    async def add(actor: Actor, request: ReactIn) -> Reaction:
        await limiter.hit(REACTING, str(actor.account_id))
        return await db.write(
            lambda tx: service.add(tx, actor, request.room_id, request.message_id, request.emoji)
        )

    async def remove(actor: Actor, request: ReactIn) -> Reaction:
        await limiter.hit(REACTING, str(actor.account_id))
        return await db.write(
            lambda tx: service.remove(tx, actor, request.room_id, request.message_id, request.emoji)
        )

    return [Command("reaction.add", ReactIn, add), Command("reaction.remove", ReactIn, remove)]
