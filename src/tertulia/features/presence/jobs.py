"""Reactions: nodes must know at once who may no longer see whom."""

import msgspec

from tertulia.core.bus import Notice
from tertulia.core.tx import Emitted, Reactions, Tx
from tertulia.features.people import service as people
from tertulia.features.people.events import PersonBlocked, PersonUnblocked
from tertulia.features.presence.state import TOPIC, Apart


async def tell_nodes(tx: Tx, emitted: Emitted) -> None:
    fact, one = emitted.fact, emitted.stream.id
    if isinstance(fact, PersonBlocked | PersonUnblocked):
        apart = fact.account_id in await people.apart(tx, one)
        word = Apart(one, fact.account_id, apart)
        tx.hint(Notice(TOPIC, 0, Apart.__name__, msgspec.json.encode(word)))


REACTIONS: Reactions = {PersonBlocked: [tell_nodes], PersonUnblocked: [tell_nodes]}
