"""Routes of people's pictures."""

from uuid import UUID

from litestar import Response, delete, get, put

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.images import Studio
from tertulia.core.images.wanted import Wanted
from tertulia.core.limits import Bucket, Limiter
from tertulia.features.accounts import service
from tertulia.features.accounts.schemas import OwnAccount, SetFace

FACES = Bucket("me.avatar", 30, 3600)
FACE = Wanted(side=256, fit="cover")
# Even opened as a page of its own it is a picture and nothing else.
KEPT = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


@put("/me/avatar", summary="Give myself a picture")
async def set_face(
    data: SetFace, actor: Actor, db: Database, limiter: Limiter, studio: Studio
) -> OwnAccount:
    await limiter.hit(FACES, str(actor.account_id))
    made = await studio.remake(data.image, FACE)
    return await db.write(lambda tx: service.set_face(tx, actor, made))


@delete("/me/avatar", summary="Take my picture away", status_code=204)
async def remove_face(actor: Actor, db: Database) -> None:
    await db.write(lambda tx: service.set_face(tx, actor, None))


@get(
    "/people/{account_id:uuid}/avatar",
    summary="The picture of a person",
    media_type="image/webp",
)
async def get_face(account_id: UUID, actor: Actor, db: Database) -> Response[bytes]:
    """Ask with `?v=` and the person's `avatar`: another picture is another address."""
    async with db.read() as tx:
        image = await service.face(tx, actor, account_id)
    return Response(image, media_type="image/webp", headers=KEPT)
