"""Routes of exports."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

import anyio
from litestar import Router, delete, get, post
from litestar.params import QueryParameter
from litestar.response import Stream

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.errors import NotFound
from tertulia.core.limits import Limiter
from tertulia.core.signing import LONGEST, Links
from tertulia.features.exporting import service
from tertulia.features.exporting.policy import ASKING, LINK_SECONDS
from tertulia.features.exporting.schemas import AskExport, Export, ExportLink, ExportList

PURPOSE = "export"
BLOCK = 256 * 1024  # bytes


@post("/", summary="Have a room, or everything of mine, written to a file", status_code=202)
async def ask_export(data: AskExport, actor: Actor, db: Database, limiter: Limiter) -> Export:
    await limiter.hit(ASKING, str(actor.account_id))
    return await db.write(lambda tx: service.ask(tx, actor, data))


@get("/", summary="My exports")
async def list_exports(actor: Actor, db: Database) -> ExportList:
    async with db.read() as tx:
        return ExportList(exports=await service.mine(tx, actor))


@get("/{export_id:uuid}", summary="How an export stands")
async def get_export(export_id: UUID, actor: Actor, db: Database) -> Export:
    async with db.read() as tx:
        return await service.find(tx, actor, export_id)


@delete("/{export_id:uuid}", summary="Stop or delete an export", status_code=204)
async def delete_export(export_id: UUID, actor: Actor, db: Database, export_folder: Path) -> None:
    await db.write(lambda tx: service.remove(tx, actor, export_id))
    await anyio.Path(export_folder / str(export_id)).unlink(missing_ok=True)


@post("/{export_id:uuid}/link", summary="A link to the file, for a while", status_code=200)
async def link_export(
    export_id: UUID, actor: Actor, db: Database, links: Links, public_url: str
) -> ExportLink:
    async with db.read() as tx:
        await service.ready(tx, actor, export_id)
    thing = f"{actor.account_id}/{export_id}"
    expires, signature = links.sign(PURPOSE, thing, LINK_SECONDS)
    path = f"/api/v1/exports/files/{thing}?expires={expires}&signature={signature}"
    return ExportLink(
        url=f"{public_url.rstrip('/')}{path}", expires_at=datetime.fromtimestamp(expires, UTC)
    )


@get(
    "/files/{account_id:uuid}/{export_id:uuid}",
    summary="The file, for who has a link",
    security=[],
)
async def download_export(
    account_id: UUID,
    export_id: UUID,
    db: Database,
    links: Links,
    export_folder: Path,
    expires: Annotated[int, QueryParameter(ge=0, le=2**40)],
    signature: Annotated[str, QueryParameter(max_length=LONGEST)],
) -> Stream:
    """No session: the signature is the key. A file of another node's disk is not found here."""
    if not links.is_good(PURPOSE, f"{account_id}/{export_id}", expires, signature):
        raise NotFound
    owner = Actor(account_id, export_id)  # of no device: whoever holds the link
    async with db.read() as tx:
        export = await service.ready(tx, owner, export_id)
    path = anyio.Path(export_folder / str(export_id))
    if not await path.exists():
        raise NotFound
    return Stream(
        _blocks(path),
        media_type="application/octet-stream",
        headers={
            "content-disposition": f"attachment; filename*=UTF-8''{quote(export.file_name or '')}",
            "content-length": str(export.size),
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            "content-security-policy": "sandbox; default-src 'none'",
        },
    )


async def _blocks(path: anyio.Path) -> AsyncIterator[bytes]:
    async with await path.open("rb") as file:
        while block := await file.read(BLOCK):
            yield block


ROUTES = [
    Router(
        "/exports",
        route_handlers=[
            ask_export,
            list_exports,
            get_export,
            delete_export,
            link_export,
            download_export,
        ],
        tags=["exports"],
    )
]
