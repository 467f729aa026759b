"""Routes between people: contacts, blocks, privacy."""

from uuid import UUID

from litestar import Router, delete, get, patch, post, put

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.limits import Bucket, Limiter
from tertulia.features.people import service
from tertulia.features.people.schemas import (
    ChangePrivacy,
    Circle,
    CircleList,
    Privacy,
    RequestContact,
)

CONTACT = Bucket("contact", 60, 3600)  # requests of one account
BLOCK = Bucket("block", 120, 3600)


@get("/me/circle", summary="My contacts, whom I blocked, and my privacy")
async def get_circle(actor: Actor, db: Database) -> CircleList:
    async with db.read() as tx:
        return await service.circle_list(tx, actor)


@patch("/me/privacy", summary="Decide who may reach me and what I show")
async def change_privacy(data: ChangePrivacy, actor: Actor, db: Database) -> Privacy:
    return await db.write(lambda tx: service.change_privacy(tx, actor, data))


@post("/contacts", summary="Ask somebody to be my contact", status_code=200)
async def request_contact(
    data: RequestContact, actor: Actor, db: Database, limiter: Limiter
) -> Circle:
    await limiter.hit(CONTACT, str(actor.account_id))
    await db.write(lambda tx: service.request_contact(tx, actor, data.account_id, data.note))
    return await _circle(actor, db)


@post("/contacts/{account_id:uuid}/accept", summary="Accept a request", status_code=200)
async def accept_contact(account_id: UUID, actor: Actor, db: Database) -> Circle:
    await db.write(lambda tx: service.accept_contact(tx, actor, account_id))
    return await _circle(actor, db)


@delete(
    "/contacts/{account_id:uuid}",
    summary="Decline a request, withdraw mine, or end a contact",
    status_code=204,
)
async def drop_contact(account_id: UUID, actor: Actor, db: Database) -> None:
    await db.write(lambda tx: service.drop_contact(tx, actor, account_id))


@put("/blocks/{account_id:uuid}", summary="Block somebody", status_code=204)
async def block_person(account_id: UUID, actor: Actor, db: Database, limiter: Limiter) -> None:
    await limiter.hit(BLOCK, str(actor.account_id))
    await db.write(lambda tx: service.block(tx, actor, account_id))


@delete("/blocks/{account_id:uuid}", summary="Unblock somebody", status_code=204)
async def unblock_person(account_id: UUID, actor: Actor, db: Database) -> None:
    await db.write(lambda tx: service.unblock(tx, actor, account_id))


async def _circle(actor: Actor, db: Database) -> Circle:
    async with db.read() as tx:
        return await service.circle(tx, actor.account_id)


ROUTES = [
    Router(
        "/api/v1",
        route_handlers=[
            get_circle,
            change_privacy,
            request_contact,
            accept_contact,
            drop_contact,
            block_person,
            unblock_person,
        ],
        tags=["people"],
    )
]
