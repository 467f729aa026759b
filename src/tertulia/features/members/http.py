"""Routes of membership."""

from typing import Annotated
from uuid import UUID

from litestar import Router, delete, get, patch, post, put
from litestar.params import QueryParameter

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.limits import Bucket, Limiter
from tertulia.features.accounts.schemas import ONE_LINE
from tertulia.features.members import service
from tertulia.features.members.schemas import (
    AddMembers,
    Ban,
    BanList,
    ChangeRole,
    MemberList,
    TimeOut,
)
from tertulia.features.rooms.schemas import MarkRead, Member, Role

Why = Annotated[str, QueryParameter(max_length=250, pattern=ONE_LINE)]
Cursor = Annotated[str | None, QueryParameter(max_length=1024)]
ADD = Bucket("room.add", 200, 3600)  # people one account brings into rooms


@post("/leave", summary="Leave a room", status_code=204)
async def leave_room(room_id: UUID, actor: Actor, db: Database) -> None:
    await db.write(lambda tx: service.leave(tx, actor, room_id))


@post("/read", summary="Move my read position", status_code=204)
async def mark_read(room_id: UUID, data: MarkRead, actor: Actor, db: Database) -> None:
    await db.write(lambda tx: service.mark_read(tx, actor, room_id, data.seq))


@post("/api/v1/me/read", summary="Mark all my rooms read", status_code=204, tags=["members"])
async def mark_all_read(actor: Actor, db: Database) -> None:
    await db.write(lambda tx: service.mark_all_read(tx, actor))


@get("/members", summary="Who is in a room")
async def list_members(
    room_id: UUID,
    actor: Actor,
    db: Database,
    cursor: Cursor = None,
    text: Annotated[str, QueryParameter(name="query", max_length=80)] = "",
    role: Role | None = None,
    ids: Annotated[list[UUID] | None, QueryParameter(name="id", max_items=100)] = None,
) -> MemberList:
    """`id` may be said up to 100 times: these members alone."""
    async with db.read() as tx:
        return await service.page(tx, actor, room_id, cursor, query=text, role=role, ids=ids)


@post("/members", summary="Add people", status_code=200)
async def add_members(
    room_id: UUID, data: AddMembers, actor: Actor, db: Database, limiter: Limiter
) -> MemberList:
    """Answers those who were not in before."""
    await limiter.hit(ADD, str(actor.account_id), cost=len(data.account_ids))
    added = await db.write(lambda tx: service.add(tx, actor, room_id, data.account_ids))
    return MemberList(members=added, next=None)


@patch("/members/{account_id:uuid}", summary="Change a member's role")
async def change_role(
    room_id: UUID, account_id: UUID, data: ChangeRole, actor: Actor, db: Database
) -> Member:
    return await db.write(lambda tx: service.change_role(tx, actor, room_id, account_id, data.role))


@delete("/members/{account_id:uuid}", summary="Remove a member", status_code=204)
async def remove_member(
    room_id: UUID, account_id: UUID, actor: Actor, db: Database, reason: Why = ""
) -> None:
    await db.write(lambda tx: service.remove(tx, actor, room_id, account_id, reason))


@put("/members/{account_id:uuid}/time-out", summary="Let a member only read for a while")
async def time_out_member(
    room_id: UUID, account_id: UUID, data: TimeOut, actor: Actor, db: Database
) -> Member:
    return await db.write(lambda tx: service.time_out(tx, actor, room_id, account_id, data))


@get("/bans", summary="Who is banned from a room")
async def list_bans(room_id: UUID, actor: Actor, db: Database, cursor: Cursor = None) -> BanList:
    async with db.read() as tx:
        return await service.bans(tx, actor, room_id, cursor)


@post("/bans", summary="Ban somebody", status_code=204)
async def ban(room_id: UUID, data: Ban, actor: Actor, db: Database) -> None:
    await db.write(lambda tx: service.ban(tx, actor, room_id, data))


@delete("/bans/{account_id:uuid}", summary="Lift a ban", status_code=204)
async def unban(room_id: UUID, account_id: UUID, actor: Actor, db: Database) -> None:
    await db.write(lambda tx: service.unban(tx, actor, room_id, account_id))


ROUTES = [
    Router(
        "/api/v1/rooms/{room_id:uuid}",
        route_handlers=[
            leave_room,
            mark_read,
            list_members,
            add_members,
            change_role,
            remove_member,
            time_out_member,
            list_bans,
            ban,
            unban,
        ],
        tags=["members"],
    ),
    mark_all_read,
]
