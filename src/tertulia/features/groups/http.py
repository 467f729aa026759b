"""Routes of groups."""

from uuid import UUID

from litestar import Router, delete, get, patch, post

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.features.groups import service
from tertulia.features.groups.schemas import ChangeGroup, CreateGroup, GroupDetail, GroupList


@get("/", summary="All groups")
async def list_groups(actor: Actor, db: Database) -> GroupList:
    async with db.read() as tx:
        return await service.groups(tx, actor)


@post("/", summary="Make a group", status_code=201)
async def create_group(data: CreateGroup, actor: Actor, db: Database) -> GroupDetail:
    return await db.write(lambda tx: service.create(tx, actor, data))


@get("/{group_id:uuid}", summary="Who is in a group")
async def get_group(group_id: UUID, actor: Actor, db: Database) -> GroupDetail:
    async with db.read() as tx:
        return await service.group(tx, actor, group_id)


@patch("/{group_id:uuid}", summary="Rename a group, or say anew who is in it")
async def change_group(
    group_id: UUID, data: ChangeGroup, actor: Actor, db: Database
) -> GroupDetail:
    return await db.write(lambda tx: service.change(tx, actor, group_id, data))


@delete("/{group_id:uuid}", summary="Delete a group", status_code=204)
async def delete_group(group_id: UUID, actor: Actor, db: Database) -> None:
    await db.write(lambda tx: service.delete(tx, actor, group_id))


ROUTES = [
    Router(
        "/api/v1/groups",
        route_handlers=[list_groups, create_group, get_group, change_group, delete_group],
        tags=["groups"],
    )
]
