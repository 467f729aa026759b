"""Listening by socket."""

from tertulia.core.actor import Actor
from tertulia.core.commands import Command
from tertulia.core.db import Database
from tertulia.core.limits import Limiter
from tertulia.features.listens import service
from tertulia.features.listens.policy import LISTENING
from tertulia.features.listens.schemas import ListenToVoice


def commands(db: Database, limiter: Limiter) -> list[Command]:
    async def listen(actor: Actor, request: ListenToVoice) -> None:
        await limiter.hit(LISTENING, str(actor.account_id))
        await db.write(lambda tx: service.listen(tx, actor, request.room_id, request.message_id))

    return [Command("voice.listen", ListenToVoice, listen)]
