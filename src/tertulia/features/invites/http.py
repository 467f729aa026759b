"""Routes of invites."""

from typing import Annotated
from uuid import UUID

from litestar import Router, delete, get, post
from litestar.params import PathParameter

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.http.address import network_of
from tertulia.core.http.info import RequestInfo
from tertulia.core.limits import Bucket, Limiter
from tertulia.features.invites import service
from tertulia.features.invites.schemas import (
    CreateInvite,
    Invite,
    InviteList,
    InvitePreview,
    Joined,
)

# Codes cannot be guessed; the limits keep a stranger from making the database look them up.
PREVIEW = Bucket("invite.preview", 60, 60)  # of one network
ACCEPT = Bucket("invite.accept", 30, 60)
CREATE = Bucket("invite.create", 60, 3600)
Code = Annotated[str, PathParameter(max_length=256)]


@get("/rooms/{room_id:uuid}/invites", summary="Links that open a room")
async def list_invites(room_id: UUID, actor: Actor, db: Database) -> InviteList:
    async with db.read() as tx:
        return await service.list_live(tx, actor, room_id)


@post("/rooms/{room_id:uuid}/invites", summary="Make a link into a room", status_code=201)
async def create_invite(
    room_id: UUID,
    data: CreateInvite,
    actor: Actor,
    db: Database,
    limiter: Limiter,
    public_url: str,
) -> Invite:
    """The code is in this answer only."""
    await limiter.hit(CREATE, str(actor.account_id))
    return await db.write(
        lambda tx: service.create(tx, actor, room_id, data, public_url=public_url)
    )


@delete("/rooms/{room_id:uuid}/invites/{invite_id:uuid}", summary="Close a link", status_code=204)
async def revoke_invite(room_id: UUID, invite_id: UUID, actor: Actor, db: Database) -> None:
    await db.write(lambda tx: service.revoke(tx, actor, room_id, invite_id))


@get("/invites/{code:str}", summary="What a link leads to")
async def preview_invite(
    code: Code, info: RequestInfo, db: Database, limiter: Limiter
) -> InvitePreview:
    """No session needed: whoever holds the link may look."""
    await limiter.hit(PREVIEW, network_of(info.address))
    async with db.read() as tx:
        return await service.preview(tx, code)


@post("/invites/{code:str}/accept", summary="Follow a link into its room", status_code=200)
async def accept_invite(code: Code, actor: Actor, db: Database, limiter: Limiter) -> Joined:
    await limiter.hit(ACCEPT, str(actor.account_id))
    return Joined(room_id=await db.write(lambda tx: service.accept(tx, actor, code)))


ROUTES = [
    Router(
        "/api/v1",
        route_handlers=[
            list_invites,
            create_invite,
            revoke_invite,
            preview_invite,
            accept_invite,
        ],
        tags=["invites"],
    )
]
