"""What a node says of a person, and how nodes tell each other. Everything is pure here."""

from typing import NamedTuple
from uuid import UUID

import msgspec

from tertulia.features.presence.schemas import PresenceState


class Standing(NamedTuple):
    """Of a person on one node. `connected` is false while the node waits for them to come back."""

    state: PresenceState
    connected: bool


TOPIC = "presence"  # of the bus: nodes among themselves

GONE = Standing("offline", connected=False)


# What nodes tell each other


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """`rooms`: all whose people are to hear of it, where the node that tells happens to know."""

    account_id: UUID
    state: PresenceState
    connected: bool
    rooms: list[UUID] | None = None


class Beat(msgspec.Struct, frozen=True, tag="beat"):
    """I live, and have told so many news."""

    node: str
    version: int


class News(msgspec.Struct, frozen=True, tag="news"):
    """What changed on this node: number `version`, of every person the newest."""

    node: str
    version: int
    people: list[Seen]


class Whole(msgspec.Struct, frozen=True, tag="whole"):
    """Everybody on this node after news number `version`, in `parts` messages from 0 on."""

    node: str
    version: int
    part: int
    parts: int
    people: list[Seen]


class Ask(msgspec.Struct, frozen=True, tag="ask"):
    """Tell me the whole: `of` one node, or of everybody by the empty name."""

    node: str
    of: str = ""


class Apart(msgspec.Struct, frozen=True, tag="apart"):
    """Two people are in a block from now on, or no longer."""

    one: UUID
    other: UUID
    apart: bool


Told = Beat | News | Whole | Ask
