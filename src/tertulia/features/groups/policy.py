"""What a group may be called: pure."""

LIMIT = 200  # groups of one server: all are offered at once
# They call a room; a group of that name could never be called.
WORDS = frozenset({"room", "all", "everyone", "channel", "here"})


def handle_key(handle: str) -> str:
    return handle.casefold()


def is_word(handle: str) -> bool:
    return handle_key(handle) in WORDS
