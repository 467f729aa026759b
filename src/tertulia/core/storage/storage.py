"""What every storage can do."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol, runtime_checkable
from uuid import UUID

from tertulia.core.errors import AppError

BLOCK = 1 << 18  # bytes: of one read or write, so of what is held of a file in memory


class Missing(LookupError):
    """Nothing lies under that key."""


class StorageAway(AppError):
    """The disk or the bucket does not answer, or is full. What was there is there still."""

    code, status, title = "storage_unavailable", 503, "The file storage is not available"


class Stored(NamedTuple):
    """`size` in bytes."""

    key: str
    size: int
    changed_at: datetime


@runtime_checkable  # Litestar looks at what it hands to routes
class Storage(Protocol):
    """Every method raises StorageAway. What `put` and `write` have returned from is durable, and is
    all there or not there at all to whoever reads at the same time."""

    async def put(self, key: str, source: Path) -> None:
        """Take over a file of this machine: it is gone from `source` then."""
        ...

    async def write(self, key: str, data: bytes) -> None: ...

    def read(self, key: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` up to before `stop`, in blocks. Raises Missing."""
        ...

    async def size(self, key: str) -> int:
        """In bytes. Raises Missing."""
        ...

    async def remove(self, keys: Sequence[str]) -> None:
        """What is not there is passed over."""
        ...

    def list(self, prefix: str) -> AsyncIterator[Stored]:
        """Everything under `prefix` (`blobs/`), in no order."""
        ...

    async def fetch(self, key: str, target: Path) -> None:
        """A copy of its own at `target`, for who needs a file: a child process. Raises Missing."""
        ...

    def path(self, key: str) -> Path | None:
        """Where it lies on this machine's disk; None where storage is elsewhere."""
        ...

    async def link(self, key: str, seconds: int, headers: dict[str, str]) -> str | None:
        """A URL by which whoever holds it reads these bytes from the storage itself, answered with
        these headers (`content-type`, `content-disposition`, `cache-control`). None where the
        storage has none."""
        ...

    async def probe(self) -> None:
        """Raises StorageAway where it could not be written now."""
        ...


@runtime_checkable
class Incoming(Protocol):
    """Uploads that grow. What `append` and `size` have told is durable: a server that dies goes on
    from there. One upload has one writer at a time (the caller's lock)."""

    async def begin(self, id_: UUID) -> None: ...

    async def append(self, id_: UUID, offset: int, data: AsyncIterator[bytes]) -> int:
        """Write from `offset`, which is its size; answers its new size. When `data` ends in an
        error all that came before is kept, and the error is raised. Raises Missing, StorageAway,
        and Conflict where its size is another."""
        ...

    async def size(self, id_: UUID) -> int:
        """Raises Missing."""
        ...

    async def cut(self, id_: UUID, size: int) -> None:
        """Forget what came after `size`: a chunk whose checksum was wrong. Raises Missing."""
        ...

    async def join(self, id_: UUID, parts: Sequence[UUID]) -> int:
        """Make one of finished parts, in that order, which are left as they are. Answers its
        size. Raises Missing."""
        ...

    def read(self, id_: UUID, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        """As in `Storage`."""
        ...

    def begun(self) -> AsyncIterator[tuple[UUID, datetime]]:
        """Every upload that has been begun, with when it changed last; in no order."""
        ...

    async def fetch(self, id_: UUID, target: Path) -> None:
        """As in `Storage`."""
        ...

    async def promote(self, id_: UUID, key: str) -> None:
        """It becomes a thing of the storage. Again after a crash in between: nothing is lost, and
        what is there already is left. Raises Missing where neither is there."""
        ...

    async def remove(self, id_: UUID) -> None:
        """What is not there is passed over."""
        ...
