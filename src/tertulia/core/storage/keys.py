"""What a key looks like: made by us alone, and never a way out of the folder."""

import re

KEY = re.compile(r"[a-z]+(/[0-9A-Za-z_-][0-9A-Za-z._-]*)+")


def require_key(key: str) -> str:
    """Raises ValueError: keys come from us, so a bad one is a bug."""
    if len(key) > 512 or not KEY.fullmatch(key):
        raise ValueError(f"no key: {key[:80]!r}")
    return key
