"""Routes of custom emoji. A change is told to every socket once it is on disk."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, delete, get, post

from tertulia.core.actor import Actor
from tertulia.core.broadcast import Broadcast
from tertulia.core.db import Database
from tertulia.core.images import Studio
from tertulia.core.limits import Limiter
from tertulia.features.emoji import service
from tertulia.features.emoji.events import EmojiChanging
from tertulia.features.emoji.policy import ADDING, PICTURE
from tertulia.features.emoji.schemas import AddEmoji, CustomEmoji, EmojiList

Ask = Request[Any, Any, Any]

# Even opened as a page of its own it is a picture and nothing else.
KEPT = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


@get("/", summary="All custom emoji")
async def list_emoji(actor: Actor, db: Database, request: Ask) -> Response[EmojiList | None]:
    """Its `ETag` is the list's version: 304 to those who have it."""
    async with db.read() as tx:
        found = await service.everything(tx, actor)
    headers = {"ETag": f'"{found.version}"', "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(None, status_code=304, headers=headers)
    return Response(found, headers=headers)


@post("/", summary="Bring an emoji along")
async def add_emoji(
    data: AddEmoji,
    actor: Actor,
    db: Database,
    limiter: Limiter,
    studio: Studio,
    broadcast: Broadcast,
) -> CustomEmoji:
    await limiter.hit(ADDING, str(actor.account_id))
    service.require_free_of_unicode(data.name)
    picture = await studio.remake(data.image, PICTURE)
    emoji = await db.write(lambda tx: service.add(tx, actor, data.name, picture))
    await _tell(db, broadcast)
    return emoji


@delete("/{emoji_id:uuid}", summary="Take an emoji away", status_code=204)
async def remove_emoji(emoji_id: UUID, actor: Actor, db: Database, broadcast: Broadcast) -> None:
    """Mine, or anybody's for those who run the server."""
    await db.write(lambda tx: service.remove(tx, actor, emoji_id))
    await _tell(db, broadcast)


async def _tell(db: Database, broadcast: Broadcast) -> None:
    async with db.read() as tx:
        broadcast.tell(EmojiChanging(version=await service.version(tx)))


@get("/{emoji_id:uuid}/image", summary="The picture of an emoji", media_type="image/webp")
async def get_image(emoji_id: UUID, actor: Actor, db: Database) -> Response[bytes]:
    async with db.read() as tx:
        image = await service.image(tx, actor, emoji_id)
    return Response(image, media_type="image/webp", headers=KEPT)


ROUTES = [
    Router(
        "/api/v1/emoji",
        route_handlers=[list_emoji, add_emoji, remove_emoji, get_image],
        tags=["emoji"],
    )
]
