"""Routes of drafts."""

from uuid import UUID

from litestar import get, put

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.features.drafts import service
from tertulia.features.drafts.schemas import DraftList, SavedDraft, SaveDraft


@put("/rooms/{room_id:uuid}/draft", tags=["drafts"], summary="Save what I began to write")
async def save_draft(room_id: UUID, data: SaveDraft, actor: Actor, db: Database) -> SavedDraft:
    return SavedDraft(draft=await db.write(lambda tx: service.save(tx, actor, room_id, data)))


@get("/me/drafts", tags=["drafts"], summary="Everything I began to write")
async def list_drafts(actor: Actor, db: Database) -> DraftList:
    async with db.read() as tx:
        return DraftList(drafts=await service.drafts(tx, actor))


ROUTES = [save_draft, list_drafts]
