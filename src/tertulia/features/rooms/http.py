"""Routes of rooms, those aside that answer with a whole snapshot (`features/sync`)."""

from typing import Annotated
from uuid import UUID

from litestar import Response, delete, get, patch, put
from litestar.params import QueryParameter

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.images import Studio
from tertulia.core.images.wanted import Wanted
from tertulia.core.limits import Bucket, Limiter
from tertulia.features.accounts.schemas import People
from tertulia.features.rooms import service
from tertulia.features.rooms.schemas import ChangeRoom, Room, RoomList, SetPicture

BROWSE = Bucket("room.browse", 120, 60)
PEOPLE = Bucket("people", 120, 60)
PICTURING = Bucket("room.picture", 30, 3600)
PICTURE = Wanted(side=256, fit="cover")
# Even opened as a page of its own it is a picture and nothing else.
KEPT = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


@get("/rooms/public", tags=["rooms"], summary="Browse public channels")
async def browse_rooms(
    actor: Actor,
    db: Database,
    limiter: Limiter,
    text: Annotated[str, QueryParameter(name="query", max_length=80)] = "",
    cursor: Annotated[str | None, QueryParameter(max_length=256)] = None,
) -> RoomList:
    await limiter.hit(BROWSE, str(actor.account_id))
    async with db.read() as tx:
        return await service.browse(tx, actor, text, cursor)


@get("/people", tags=["people"], summary="Find people on this server")
async def find_people(
    actor: Actor,
    db: Database,
    limiter: Limiter,
    text: Annotated[str, QueryParameter(name="query", max_length=64)] = "",
    cursor: Annotated[str | None, QueryParameter(max_length=256)] = None,
) -> People:
    await limiter.hit(PEOPLE, str(actor.account_id))
    async with db.read() as tx:
        return await service.find_people(tx, actor, text, cursor)


@patch("/rooms/{room_id:uuid}", tags=["rooms"], summary="Rename, open, close or archive a room")
async def change_room(room_id: UUID, data: ChangeRoom, actor: Actor, db: Database) -> Room:
    return await db.write(lambda tx: service.change(tx, actor, room_id, data))


@put("/rooms/{room_id:uuid}/avatar", tags=["rooms"], summary="Give a room a picture")
async def set_picture(
    room_id: UUID, data: SetPicture, actor: Actor, db: Database, limiter: Limiter, studio: Studio
) -> Room:
    async with db.read() as tx:
        await service.require_may_picture(tx, actor, room_id)
    await limiter.hit(PICTURING, str(actor.account_id))
    made = await studio.remake(data.image, PICTURE)
    return await db.write(lambda tx: service.set_picture(tx, actor, room_id, made))


@delete(
    "/rooms/{room_id:uuid}/avatar",
    tags=["rooms"],
    summary="Take a room's picture away",
    status_code=204,
)
async def remove_picture(room_id: UUID, actor: Actor, db: Database) -> None:
    await db.write(lambda tx: service.set_picture(tx, actor, room_id, None))


@get(
    "/rooms/{room_id:uuid}/avatar",
    tags=["rooms"],
    summary="The picture of a room",
    media_type="image/webp",
)
async def get_picture(room_id: UUID, actor: Actor, db: Database) -> Response[bytes]:
    """Ask with `?v=` and the room's `avatar`: another picture is another address."""
    async with db.read() as tx:
        image = await service.picture(tx, actor, room_id)
    return Response(image, media_type="image/webp", headers=KEPT)


# Without a router of their own: `sync` has routes on the same paths.
ROUTES = [
    browse_rooms,
    find_people,
    change_room,
    set_picture,
    remove_picture,
    get_picture,
]
