"""A folder of this machine (docs/adr/0039: why not obstore here).

A thing is written beside its place under a name of its own, synced, renamed into its place, and the
folder synced: it is there whole, or not at all, also after a power cut.
"""

import asyncio
import errno
import os
import shutil
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from uuid import UUID, uuid4

from tertulia.core.storage.keys import require_key
from tertulia.core.storage.storage import BLOCK, Missing, StorageAway, Stored

T = TypeVar("T")


class LocalStorage:
    """`folder` is made at the first write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, key: str, source: Path) -> None:
        await _away(lambda: _move(source, self._place(key)))

    async def write(self, key: str, data: bytes) -> None:
        await _away(lambda: _write(self._place(key), data))

    async def read(self, key: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        async for block in _read(self._place(key), start, stop):
            yield block

    async def size(self, key: str) -> int:
        return await _away(lambda: self._place(key).stat().st_size)

    async def remove(self, keys: Sequence[str]) -> None:
        def unlink() -> None:
            for key in keys:
                self._place(key).unlink(missing_ok=True)

        await _away(unlink)

    async def list(self, prefix: str) -> AsyncIterator[Stored]:
        for stored in await _away(lambda: _walk(self._folder, prefix)):
            yield stored

    async def fetch(self, key: str, target: Path) -> None:
        await _away(lambda: _copy(self._place(key), target))

    def path(self, key: str) -> Path:
        return self._place(key)

    async def link(self, key: str, seconds: int, headers: dict[str, str]) -> None:
        del key, seconds, headers

    def _place(self, key: str) -> Path:
        return self._folder / require_key(key)


class LocalIncoming:
    """One file for each upload, in `folder`, which lies on the same disk as the storage."""

    def __init__(self, folder: Path, storage: LocalStorage) -> None:
        self._folder = folder
        self._storage = storage

    async def begin(self, id_: UUID) -> None:
        def make() -> None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._place(id_).touch()
            _sync_folder(self._folder)

        await _away(make)

    async def append(self, id_: UUID, offset: int, data: AsyncIterator[bytes]) -> int:
        file = await _away(lambda: self._place(id_).open("r+b", buffering=0))
        try:
            await _away(lambda: file.seek(offset))
            try:
                async for block in data:
                    await _away(lambda block=block: _write_all(file.fileno(), block))
            finally:
                # Also when the client was cut off: what came is kept, and told by `size`.
                await asyncio.shield(_away(lambda: os.fsync(file.fileno())))
            return await _away(file.tell)
        finally:
            file.close()

    async def size(self, id_: UUID) -> int:
        return await _away(lambda: self._place(id_).stat().st_size)

    async def cut(self, id_: UUID, size: int) -> None:
        await _away(lambda: os.truncate(self._place(id_), size))

    async def join(self, id_: UUID, parts: Sequence[UUID]) -> int:
        return await _away(lambda: _join(self._place(id_), [self._place(part) for part in parts]))

    async def read(
        self, id_: UUID, start: int = 0, stop: int | None = None
    ) -> AsyncIterator[bytes]:
        async for block in _read(self._place(id_), start, stop):
            yield block

    async def fetch(self, id_: UUID, target: Path) -> None:
        await _away(lambda: _copy(self._place(id_), target))

    async def promote(self, id_: UUID, key: str) -> None:
        def move() -> None:
            place = self._storage.path(key)
            try:
                _move(self._place(id_), place)
            except FileNotFoundError:
                if not place.exists():
                    raise

        await _away(move)

    async def remove(self, id_: UUID) -> None:
        await _away(lambda: self._place(id_).unlink(missing_ok=True))

    def _place(self, id_: UUID) -> Path:
        return self._folder / str(id_)


@contextmanager
def _told() -> Generator[None]:
    """Errors of the disk in the words of a storage."""
    try:
        yield
    except FileNotFoundError as error:
        raise Missing(str(error.filename)) from None
    except OSError as error:
        raise StorageAway(error.strerror or "", retry_after=30.0) from error


async def _away(work: Callable[[], T]) -> T:
    """In a thread: a disk may take its time."""
    with _told():
        return await asyncio.to_thread(work)


def _move(source: Path, place: Path) -> None:
    _sync(source)
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.rename(place)
    except OSError as error:
        if error.errno != errno.EXDEV:  # from another disk
            raise
        _copy_in(source, place)
        source.unlink()
    _sync_folder(place.parent)


def _copy_in(source: Path, place: Path) -> None:
    beside = place.with_name(f".{place.name}.{uuid4().hex}")
    try:
        shutil.copyfile(source, beside)
        _sync(beside)
        beside.rename(place)
    finally:
        beside.unlink(missing_ok=True)


def _write(place: Path, data: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}.{uuid4().hex}")
    try:
        beside.write_bytes(data)
        _sync(beside)
        beside.rename(place)
    finally:
        beside.unlink(missing_ok=True)
    _sync_folder(place.parent)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


async def _read(place: Path, start: int, stop: int | None) -> AsyncIterator[bytes]:
    file = await _away(lambda: place.open("rb", buffering=0))
    try:
        await _away(lambda: file.seek(start))
        left = None if stop is None else max(0, stop - start)
        while left is None or left > 0:
            wanted = BLOCK if left is None else min(BLOCK, left)
            block = await _away(lambda wanted=wanted: file.read(wanted))
            if not block:
                return
            yield block
            left = None if left is None else left - len(block)
    finally:
        file.close()


def _copy(source: Path, target: Path) -> None:
    # In the kernel, and without writing at all where the file system shares blocks.
    shutil.copyfile(source, target)


def _join(place: Path, parts: Sequence[Path]) -> int:
    with place.open("wb") as whole:
        for part in parts:
            with part.open("rb") as source:
                shutil.copyfileobj(source, whole, BLOCK)
        whole.flush()
        os.fsync(whole.fileno())
        return whole.tell()


def _walk(folder: Path, prefix: str) -> list[Stored]:
    """Everything but what is being written right now."""
    found: list[Stored] = []
    for path in (folder / prefix).rglob("*"):
        if path.name.startswith(".") or not path.is_file():
            continue
        status = path.stat()
        key = path.relative_to(folder).as_posix()
        found.append(Stored(key, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC)))
    return found


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    """The name itself is on disk only then."""
    _sync(folder)
