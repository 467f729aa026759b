"""Polls by socket."""

from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.commands import Command
from tertulia.core.db import Database
from tertulia.core.limits import Limiter
from tertulia.core.wire import Request
from tertulia.features.messages.schemas import Message
from tertulia.features.polls import service
from tertulia.features.polls.policy import VOTING
from tertulia.features.polls.schemas import CreatePoll, PollState, Vote, Voted


class CreatePollIn(CreatePoll, frozen=True, kw_only=True):
    room_id: UUID


class VoteIn(Vote, frozen=True, kw_only=True):
    room_id: UUID
    message_id: UUID


class ClosePollIn(Request, frozen=True):
    room_id: UUID
    message_id: UUID


def commands(db: Database, limiter: Limiter) -> list[Command]:
    async def create(actor: Actor, request: CreatePollIn) -> Message:
        await limiter.hit(VOTING, str(actor.account_id))
        sent = await db.write(lambda tx: service.create(tx, actor, request.room_id, request))
        return sent.message

    async def vote(actor: Actor, request: VoteIn) -> Voted:
        await limiter.hit(VOTING, str(actor.account_id))
        return await db.write(
            lambda tx: service.vote(tx, actor, request.room_id, request.message_id, request)
        )

    async def close(actor: Actor, request: ClosePollIn) -> PollState | None:
        await limiter.hit(VOTING, str(actor.account_id))
        return await db.write(
            lambda tx: service.close(tx, actor, request.room_id, request.message_id)
        )

    return [
        Command("poll.create", CreatePollIn, create),
        Command("poll.vote", VoteIn, vote),
        Command("poll.close", ClosePollIn, close),
    ]
