"""Where a copy came from: pure."""

from tertulia.features.forwards.schemas import HOP_LIMIT
from tertulia.features.messages.schemas import Forwarded, Hop, Message


def provenance(original: Message) -> Forwarded:
    """The way of a copy of this message. Of a longer way the first place and the last ones stay."""
    here = Hop(
        room_id=original.room_id,
        message_id=original.id,
        author_id=original.author_id,
        sent_at=original.sent_at,
    )
    hops = [*(original.forwarded.hops if original.forwarded else []), here]
    if len(hops) > HOP_LIMIT:
        hops = [hops[0], *hops[-(HOP_LIMIT - 1) :]]
    return Forwarded(hops=hops)
