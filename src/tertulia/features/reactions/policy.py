"""What is a reaction, and how many one may give: pure."""

import re

from tertulia.core.buckets import Bucket
from tertulia.features.emoji.schemas import NAME

PER_PERSON = 20  # different emoji of one person at one message
IN_ALL = 100  # different emoji at one message

REACTING = Bucket("reaction.set", 300, 60)

_CUSTOM = re.compile(f":{NAME[1:-1]}:")


def is_custom(emoji: str) -> bool:
    """Written like a custom emoji: `:name:`. Whether there is one is another question."""
    return _CUSTOM.fullmatch(emoji) is not None
