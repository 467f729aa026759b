"""What a text says: whom it addresses. Pure; the client's composer uses the same rule."""

import re
from typing import NamedTuple

# A name after @, not inside a word or an address, and whole: no part of a longer word. The trailing
# dot of a sentence is not the name's.
_MENTION = re.compile(r"(?<![\w@.])@([A-Za-z0-9](?:[A-Za-z0-9._-]{0,30}[A-Za-z0-9])?)(?![^\W_])")
# Code is quoted, not addressed: fenced blocks and `spans` mention nobody.
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
ROOM_WORDS = frozenset({"room", "all", "everyone", "channel"})
HERE_WORDS = frozenset({"here"})
MENTION_LIMIT = 50  # names of one message that are looked at


class Mentioned(NamedTuple):
    names: frozenset[str]
    room: bool = False
    here: bool = False


NOBODY = Mentioned(frozenset())


def mentioned(text: str) -> Mentioned:
    """The names (case folded) a text addresses, and whether it addresses the room, or those of it
    who are here."""
    if "@" not in text:
        return NOBODY
    matches = _MENTION.findall(_CODE.sub(" ", text))[:MENTION_LIMIT]
    found = frozenset(match.casefold() for match in matches)
    return Mentioned(
        names=found - ROOM_WORDS - HERE_WORDS,
        room=not ROOM_WORDS.isdisjoint(found),
        here=not HERE_WORDS.isdisjoint(found),
    )
