"""Routes of giving files out."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from litestar import HttpMethod, Response, Router, get, post, route
from litestar.params import Parameter, QueryParameter

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.errors import NotFound
from tertulia.core.http.disposition import content_disposition, content_type, page_policy
from tertulia.core.http.sending import Sent, Thing, sending
from tertulia.core.signing import Links
from tertulia.core.storage import Missing, Storage
from tertulia.features.files.schemas import File, FileKind
from tertulia.features.media import service
from tertulia.features.media.policy import LINK_SECONDS, PURPOSE, make_ticket, read_ticket, signed
from tertulia.features.media.schemas import FileLink, LinkFile, RoomFileList
from tertulia.features.media.service import Content, Wanted

KEPT = "private, max-age=31536000, immutable"
# A shared cache asks again after a minute whether this person still may; the answer is a 304.
SHARED = "public, max-age=31536000, s-maxage=60"
FRESH = "private, no-store"  # a playlist that grows

Kind = Annotated[FileKind | None, QueryParameter()]
Words = Annotated[str | None, QueryParameter(max_length=100, min_length=1)]
Cursor = Annotated[str | None, Parameter(max_length=512)]
Limit = Annotated[int, Parameter(ge=1, le=100)]


class Delivery(NamedTuple):
    """How files leave: `url` begins signed links (of a CDN where `shared`); `origin` is that of our
    pages, which read them from there; `redirect`: the storage gives out itself what it can."""

    url: str
    origin: str
    shared: bool = False
    redirect: bool = False


@get("/rooms/{room_id:uuid}/files", summary="All files of a room")
async def list_files(
    room_id: UUID,
    actor: Actor,
    db: Database,
    kind: Kind = None,
    account_id: UUID | None = None,
    q: Words = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> RoomFileList:
    """The newest first; `q` stands in the name. A page may be short, and even empty, and `next`
    still there."""
    wanted = Wanted(kind, account_id, q)
    async with db.read() as tx:
        return await service.room_files(tx, actor, room_id, wanted, cursor, limit)


@get("/rooms/{room_id:uuid}/files/{file_id:uuid}", summary="A file, without its bytes")
async def get_file(room_id: UUID, file_id: UUID, actor: Actor, db: Database) -> File:
    async with db.read() as tx:
        return await service.get_file(tx, actor, room_id, file_id)


@get(
    "/rooms/{room_id:uuid}/files/{file_id:uuid}/content/{name:path}",
    summary="The bytes of a file, or of what was made of it",
    media_type="application/octet-stream",
)
async def get_content(
    room_id: UUID,
    file_id: UUID,
    name: str,
    actor: Actor,
    db: Database,
    storage: Storage,
    delivery: Delivery,
) -> Response[bytes]:
    """`name` is `original`, one of `look.renditions`, or a part of a film (`hls/…`). Ranges and
    conditions of RFC 9110 are heeded."""
    async with db.read() as tx:
        found = await service.content(tx, actor, room_id, file_id, name.lstrip("/"))
    return await _given(found, storage, KEPT, redirect=delivery.redirect)


@route(
    "/rooms/{room_id:uuid}/files/{file_id:uuid}/content/{name:path}",
    http_method=[HttpMethod.HEAD],
    summary="What is to be known of the bytes of a file",
    media_type="application/octet-stream",
)
async def head_content(
    room_id: UUID, file_id: UUID, name: str, actor: Actor, db: Database, storage: Storage
) -> Response[bytes]:
    async with db.read() as tx:
        found = await service.content(tx, actor, room_id, file_id, name.lstrip("/"))
    return await _given(found, storage, KEPT)


@post(
    "/rooms/{room_id:uuid}/files/{file_id:uuid}/link",
    summary="A link to a file, for a while",
    status_code=200,
)
async def link_file(
    room_id: UUID,
    file_id: UUID,
    data: LinkFile,
    actor: Actor,
    db: Database,
    links: Links,
    delivery: Delivery,
) -> FileLink:
    """It needs no session, ends when its time is up or when I may no longer read the file, and
    opens every name of the file: put another at its end."""
    async with db.read() as tx:
        await service.get_file(tx, actor, room_id, file_id)
    thing = signed(actor.account_id, room_id, file_id)
    expires, signature = links.sign_on_grid(PURPOSE, thing, LINK_SECONDS)
    opened_by = make_ticket(expires, actor.account_id, signature)
    return FileLink(
        url=f"{delivery.url}/media/{opened_by}/{room_id}/{file_id}/{data.name}",
        expires_at=datetime.fromtimestamp(expires, UTC),
    )


@get(
    "/media/{ticket:str}/{room_id:uuid}/{file_id:uuid}/{name:path}",
    summary="The bytes of a file, for who has a link",
    media_type="application/octet-stream",
    security=[],
)
async def get_linked(
    ticket: str,
    room_id: UUID,
    file_id: UUID,
    name: str,
    db: Database,
    links: Links,
    storage: Storage,
    delivery: Delivery,
) -> Response[bytes]:
    found = await _linked(ticket, room_id, file_id, name, db, links)
    cache = SHARED if delivery.shared else KEPT
    return await _given(
        found, storage, cache, redirect=delivery.redirect, headers=_elsewhere(delivery)
    )


@route(
    "/media/{ticket:str}/{room_id:uuid}/{file_id:uuid}/{name:path}",
    http_method=[HttpMethod.HEAD],
    summary="What is to be known of the bytes of a file, for who has a link",
    media_type="application/octet-stream",
    security=[],
)
async def head_linked(
    ticket: str,
    room_id: UUID,
    file_id: UUID,
    name: str,
    db: Database,
    links: Links,
    storage: Storage,
    delivery: Delivery,
) -> Response[bytes]:
    found = await _linked(ticket, room_id, file_id, name, db, links)
    return await _given(
        found, storage, SHARED if delivery.shared else KEPT, headers=_elsewhere(delivery)
    )


async def _linked(
    ticket: str, room_id: UUID, file_id: UUID, name: str, db: Database, links: Links
) -> Content:
    """Raises NotFound for a link that never was, is over, or whose person may no longer read."""
    read = read_ticket(ticket)
    if read is None:
        raise NotFound
    expires, account_id, signature = read
    if not links.is_good(PURPOSE, signed(account_id, room_id, file_id), expires, signature):
        raise NotFound
    async with db.read() as tx:
        return await service.linked(tx, account_id, room_id, file_id, name.lstrip("/"))


def _elsewhere(delivery: Delivery) -> dict[str, str]:
    """Our pages read links from a CDN's origin: it is for them alone."""
    if not delivery.shared:
        return {}
    return {
        "cross-origin-resource-policy": "cross-origin",
        "access-control-allow-origin": delivery.origin,
        "vary": "Origin",
    }


async def _given(
    found: Content,
    storage: Storage,
    cache: str,
    *,
    redirect: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Response[Any]:
    part, more = found.part, dict(headers or {})
    if part.key is None:
        return Response(
            part.body,
            media_type=content_type(part.media_type),
            headers={
                "cache-control": cache if part.final else FRESH,
                "content-disposition": content_disposition(shown=True, name=found.name),
                "content-security-policy": page_policy(part.media_type),
                **more,
            },
        )
    try:
        size = await storage.size(part.key) if part.size is None else part.size
    except Missing:
        raise NotFound from None
    thing = Thing(part.key, size, part.media_type, found.name, cache if part.final else FRESH, more)
    return Sent(sending(storage, thing, redirect=redirect))


ROUTES = [
    Router(
        "/",
        route_handlers=[
            Router(
                "/api/v1",
                route_handlers=[list_files, get_file, get_content, head_content, link_file],
            ),
            get_linked,
            head_linked,
        ],
        tags=["files"],
    )
]
