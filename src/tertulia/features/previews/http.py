"""Routes of previews."""

from uuid import UUID

from litestar import Response, Router, delete, get

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.features.previews import service

# Even opened as a page of its own it is a picture and nothing else.
KEPT = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


@delete("/", summary="Take away the previews under a message", status_code=204)
async def dismiss_previews(room_id: UUID, message_id: UUID, actor: Actor, db: Database) -> None:
    """For everybody, and for good: the author may, and who may delete the message."""
    await db.write(lambda tx: service.dismiss(tx, actor, room_id, message_id))


@get("/{image_id:uuid}/image", summary="The picture of a preview", media_type="image/webp")
async def get_preview_image(image_id: UUID, actor: Actor, db: Database) -> Response[bytes]:
    async with db.read() as tx:
        image = await service.image(tx, actor, image_id)
    return Response(image, media_type="image/webp", headers=KEPT)


ROUTES = [
    Router(
        "/api/v1/rooms/{room_id:uuid}/messages/{message_id:uuid}/previews",
        route_handlers=[dismiss_previews],
        tags=["previews"],
    ),
    Router("/api/v1/previews", route_handlers=[get_preview_image], tags=["previews"]),
]
