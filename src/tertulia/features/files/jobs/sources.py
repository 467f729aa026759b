"""The bytes of an upload, wherever the last attempt left them."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from tertulia.core.storage import Incoming, Missing, Storage


class Source(Protocol):
    @property
    def size(self) -> int: ...

    def read(self, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]: ...

    async def fetch(self, target: Path) -> None: ...


@dataclass(frozen=True)
class Uploaded:
    size: int
    id: UUID
    incoming: Incoming

    def read(self, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        return self.incoming.read(self.id, start, stop)

    async def fetch(self, target: Path) -> None:
        await self.incoming.fetch(self.id, target)


@dataclass(frozen=True)
class Kept:
    size: int
    key: str
    storage: Storage

    def read(self, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        return self.storage.read(self.key, start, stop)

    async def fetch(self, target: Path) -> None:
        await self.storage.fetch(self.key, target)


async def find_source(
    incoming: Incoming, storage: Storage, id_: UUID, keys: list[str]
) -> Source | None:
    """As an upload, or under one of the keys to which it may have been moved."""
    try:
        return Uploaded(await incoming.size(id_), id_, incoming)
    except Missing:
        pass
    for key in keys:
        try:
            return Kept(await storage.size(key), key, storage)
        except Missing:
            continue
    return None


async def digest_of(source: Source) -> tuple[bytes, int]:
    """SHA-256 and size, by one read of it."""
    digest, size = hashlib.sha256(), 0
    async for block in source.read():
        await asyncio.to_thread(digest.update, block)
        size += len(block)
    return digest.digest(), size


async def digest_of_file(path: Path) -> tuple[bytes, int]:
    def read() -> tuple[bytes, int]:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest(), path.stat().st_size

    return await asyncio.to_thread(read)
