"""What asks for attention: pure. The web client has a twin (`rooms/attention.ts`)."""

from datetime import datetime
from typing import NamedTuple

from tertulia.features.preferences.schemas import Level, RoomPreferences
from tertulia.features.rooms.schemas import RoomKind


class Attention(NamedTuple):
    """`badge` is the number to show, 0 for none; `bold` that there is something new to see."""

    badge: int
    bold: bool


def is_muted(wanted: RoomPreferences, now: datetime) -> bool:
    return wanted.muted and (wanted.muted_until is None or wanted.muted_until > now)


def level(wanted: RoomPreferences, kind: RoomKind, default: Level) -> Level:
    """What is said in a direct room is said to me: the default does not lower it."""
    return wanted.level or ("everything" if kind == "direct" else default)


def attention(
    wanted: RoomPreferences,
    kind: RoomKind,
    default: Level,
    now: datetime,
    *,
    unread: int,
    mentions: int,
) -> Attention:
    """A muted room shows mentions only, and is never bold; `nothing` shows neither."""
    wish = level(wanted, kind, default)
    if wish == "nothing":
        return Attention(0, bold=False)
    if is_muted(wanted, now):
        return Attention(mentions, bold=False)
    return Attention(unread if wish == "everything" else mentions, bold=unread > 0)
