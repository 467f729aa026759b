"""Routes of polls."""

from typing import Annotated
from uuid import UUID

from litestar import Response, get, post, put
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import Parameter, QueryParameter

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.limits import Limiter
from tertulia.features.messages.schemas import Message
from tertulia.features.polls import service
from tertulia.features.polls.policy import VOTING
from tertulia.features.polls.schemas import (
    MAX_OPTIONS,
    CreatePoll,
    PollState,
    Vote,
    Voted,
    VoterList,
)

POLL = "/api/v1/rooms/{room_id:uuid}/messages/{message_id:uuid}/poll"


@post(
    "/api/v1/rooms/{room_id:uuid}/polls",
    tags=["polls"],
    summary="Ask a question with answers to choose from",
    status_code=201,
    responses={200: ResponseSpec(Message, description="This client_id asked it before")},
)
async def create_poll(
    room_id: UUID, data: CreatePoll, actor: Actor, db: Database, limiter: Limiter
) -> Response[Message]:
    """A poll is a message. 201 when it is new, 200 when this `client_id` asked before."""
    await limiter.hit(VOTING, str(actor.account_id))
    sent = await db.write(lambda tx: service.create(tx, actor, room_id, data))
    return Response(sent.message, status_code=201 if sent.is_new else 200)


@put(f"{POLL}/vote", tags=["polls"], summary="Vote, change my vote, or take it back")
async def vote(
    room_id: UUID, message_id: UUID, data: Vote, actor: Actor, db: Database, limiter: Limiter
) -> Voted:
    await limiter.hit(VOTING, str(actor.account_id))
    return await db.write(lambda tx: service.vote(tx, actor, room_id, message_id, data))


@post(f"{POLL}/close", tags=["polls"], summary="End the voting", status_code=200)
async def close_poll(
    room_id: UUID, message_id: UUID, actor: Actor, db: Database, limiter: Limiter
) -> PollState | None:
    """Its author, or who keeps order in the room."""
    await limiter.hit(VOTING, str(actor.account_id))
    return await db.write(lambda tx: service.close(tx, actor, room_id, message_id))


@get(f"{POLL}/voters", tags=["polls"], summary="Who chose what")
async def list_voters(
    room_id: UUID,
    message_id: UUID,
    actor: Actor,
    db: Database,
    choice: Annotated[int | None, Parameter(ge=0, lt=MAX_OPTIONS)] = None,
    cursor: Annotated[str | None, QueryParameter(max_length=256)] = None,
) -> VoterList:
    """`forbidden` for an anonymous poll."""
    async with db.read() as tx:
        return await service.voters(tx, actor, room_id, message_id, choice, cursor)


ROUTES = [create_poll, vote, close_poll, list_voters]
