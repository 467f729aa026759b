"""Polls that end by the clock; and votes, which go with their poll in the same transaction."""

from typing import Any

from tertulia.core.jobs import Job, Run
from tertulia.core.tx import Emitted, Reactions, Tx
from tertulia.features.expiry.events import MessagesExpired
from tertulia.features.messages.events import MessageDeleted
from tertulia.features.polls import service
from tertulia.features.polls.service import CLOSE, Closing


def jobs() -> list[Job[Any]]:
    return [Job(CLOSE, Closing, close)]


async def close(run: Run, closing: Closing) -> None:
    await run.db.write(lambda tx: service.close_due(tx, closing.room_id, closing.message_id))


async def forget(tx: Tx, emitted: Emitted) -> None:
    match emitted.fact:
        case MessageDeleted(message=message):
            await service.forget(tx, emitted.stream.id, [message.id])
        case MessagesExpired(message_ids=message_ids):
            await service.forget(tx, emitted.stream.id, message_ids)
        case _:
            pass


REACTIONS: Reactions = {MessageDeleted: [forget], MessagesExpired: [forget]}
