"""The pieces of paper in a backup."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

import msgspec

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
OBJECTS = "objects.txt"
FOLDER = "objects/"
SECRET = "secret_key"  # noqa: S105 — a file's name


class Manifest(msgspec.Struct, frozen=True):
    """`sha256` are of the pages beside it; `bytes` of all objects. `migrations` are those that the
    database had."""

    format: int
    made_at: datetime
    version: str
    dump_sha256: str
    objects_sha256: str
    objects: int
    bytes: int
    migrations: list[str]


class Listed(NamedTuple):
    """An object of a backup; `size` in bytes."""

    sha256: str
    size: int
    key: str


def as_lines(listed: Iterable[Listed]) -> str:
    return "".join(f"{one.sha256} {one.size} {one.key}\n" for one in listed)


def from_lines(text: str) -> Iterator[Listed]:
    """Raises ValueError."""
    for line in text.splitlines():
        sha256, size, key = line.split(" ", 2)
        if len(sha256) != 64 or ".." in key or key.startswith("/"):
            raise ValueError(f"not an object: {line[:100]}")
        yield Listed(sha256, int(size), key)
