"""Routes of receipts."""

from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.params import QueryParameter

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.limits import Bucket, Limiter
from tertulia.features.receipts import service
from tertulia.features.receipts.live import Due
from tertulia.features.receipts.schemas import CursorList, MarkDelivered, MessageReceipts
from tertulia.features.receipts.store import Position

DELIVERED = Bucket("delivered", 120, 60)


@post("/me/delivered", tags=["receipts"], summary="This device has what was sent", status_code=204)
async def mark_delivered(
    data: MarkDelivered, actor: Actor, db: Database, limiter: Limiter, receipts: Due
) -> None:
    await limiter.hit(DELIVERED, str(actor.device_id))
    wanted = [Position(one.room_id, actor.account_id, one.seq) for one in data.rooms]
    moved = await db.write(lambda tx: service.deliver(tx, wanted))
    receipts.tell((one.room_id, one.account_id) for one in moved)


@get("/rooms/{room_id:uuid}/receipts", tags=["receipts"], summary="How far the others got")
async def list_cursors(room_id: UUID, actor: Actor, db: Database) -> CursorList:
    """Of direct rooms and groups; a channel's are told message by message."""
    async with db.read() as tx:
        return CursorList(cursors=await service.cursors(tx, actor, room_id))


@get(
    "/rooms/{room_id:uuid}/messages/{message_id:uuid}/receipts",
    tags=["receipts"],
    summary="Who got a message, who read it, and when",
)
async def get_message_receipts(
    room_id: UUID,
    message_id: UUID,
    actor: Actor,
    db: Database,
    cursor: Annotated[str | None, QueryParameter(max_length=1024)] = None,
) -> MessageReceipts:
    """`cursor`: further readers, in a room of more than 1,000."""
    async with db.read() as tx:
        return await service.message_receipts(tx, actor, room_id, message_id, cursor)


ROUTES = [mark_delivered, list_cursors, get_message_receipts]
