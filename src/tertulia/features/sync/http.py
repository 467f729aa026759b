"""Routes of catching up, and those of rooms that answer with a whole snapshot."""

from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import Parameter

from tertulia.core.actor import Actor
from tertulia.core.admission import Admission
from tertulia.core.db import Database
from tertulia.core.errors import AppError
from tertulia.core.gathering import Gathering
from tertulia.core.history import Hydrators
from tertulia.core.limits import Bucket, Limiter
from tertulia.features.members import service as members
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import CreateRoom
from tertulia.features.sync import service
from tertulia.features.sync.schemas import Changes, EventPage, RoomSnapshot, Snapshot, Unread
from tertulia.features.sync.service import Missing

CREATE_ROOM = Bucket("room.create", 30, 3600)
SYNC = Bucket("sync", 120, 60)
JOIN = Bucket("room.join", 60, 600)
After = Annotated[int, Parameter(ge=0, le=2**62)]
Limit = Annotated[int, Parameter(ge=1, le=500)]
Since = Annotated[str | None, Parameter(max_length=512)]


@get("/sync", tags=["sync"], summary="What changed since a cursor")
async def sync(
    actor: Actor,
    db: Database,
    limiter: Limiter,
    admission: Admission,
    hydrators: Hydrators,
    since: Since = None,
) -> Changes:
    await limiter.hit(SYNC, str(actor.device_id))
    if service.is_start(since):
        await admission.admit("boot")
    async with db.read() as tx:
        return await service.changes(tx, actor, since, hydrators)


@get("/me/unread", tags=["sync"], summary="What asks for my attention, by my preferences")
async def count_unread(actor: Actor, db: Database, limiter: Limiter) -> Unread:
    await limiter.hit(SYNC, str(actor.device_id))
    async with db.read() as tx:
        return await service.unread(tx, actor)


@get("/me/events", tags=["sync"], summary="Events of my account's stream")
async def list_account_events(
    actor: Actor, db: Database, hydrators: Hydrators, after: After, limit: Limit = 500
) -> EventPage:
    async with db.read() as tx:
        return await service.account_events(tx, actor, after, limit, hydrators)


@get("/rooms/{room_id:uuid}/events", tags=["sync"], summary="Events of a room's stream")
async def list_room_events(
    room_id: UUID,
    actor: Actor,
    missed: Gathering[Missing, EventPage | AppError],
    after: After,
    limit: Limit = 500,
) -> EventPage:
    page = await missed.ask(Missing(actor.account_id, room_id, after, limit))
    if isinstance(page, AppError):
        raise page
    return page


@get("/rooms", tags=["sync"], summary="My account and all my rooms")
async def list_rooms(actor: Actor, db: Database) -> Snapshot:
    async with db.read() as tx:
        return await service.snapshot(tx, actor)


@get("/rooms/{room_id:uuid}", tags=["sync"], summary="One room of mine")
async def get_room(room_id: UUID, actor: Actor, db: Database) -> RoomSnapshot:
    async with db.read() as tx:
        return await service.room_snapshot(tx, actor, room_id)


@post(
    "/rooms",
    tags=["sync"],
    summary="Make a room, or find the direct room with somebody",
    status_code=201,
    responses={200: ResponseSpec(RoomSnapshot, description="The direct room that was there")},
)
async def create_room(
    data: CreateRoom, actor: Actor, db: Database, limiter: Limiter
) -> Response[RoomSnapshot]:
    """201 for a new room, 200 for a direct room that was there."""
    await limiter.hit(CREATE_ROOM, str(actor.account_id))
    created = await db.write(lambda tx: rooms.create(tx, actor, data))
    async with db.read() as tx:
        found = await service.room_snapshot(tx, actor, created.room_id)
    return Response(found, status_code=201 if created.is_new else 200)


@post("/rooms/{room_id:uuid}/join", tags=["sync"], summary="Join a public channel", status_code=200)
async def join_room(room_id: UUID, actor: Actor, db: Database, limiter: Limiter) -> RoomSnapshot:
    await limiter.hit(JOIN, str(actor.account_id))
    await db.write(lambda tx: members.join(tx, actor, room_id))
    async with db.read() as tx:
        return await service.room_snapshot(tx, actor, room_id)


# Without a router of their own: `rooms` has routes on the same paths.
ROUTES = [
    sync,
    count_unread,
    list_account_events,
    list_room_events,
    list_rooms,
    get_room,
    create_room,
    join_room,
]
