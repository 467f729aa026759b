"""Names of files. Pure."""

import re
import unicodedata
from datetime import datetime
from uuid import UUID

from tertulia.features.exporting.schemas import Format

_UNFIT = frozenset('/\\:*?"<>|')  # for one system or another


def slug(name: str | None) -> str:
    """A piece of a file's name that every system takes, from a room's name in any script."""
    plain = unicodedata.normalize("NFC", name or "")
    kept = "".join(char if char.isalnum() or char in "-_" else "-" for char in plain)
    return re.sub(r"-{2,}", "-", kept).strip("-_")[:60] or "room"


def archive_file(name: str | None, at: datetime) -> str:
    """Of a room with its files."""
    return f"{slug(name)}-{at:%Y-%m-%d}.zip"


def kept_file(file_id: UUID, name: str) -> str:
    """Within an archive. Two files may have one name: each has a folder of its own."""
    plain = unicodedata.normalize("NFC", name)
    safe = "".join(char if char.isprintable() and char not in _UNFIT else "-" for char in plain)
    stem, dot, ending = safe.strip(". ").rpartition(".")
    short = f"{stem[:80]}{dot}{ending[:10]}" if dot else safe.strip(". ")[:80]
    return f"files/{file_id}/{short or 'file'}"


def room_file(name: str | None, format_: Format, at: datetime) -> str:
    return f"{slug(name)}-{at:%Y-%m-%d}.{format_}"


def account_file(username: str, at: datetime) -> str:
    return f"tertulia-{slug(username)}-{at:%Y-%m-%d}.zip"


def inner_file(name: str | None, room_id: UUID, format_: Format) -> str:
    """Within an account's archive. Two rooms may have one name: their ids may not."""
    return f"rooms/{slug(name)}-{room_id}.{format_}"
