"""Routes of preferences."""

from uuid import UUID

from litestar import Router, get, patch

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.features.preferences import service
from tertulia.features.preferences.schemas import (
    Arrange,
    Arrangement,
    ChangePreferences,
    RoomPreferences,
)


@patch("/rooms/{room_id:uuid}/preferences", summary="Mute, favour or file a room of mine")
async def change_preferences(
    room_id: UUID, data: ChangePreferences, actor: Actor, db: Database
) -> RoomPreferences:
    return await db.write(lambda tx: service.change(tx, actor, room_id, data))


@get("/me/arrangement", summary="My sections and my default level")
async def get_arrangement(actor: Actor, db: Database) -> Arrangement:
    async with db.read() as tx:
        return await service.arrangement(tx, actor.account_id)


@patch("/me/arrangement", summary="Put my list of rooms in order")
async def arrange(data: Arrange, actor: Actor, db: Database) -> Arrangement:
    return await db.write(lambda tx: service.arrange(tx, actor, data))


ROUTES = [
    Router(
        "/api/v1",
        route_handlers=[change_preferences, get_arrangement, arrange],
        tags=["preferences"],
    )
]
