"""What asks for attention: pure. The web client has a twin (`sync/attention.ts`)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from tertulia.features.preferences.schemas import Level, RoomPreferences
from tertulia.features.rooms.schemas import RoomKind


class Attention(NamedTuple):
    """`badge` is the number to show at a room, 0 for none; `bold`: there is something new to see in
    it. `threads` is how many of its threads call, `mentions` how many messages, there and in
    threads, call me by name, group, room or being here."""

    badge: int
    bold: bool
    threads: int = 0
    mentions: int = 0


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
    threads: Sequence[int] = (),
) -> Attention:
    """A muted room shows mentions only, and is never bold; `nothing` shows neither. `threads` says
    of each thread that I follow and that has news how many of its replies call me: who follows
    decided so, and hears of it on every level but `nothing`."""
    wish = level(wanted, kind, default)
    if wish == "nothing":
        return Attention(0, bold=False)
    calling = sum(1 for calls in threads if calls)
    calls = mentions + sum(threads)
    if is_muted(wanted, now):
        return Attention(mentions, bold=False, threads=calling, mentions=calls)
    badge = unread if wish == "everything" else mentions
    return Attention(badge, bold=unread > 0, threads=len(threads), mentions=calls)
