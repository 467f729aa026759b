"""Routes of messages."""

from typing import Annotated
from uuid import UUID

from litestar import Response, Router, delete, get, patch, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.grouping import Grouping
from tertulia.core.limits import Limiter
from tertulia.features.accounts.schemas import ONE_LINE
from tertulia.features.messages import service
from tertulia.features.messages.policy import SPEAKING
from tertulia.features.messages.schemas import (
    EditMessage,
    Message,
    RevisionList,
    SendMessage,
)

Why = Annotated[str, QueryParameter(max_length=250, pattern=ONE_LINE)]


@post(
    "/",
    summary="Send a message",
    status_code=201,
    responses={200: ResponseSpec(Message, description="This client_id said it before")},
)
async def send_message(
    room_id: UUID,
    data: SendMessage,
    actor: Actor,
    limiter: Limiter,
    sending: Grouping[service.Outgoing, service.Sent],
) -> Response[Message]:
    """201 when it is new, 200 when this `client_id` said it before."""
    await limiter.hit(SPEAKING, str(actor.account_id))
    sent = await sending.submit(room_id, service.Outgoing(actor, room_id, data))
    return Response(sent.message, status_code=201 if sent.is_new else 200)


@patch("/{message_id:uuid}", summary="Edit a message")
async def edit_message(
    room_id: UUID,
    message_id: UUID,
    data: EditMessage,
    actor: Actor,
    db: Database,
    limiter: Limiter,
) -> Message:
    await limiter.hit(SPEAKING, str(actor.account_id))
    return await db.write(lambda tx: service.edit(tx, actor, room_id, message_id, data))


@delete("/{message_id:uuid}", summary="Delete a message for everyone", status_code=200)
async def delete_message(
    room_id: UUID,
    message_id: UUID,
    actor: Actor,
    db: Database,
    limiter: Limiter,
    reason: Why = "",
) -> Message:
    await limiter.hit(SPEAKING, str(actor.account_id))
    return await db.write(lambda tx: service.delete(tx, actor, room_id, message_id, reason))


@get("/{message_id:uuid}/revisions", summary="What a message said before")
async def list_revisions(
    room_id: UUID, message_id: UUID, actor: Actor, db: Database
) -> RevisionList:
    async with db.read() as tx:
        return RevisionList(revisions=await service.revisions(tx, actor, room_id, message_id))


ROUTES = [
    Router(
        "/api/v1/rooms/{room_id:uuid}/messages",
        route_handlers=[
            send_message,
            edit_message,
            delete_message,
            list_revisions,
        ],
        tags=["messages"],
    )
]
