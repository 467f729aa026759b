"""Names for what comes in: the same thing gets the same name in every run. Pure."""

import hashlib
import re
import unicodedata
from collections.abc import Callable

_USERNAME = 32  # characters, and at least 3 (accounts.schemas.USERNAME)


def digest(*parts: str) -> bytes:
    """The ten bytes of a UUIDv7 that are not its time, the same for the same thing in every run."""
    return hashlib.sha256("\0".join(parts).encode()).digest()[:10]


def username(wanted: str, taken: Callable[[str], bool]) -> str:
    """A free username as near to the wanted one as may be. `taken(name)` in any case."""
    plain = unicodedata.normalize("NFKD", wanted).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("._-")[:_USERNAME].strip("._-")
    if len(plain) < 3:
        plain = f"slack-{plain}".strip("-")
    if not taken(plain):
        return plain
    number = 2
    while taken(found := f"{plain[: _USERNAME - len(str(number)) - 1].rstrip('._-')}-{number}"):
        number += 1
    return found


def one_line(text: str, limit: int) -> str:
    """A name as we keep it: one line of visible text, cut where it is too long."""
    shown = "".join(
        " " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char
        for char in unicodedata.normalize("NFC", text)
        if unicodedata.category(char) != "Cf"
    )
    return " ".join(shown.split())[:limit].rstrip()
