"""Routes of rooms, those aside that answer with a whole snapshot (`features/sync`)."""

from typing import Annotated
from uuid import UUID

from litestar import get, patch
from litestar.params import QueryParameter

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.limits import Bucket, Limiter
from tertulia.features.accounts.schemas import People
from tertulia.features.rooms import service
from tertulia.features.rooms.schemas import ChangeRoom, Room, RoomList

BROWSE = Bucket("room.browse", 120, 60)
PEOPLE = Bucket("people", 120, 60)


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


# Without a router of their own: `sync` has routes on the same paths.
ROUTES = [browse_rooms, find_people, change_room]
