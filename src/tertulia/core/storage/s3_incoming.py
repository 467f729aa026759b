"""Uploads that grow, in a store whose things cannot grow.

An upload is a row of chunks `incoming/<id>/<offset>`; each is durable once it is put, so what was
told is there after any crash. A small mark `begun` makes an upload without bytes. Where a client
wrote to the bucket itself, its bytes are one thing called `whole`.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import obstore
from obstore.store import S3Store

from tertulia.core.errors import Conflict
from tertulia.core.storage import disk
from tertulia.core.storage.bucket import blocks, listed, send, size_of, told
from tertulia.core.storage.keys import require_key
from tertulia.core.storage.storage import Missing

CHUNK = 4 << 20  # bytes; one is sent while the next one gathers
BEGUN, WHOLE = "begun", "whole"
COPYABLE = 5 << 30  # bytes: more the store does not copy in one request
COPIES_AT_ONCE = 8


class Piece(NamedTuple):
    """A part of an upload: the bytes of a thing from `start` up to before `stop`."""

    name: str
    start: int
    stop: int

    @property
    def size(self) -> int:
        return self.stop - self.start


class S3Incoming:
    def __init__(self, store: S3Store) -> None:
        self._store = store

    async def begin(self, id_: UUID) -> None:
        await self._put(f"{folder(id_)}/{BEGUN}", b"")

    async def append(self, id_: UUID, offset: int, data: AsyncIterator[bytes]) -> int:
        found = await self._begun(id_)
        if _size(contiguous(found)) != offset:
            raise Conflict("The upload stands elsewhere.")
        # Behind a hole lies what a `cut` had begun to throw away: it must not come back.
        await self._remove(id_, [name for name in found if name.isdigit() and int(name) >= offset])
        writer = _Writer(self._store, id_, offset)
        try:
            async for block in data:
                await writer.take(block)
        finally:
            # Also when the client was cut off: what came is kept, and told by `size`.
            await asyncio.shield(writer.finish())
        return writer.stands

    async def size(self, id_: UUID) -> int:
        return _size(await self._pieces(id_))

    async def cut(self, id_: UUID, size: int) -> None:
        found = await self._begun(id_)
        pieces = _cut(contiguous(found), size)
        kept = {piece.name for piece in pieces}
        # The last first: should we die in between, no hole is left for older bytes to hide behind.
        gone = sorted((name for name in found if name.isdigit() and name not in kept), reverse=True)
        for name in gone:
            await self._remove(id_, [name])
        if pieces and pieces[-1].stop < found[pieces[-1].name]:
            last = pieces[-1]
            await self._put(f"{folder(id_)}/{last.name}", await self._bytes(id_, last))

    async def join(self, id_: UUID, parts: Sequence[UUID]) -> int:
        copies: list[tuple[UUID, Piece, int]] = []
        at = 0
        for part in parts:
            for piece in await self._pieces(part):
                copies.append((part, piece, at))
                at += piece.size
        free = asyncio.Semaphore(COPIES_AT_ONCE)

        async def copy(part: UUID, piece: Piece, offset: int) -> None:
            async with free:
                await self._copy(part, piece, f"{folder(id_)}/{offset:016}")

        async with asyncio.TaskGroup() as group:
            for each in copies:
                group.create_task(copy(*each))
        await self.begin(id_)
        return at

    async def read(
        self, id_: UUID, start: int = 0, stop: int | None = None
    ) -> AsyncIterator[bytes]:
        at = 0
        for piece in await self._pieces(id_):
            first = piece.start + max(0, start - at)
            last = piece.stop if stop is None else min(piece.stop, piece.start + stop - at)
            at += piece.size
            if first < last:
                async for block in blocks(self._store, _key(id_, piece.name), first, last):
                    yield block

    async def fetch(self, id_: UUID, target: Path) -> None:
        await disk.save(self.read(id_), target)

    async def promote(self, id_: UUID, key: str) -> None:
        require_key(key)
        if not await self._is_there(key):
            pieces = await self._pieces(id_)
            if [piece.name for piece in pieces] == [WHOLE] and pieces[0].size <= COPYABLE:
                with told():
                    await obstore.copy_async(self._store, _key(id_, WHOLE), key)
            else:
                await send(self._store, key, self.read(id_), _size(pieces))
        await self.remove(id_)

    async def remove(self, id_: UUID) -> None:
        """The mark first: what a crash leaves of the rest is no upload any more."""
        found = await self._found(id_)
        await self._remove(id_, [name for name in (BEGUN, WHOLE) if name in found])
        await self._remove(id_, [name for name in found if name not in {BEGUN, WHOLE}])

    async def _pieces(self, id_: UUID) -> list[Piece]:
        return contiguous(await self._begun(id_))

    async def _begun(self, id_: UUID) -> dict[str, int]:
        """What lies there. Raises Missing."""
        found = await self._found(id_)
        if BEGUN not in found and WHOLE not in found:
            raise Missing(str(id_))
        return found

    async def _found(self, id_: UUID) -> dict[str, int]:
        """What lies there, by name, with its size."""
        place = folder(id_)
        return {
            found["path"].removeprefix(f"{place}/"): found["size"]
            async for found in listed(self._store, place)
        }

    async def _is_there(self, key: str) -> bool:
        try:
            await size_of(self._store, key)
        except Missing:
            return False
        return True

    async def _copy(self, id_: UUID, piece: Piece, key: str) -> None:
        """Within the store where the piece is a whole thing, which it is but after a crash."""
        if piece.start == 0 and piece.stop <= COPYABLE and await self._is_all(id_, piece):
            with told():
                await obstore.copy_async(self._store, _key(id_, piece.name), key)
        else:
            data = blocks(self._store, _key(id_, piece.name), piece.start, piece.stop)
            await send(self._store, key, data, piece.size)

    async def _is_all(self, id_: UUID, piece: Piece) -> bool:
        return await size_of(self._store, _key(id_, piece.name)) == piece.stop

    async def _bytes(self, id_: UUID, piece: Piece) -> bytes:
        found = blocks(self._store, _key(id_, piece.name), piece.start, piece.stop)
        return b"".join([block async for block in found])

    async def _put(self, key: str, data: bytes) -> None:
        with told():
            await obstore.put_async(self._store, key, data, use_multipart=False)

    async def _remove(self, id_: UUID, names: Sequence[str]) -> None:
        if names:
            with told():
                await obstore.delete_async(self._store, [_key(id_, name) for name in names])

    async def begun(self) -> AsyncIterator[tuple[UUID, datetime]]:
        newest: tuple[UUID, datetime] | None = None
        async for found in listed(self._store, "incoming"):
            id_, changed = UUID(found["path"].split("/")[1]), found["last_modified"]
            if newest is not None and newest[0] != id_:
                yield newest
                newest = None
            newest = (id_, changed if newest is None else max(changed, newest[1]))
        if newest is not None:
            yield newest


class _Writer:
    """Puts chunks one after the other, so that there is never a hole, while the next one gathers.
    `stands` is where the last of them ends that is durable."""

    def __init__(self, store: S3Store, id_: UUID, offset: int) -> None:
        self.stands = offset
        self._store = store
        self._folder = folder(id_)
        self._gathered = bytearray()
        self._sending: asyncio.Task[None] | None = None

    async def take(self, block: bytes) -> None:
        view = memoryview(block)
        while view:
            room = CHUNK - len(self._gathered)
            self._gathered += view[:room]
            view = view[room:]
            if len(self._gathered) == CHUNK:
                await self._arrived()
                self._sending = asyncio.create_task(self._send(bytes(self._gathered)))
                self._gathered.clear()

    async def finish(self) -> None:
        await self._arrived()
        if self._gathered:
            await self._send(bytes(self._gathered))
            self._gathered.clear()

    async def _arrived(self) -> None:
        """A chunk that failed fails all after it: it is asked for again and again."""
        if self._sending is not None:
            await asyncio.shield(self._sending)

    async def _send(self, chunk: bytes) -> None:
        with told():
            await obstore.put_async(
                self._store, f"{self._folder}/{self.stands:016}", chunk, use_multipart=False
            )
        self.stands += len(chunk)


def folder(id_: UUID) -> str:
    return f"incoming/{id_}"


def whole(id_: UUID) -> str:
    """Where what a client wrote itself lies."""
    return _key(id_, WHOLE)


def _key(id_: UUID, name: str) -> str:
    return f"{folder(id_)}/{name}"


def contiguous(found: Mapping[str, int]) -> list[Piece]:
    """What follows from the first byte without a hole. Chunks of two writers, of whom one thought
    it alone, may overlap: they hold the same bytes there."""
    if WHOLE in found:
        return [Piece(WHOLE, 0, found[WHOLE])]
    pieces: list[Piece] = []
    at = 0
    for name in sorted(name for name in found if name.isdigit()):
        offset, size = int(name), found[name]
        if offset > at:
            break
        if offset + size > at:
            pieces.append(Piece(name, at - offset, size))
            at = offset + size
    return pieces


def _cut(pieces: Sequence[Piece], size: int) -> list[Piece]:
    kept: list[Piece] = []
    at = 0
    for piece in pieces:
        if at >= size:
            break
        kept.append(piece._replace(stop=min(piece.stop, piece.start + size - at)))
        at += piece.size
    return kept


def _size(pieces: Sequence[Piece]) -> int:
    return sum(piece.size for piece in pieces)
