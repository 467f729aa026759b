"""Whom a message calls, and how loudly: pure. The client has a twin (`lib/calls.ts`), and both are
tested by one table."""

from collections.abc import Collection
from typing import Literal
from uuid import UUID

# What a member wants to hear of a room (`features/preferences`).
Level = Literal["all", "mentions", "nothing"]
PEOPLE = 200  # that one text can call by their names and groups
HERE = 200  # that one text can call by being here; where more are, it calls the room


def calls(
    me: UUID,
    *,
    author: UUID,
    mentions: Collection[UUID] = (),
    here: Collection[UUID] = (),
    room: bool = False,
    level: Level = "all",
    muted: bool = False,
    direct: bool = False,
    follows: bool | None = None,
) -> bool:
    """Should a message ask for my attention: a badge, the window's title, later a notification?

    `follows` is about a reply that is only in its thread: whether the thread calls me; None for
    what is said in the room. My own words never call me. In a direct room everything is said to
    me. A muted room calls by my name only, a level of "nothing" not at all.
    """
    if author == me or level == "nothing":
        return False
    if me in mentions:
        return True
    if muted:
        return False
    if me in here or (room and follows is not False):
        return True
    if follows is not None:
        return follows
    return direct or level == "all"
