"""The route of forwarding: it answers for each target."""

from uuid import UUID

from litestar import post

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.errors import AppError
from tertulia.core.limits import Limiter
from tertulia.features.forwards import service
from tertulia.features.forwards.policy import FORWARDING
from tertulia.features.forwards.schemas import (
    Forward,
    ForwardError,
    ForwardOutcome,
    ForwardOutcomes,
)
from tertulia.features.messages.schemas import Message


@post("/forwards", tags=["messages"], summary="Forward messages to rooms", status_code=200)
async def forward_messages(
    data: Forward, actor: Actor, db: Database, limiter: Limiter
) -> ForwardOutcomes:
    """200 also where a target refused: see its outcome."""
    await limiter.hit(FORWARDING, str(actor.account_id))
    async with db.read() as tx:
        originals = await service.collect(tx, actor, data.messages)
    outcomes = [
        await _carry(db, actor, room_id, originals, data) for room_id in dict.fromkeys(data.rooms)
    ]
    await _count(db, originals, outcomes)
    return ForwardOutcomes(outcomes=outcomes)


async def _carry(
    db: Database, actor: Actor, room_id: UUID, originals: list[Message], wanted: Forward
) -> ForwardOutcome:
    try:
        said = await db.write(lambda tx: service.carry(tx, actor, room_id, originals, wanted))
    except AppError as error:
        told = ForwardError(code=error.code, message=error.detail or error.title)
        return ForwardOutcome(room_id=room_id, message_ids=[], error=told)
    return ForwardOutcome(room_id=room_id, message_ids=said, error=None)


async def _count(db: Database, originals: list[Message], outcomes: list[ForwardOutcome]) -> None:
    for from_room in {original.room_id for original in originals}:
        carried = [
            (original.id, outcome.room_id, copy_id)
            for outcome in outcomes
            if not outcome.error
            for original, copy_id in zip(
                originals, outcome.message_ids[-len(originals) :], strict=True
            )
            if original.room_id == from_room
        ]
        if carried:
            await db.write(lambda tx, room=from_room, out=carried: service.count(tx, room, out))


ROUTES = [forward_messages]
