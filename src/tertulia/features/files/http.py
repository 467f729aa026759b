"""Routes of the quarantine. Files themselves are given out by `media`."""

from typing import Annotated
from uuid import UUID

from litestar import Router, delete, get
from litestar.params import QueryParameter

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.storage import Storage
from tertulia.features.files import service
from tertulia.features.files.schemas import QuarantineList

Cursor = Annotated[str | None, QueryParameter(max_length=256)]


@get("/", summary="Infected files that are kept from everybody (admins)")
async def list_quarantined(actor: Actor, db: Database, cursor: Cursor = None) -> QuarantineList:
    async with db.read() as tx:
        return await service.quarantined(tx, actor, cursor)


@delete("/{file_id:uuid}", summary="Throw away an infected file (admins)", status_code=204)
async def burn(file_id: UUID, actor: Actor, db: Database, storage: Storage) -> None:
    key = await db.write(lambda tx: service.burn(tx, actor, file_id))
    await storage.remove([key])


ROUTES = [
    Router(
        "/api/v1/admin/quarantine",
        route_handlers=[list_quarantined, burn],
        tags=["admin"],
    )
]
