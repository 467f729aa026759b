"""How present a person is, over all their sockets on all nodes. Pure; `now` is an argument.

A node knows its own sockets (`roster`) and what other nodes told it (`elsewhere`); `known` puts
both together and keeps account of what it told. Nothing of this is stored anywhere: nodes tell each
other, number what they tell, and repeat every few seconds how far they have counted. Whoever missed
something asks for the whole; whoever falls silent is forgotten.
"""

from tertulia.features.presence.state.elsewhere import ASK_SECONDS, DEAD_SECONDS, STALL_SECONDS
from tertulia.features.presence.state.known import NEWS_PEOPLE, WHOLE_PEOPLE, Known
from tertulia.features.presence.state.quiet import find_zone, is_quiet, may_change, zone
from tertulia.features.presence.state.roster import GRACE_SECONDS, Roster
from tertulia.features.presence.state.standing import (
    TOPIC,
    Apart,
    Ask,
    Beat,
    News,
    Seen,
    Standing,
    Told,
    Whole,
)

__all__ = [
    "ASK_SECONDS",
    "DEAD_SECONDS",
    "GRACE_SECONDS",
    "NEWS_PEOPLE",
    "STALL_SECONDS",
    "TOPIC",
    "WHOLE_PEOPLE",
    "Apart",
    "Ask",
    "Beat",
    "Known",
    "News",
    "Roster",
    "Seen",
    "Standing",
    "Told",
    "Whole",
    "find_zone",
    "is_quiet",
    "may_change",
    "zone",
]
