"""What follows facts of others: what is gone was played by nobody, in the same transaction."""

from tertulia.core.tx import Emitted, Reactions, Tx
from tertulia.features.expiry.events import MessagesExpired
from tertulia.features.listens import service
from tertulia.features.messages.events import MessageDeleted


async def forget(tx: Tx, emitted: Emitted) -> None:
    match emitted.fact:
        case MessageDeleted(message=message):
            await service.forget(tx, emitted.stream.id, [message.id])
        case MessagesExpired(message_ids=message_ids):
            await service.forget(tx, emitted.stream.id, message_ids)
        case _:
            pass


REACTIONS: Reactions = {MessageDeleted: [forget], MessagesExpired: [forget]}
