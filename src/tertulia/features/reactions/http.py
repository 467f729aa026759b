"""Routes of reactions."""

from typing import Annotated
from uuid import UUID

from litestar import Router, delete, get, put
from litestar.params import QueryParameter

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.limits import Limiter
from tertulia.features.reactions import service
from tertulia.features.reactions.policy import REACTING
from tertulia.features.reactions.schemas import Reaction, ReactorList


@get("/", summary="Who reacted to a message")
async def list_reactors(
    room_id: UUID,
    message_id: UUID,
    actor: Actor,
    db: Database,
    emoji: Annotated[str | None, QueryParameter(max_length=40)] = None,
    cursor: Annotated[str | None, QueryParameter(max_length=256)] = None,
) -> ReactorList:
    async with db.read() as tx:
        return await service.reactors(tx, actor, room_id, message_id, emoji, cursor)


@put("/{emoji:str}", summary="React to a message")
async def add_reaction(
    room_id: UUID, message_id: UUID, emoji: str, actor: Actor, db: Database, limiter: Limiter
) -> Reaction:
    """`emoji` is an emoji, or `:name:` of a custom one. Answers how it stands now."""
    await limiter.hit(REACTING, str(actor.account_id))
    return await db.write(lambda tx: service.add(tx, actor, room_id, message_id, emoji))


@delete("/{emoji:str}", summary="Take a reaction back", status_code=200)
async def remove_reaction(
    room_id: UUID, message_id: UUID, emoji: str, actor: Actor, db: Database, limiter: Limiter
) -> Reaction:
    await limiter.hit(REACTING, str(actor.account_id))
    return await db.write(lambda tx: service.remove(tx, actor, room_id, message_id, emoji))


ROUTES = [
    Router(
        "/api/v1/rooms/{room_id:uuid}/messages/{message_id:uuid}/reactions",
        route_handlers=[list_reactors, add_reaction, remove_reaction],
        tags=["reactions"],
    )
]
