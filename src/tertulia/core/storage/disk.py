"""Files of this machine, written so that a power cut leaves them whole or not there at all.

The data is synced before its name is made, and the folder that holds the name after it; so is each
new folder in its parent. A failed fsync is never asked again: what it left unwritten is marked
clean, and a second one would succeed (PostgreSQL learnt that in 2018).
"""

import asyncio
import errno
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from tertulia.core.storage.storage import BLOCK, Missing, StorageAway

T = TypeVar("T")
RETRY_AFTER = 30.0  # seconds: a full disk is not emptied in one


@contextmanager
def told() -> Generator[None]:
    """Errors of the disk in the words of a storage."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Missing(str(error.filename)) from None
    except OSError as error:
        raise StorageAway(error.strerror or "", retry_after=RETRY_AFTER) from error


async def away(work: Callable[[], T]) -> T:
    """In a thread: a disk may take its time."""
    with told():
        return await asyncio.to_thread(work)


async def to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Not left before it is done, also by who is cancelled: a thread that writes goes on, and a
    file closed under it lends its number to another, which would get the bytes."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def move(source: Path, place: Path) -> None:
    sync(source)
    make_folder(place.parent)
    try:
        source.rename(place)
    except OSError as error:
        if error.errno != errno.EXDEV:  # from another disk
            raise
        _copy_in(source, place)
        source.unlink()
    sync(place.parent)


def _copy_in(source: Path, place: Path) -> None:
    with _beside(place) as beside:
        shutil.copyfile(source, beside)


def write(place: Path, data: bytes) -> None:
    make_folder(place.parent)
    with _beside(place) as beside:
        beside.write_bytes(data)
    sync(place.parent)


@contextmanager
def _beside(place: Path) -> Generator[Path]:
    """A name to write under; then the thing takes its place, or nothing is left."""
    descriptor, name = tempfile.mkstemp(prefix=f".{place.name[:100]}.", dir=place.parent)
    os.close(descriptor)
    beside = Path(name)
    try:
        yield beside
        sync(beside)
        beside.rename(place)
    finally:
        beside.unlink(missing_ok=True)


def write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


async def read(place: Path, start: int, stop: int | None) -> AsyncIterator[bytes]:
    file = await away(lambda: place.open("rb", buffering=0))
    try:
        await away(lambda: file.seek(start))
        left = None if stop is None else max(0, stop - start)
        while left is None or left > 0:
            wanted = BLOCK if left is None else min(BLOCK, left)
            block = await away(lambda wanted=wanted: file.read(wanted))
            if not block:
                return
            yield block
            left = None if left is None else left - len(block)
    finally:
        file.close()


async def save(blocks: AsyncIterator[bytes], target: Path) -> None:
    """A file of what comes; none when it breaks off. Not synced: it is somebody's working copy."""
    file = await away(lambda: target.open("wb", buffering=0))
    try:
        try:
            async for block in blocks:
                await away(lambda block=block: write_all(file.fileno(), block))
        finally:
            file.close()
    except BaseException:
        await asyncio.to_thread(target.unlink, missing_ok=True)
        raise


def copy(source: Path, target: Path) -> None:
    # In the kernel, and without writing at all where the file system shares blocks.
    shutil.copyfile(source, target)


def join(place: Path, parts: Iterable[Path]) -> int:
    with place.open("wb") as whole:
        for part in parts:
            with part.open("rb") as source:
                shutil.copyfileobj(source, whole, BLOCK)
        whole.flush()
        os.fsync(whole.fileno())
        size = whole.tell()
    sync(place.parent)
    return size


def remove(places: Iterable[Path]) -> None:
    """Also after a power cut they are gone: nobody would find them any more."""
    folders: set[Path] = set()
    for place in places:
        try:
            place.unlink()
        except FileNotFoundError:
            continue
        folders.add(place.parent)
    for folder in folders:
        sync(folder)


def make_folder(folder: Path) -> None:
    """With those above it, each known to the disk. What people upload is nobody else's to read."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync(folder.parent)


def sync(path: Path) -> None:
    """Of a folder: the names in it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
