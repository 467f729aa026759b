"""A folder of this machine (docs/adr/0039: why not obstore here)."""

import os
import stat
from collections.abc import AsyncIterator, Generator, Sequence
from datetime import UTC, datetime
from io import FileIO
from itertools import islice
from pathlib import Path
from uuid import UUID

from tertulia.core.clock import Clock
from tertulia.core.errors import Conflict
from tertulia.core.storage import disk
from tertulia.core.storage.disk import away
from tertulia.core.storage.keys import require_key
from tertulia.core.storage.storage import Missing, Stored

LEFT_OVER = 86_400.0  # seconds after which nobody can still be writing it
WALKED_AT_ONCE = 500


class LocalStorage:
    """`folder` is made at the first write. With a `clock`, lists clear away what a process left
    half-written when it died."""

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self._folder = folder
        self._clock = clock

    async def put(self, key: str, source: Path) -> None:
        place = self.path(key)
        await away(lambda: disk.move(source, place))

    async def write(self, key: str, data: bytes) -> None:
        place = self.path(key)
        await away(lambda: disk.write(place, data))

    async def read(self, key: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        async for block in disk.read(self.path(key), start, stop):
            yield block

    async def size(self, key: str) -> int:
        place = self.path(key)
        status = await away(place.stat)
        if not stat.S_ISREG(status.st_mode):
            raise Missing(key)
        return status.st_size

    async def remove(self, keys: Sequence[str]) -> None:
        places = [self.path(key) for key in keys]
        await away(lambda: disk.remove(places))

    async def list(self, prefix: str) -> AsyncIterator[Stored]:
        before = self._clock.now().timestamp() - LEFT_OVER if self._clock else 0.0
        walk = _walk(self._folder, prefix, before)
        while batch := await away(lambda: list(islice(walk, WALKED_AT_ONCE))):
            for stored in batch:
                yield stored

    async def fetch(self, key: str, target: Path) -> None:
        place = self.path(key)
        await away(lambda: disk.copy(place, target))

    def path(self, key: str) -> Path:
        return self._folder / require_key(key)

    async def link(self, key: str, seconds: int, headers: dict[str, str]) -> None:
        del key, seconds, headers

    async def probe(self) -> None:
        nearest = next(each for each in (self._folder, *self._folder.parents) if each.exists())
        await away(lambda: _require_writable(nearest))


class LocalIncoming:
    """One file for each upload, in `folder`, which lies on the same disk as the storage."""

    def __init__(self, folder: Path, storage: LocalStorage) -> None:
        self._folder = folder
        self._storage = storage

    async def begin(self, id_: UUID) -> None:
        def make() -> None:
            disk.make_folder(self._folder)
            self._place(id_).touch()
            disk.sync(self._place(id_))
            disk.sync(self._folder)

        await away(make)

    async def append(self, id_: UUID, offset: int, data: AsyncIterator[bytes]) -> int:
        file = await away(lambda: self._place(id_).open("r+b", buffering=0))
        try:
            if await away(lambda: file.seek(0, os.SEEK_END)) != offset:
                raise Conflict("The upload stands elsewhere.")
            try:
                async for block in data:
                    await disk.to_the_end(
                        away(lambda block=block: disk.write_all(file.fileno(), block))
                    )
            finally:
                # Also when the client was cut off: what came is kept, and told by `size`.
                await disk.to_the_end(away(lambda: _settle(file, offset)))
            return await away(file.tell)
        finally:
            file.close()

    async def size(self, id_: UUID) -> int:
        """Synced first: a server killed with bytes in the machine's memory told nobody of them, but
        this one does, and a power cut may follow."""

        def look() -> int:
            with self._place(id_).open("rb") as file:
                os.fsync(file.fileno())
                return os.fstat(file.fileno()).st_size

        return await away(look)

    async def cut(self, id_: UUID, size: int) -> None:
        def shorten() -> None:
            with self._place(id_).open("r+b") as file:
                file.truncate(min(size, os.fstat(file.fileno()).st_size))
                os.fsync(file.fileno())

        await away(shorten)

    async def join(self, id_: UUID, parts: Sequence[UUID]) -> int:
        return await away(
            lambda: disk.join(self._place(id_), [self._place(part) for part in parts])
        )

    async def read(
        self, id_: UUID, start: int = 0, stop: int | None = None
    ) -> AsyncIterator[bytes]:
        async for block in disk.read(self._place(id_), start, stop):
            yield block

    async def begun(self) -> AsyncIterator[tuple[UUID, datetime]]:
        walk = _walk(self._folder, "", 0.0)
        while batch := await away(lambda: list(islice(walk, WALKED_AT_ONCE))):
            for stored in batch:
                yield UUID(stored.key), stored.changed_at

    async def fetch(self, id_: UUID, target: Path) -> None:
        await away(lambda: disk.copy(self._place(id_), target))

    async def promote(self, id_: UUID, key: str) -> None:
        source, place = self._place(id_), self._storage.path(key)

        def move() -> None:
            if place.exists():
                disk.remove([source])
            else:
                disk.move(source, place)

        await away(move)

    async def remove(self, id_: UUID) -> None:
        await away(lambda: disk.remove([self._place(id_)]))

    def _place(self, id_: UUID) -> Path:
        return self._folder / str(id_)


def _settle(file: FileIO, offset: int) -> None:
    """Sync what came; where the disk refuses, forget it: nobody may be told of it."""
    try:
        os.fsync(file.fileno())
    except OSError:
        file.truncate(offset)
        raise


def _require_writable(folder: Path) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(f"{folder} cannot be written")


def _walk(folder: Path, prefix: str, before: float) -> Generator[Stored]:
    """Everything but what is being written right now; what was begun `before` goes."""
    for parent, _, names in os.walk(folder / prefix, onerror=_raise):
        for name in names:
            path = Path(parent, name)
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            if not name.startswith("."):
                key = path.relative_to(folder).as_posix()
                yield Stored(key, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))
            elif status.st_mtime < before:
                path.unlink(missing_ok=True)


def _raise(error: OSError) -> None:
    """An empty list must mean that nothing is there, and not that nobody could look."""
    if not isinstance(error, FileNotFoundError):
        raise error
