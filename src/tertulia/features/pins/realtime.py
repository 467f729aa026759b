"""Pinning by socket."""

from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.commands import Command
from tertulia.core.db import Database
from tertulia.core.limits import Limiter
from tertulia.core.wire import Request
from tertulia.features.pins import service
from tertulia.features.pins.policy import PINNING
from tertulia.features.pins.schemas import Pinned


class PinIn(Request, frozen=True):
    room_id: UUID
    message_id: UUID


def commands(db: Database, limiter: Limiter) -> list[Command]:
    async def pin(actor: Actor, request: PinIn) -> Pinned:
        await limiter.hit(PINNING, str(actor.account_id))
        return await db.write(
            lambda tx: service.pin(tx, actor, request.room_id, request.message_id)
        )

    async def unpin(actor: Actor, request: PinIn) -> None:
        await limiter.hit(PINNING, str(actor.account_id))
        await db.write(lambda tx: service.unpin(tx, actor, request.room_id, request.message_id))

    return [Command("message.pin", PinIn, pin), Command("message.unpin", PinIn, unpin)]
