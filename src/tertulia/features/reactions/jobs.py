"""What follows facts of others: a deleted message loses its reactions in the same transaction."""

from tertulia.core.tx import Emitted, Reactions, Tx
from tertulia.features.messages.events import MessageDeleted
from tertulia.features.reactions import service


async def forget(tx: Tx, emitted: Emitted) -> None:
    if isinstance(emitted.fact, MessageDeleted):
        await service.forget(tx, emitted.stream.id, emitted.fact.message.id)


REACTIONS: Reactions = {MessageDeleted: [forget]}
