"""Membership by socket: commands in."""

from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.commands import Command
from tertulia.core.db import Database
from tertulia.features.members import service
from tertulia.features.rooms.schemas import MarkRead


class ReadIn(MarkRead, frozen=True, kw_only=True):
    room_id: UUID


def commands(db: Database) -> list[Command]:
    async def read(actor: Actor, request: ReadIn) -> None:
        await db.write(lambda tx: service.mark_read(tx, actor, request.room_id, request.seq))

    return [Command("room.read", ReadIn, read)]
