"""Receipts by socket: commands in."""

from tertulia.core.actor import Actor
from tertulia.core.commands import Command
from tertulia.core.db import Database
from tertulia.features.receipts import service
from tertulia.features.receipts.live import Due
from tertulia.features.receipts.schemas import CursorList, ListCursors, MarkDelivered


def commands(db: Database, due: Due) -> list[Command]:
    async def delivered(actor: Actor, request: MarkDelivered) -> None:
        due.deliver(actor.account_id, request.rooms)

    async def list_cursors(actor: Actor, request: ListCursors) -> CursorList:
        async with db.read() as tx:
            return CursorList(cursors=await service.cursors(tx, actor, request.room_id))

    return [
        Command("room.delivered", MarkDelivered, delivered),
        Command("receipts.list", ListCursors, list_cursors),
    ]
