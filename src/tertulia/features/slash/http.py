"""Routes of slash commands."""

from uuid import UUID

from litestar import get, post

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.limits import Limiter
from tertulia.features.slash import service
from tertulia.features.slash.policy import COMMANDING
from tertulia.features.slash.schemas import CommandDone, CommandInfos, RunCommand


@get("/commands", tags=["commands"], summary="Slash commands there are", sync_to_thread=False)
def list_commands(actor: Actor) -> CommandInfos:  # noqa: ARG001  (who asks is signed in)
    return CommandInfos(commands=service.commands())


@post(
    "/rooms/{room_id:uuid}/commands",
    tags=["commands"],
    summary="Give a slash command",
    status_code=200,
)
async def run_command(
    room_id: UUID, data: RunCommand, actor: Actor, db: Database, limiter: Limiter
) -> CommandDone:
    await limiter.hit(COMMANDING, str(actor.account_id))
    return await db.write(lambda tx: service.run(tx, actor, room_id, data))


ROUTES = [list_commands, run_command]
