"""Reading positions by socket: commands in."""

from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.commands import Command
from tertulia.core.db import Database
from tertulia.features.timeline import service
from tertulia.features.timeline.schemas import MarkUnread


class UnreadIn(MarkUnread, frozen=True, kw_only=True):
    room_id: UUID


def commands(db: Database) -> list[Command]:
    async def unread(actor: Actor, request: UnreadIn) -> None:
        await db.write(lambda tx: service.mark_unread(tx, actor, request.room_id, request.seq))

    return [Command("room.unread", UnreadIn, unread)]
