"""Writing a backup: into a folder that may hold an earlier one, or into one new file (tar)."""

import hashlib
import os
import tarfile
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol

from tertulia.core.backups.manifest import (
    FOLDER,
    MANIFEST,
    OBJECTS,
    Listed,
    from_lines,
)

ENDING = ".tar"
NEW = ".new-"  # before the name of a page of a backup that is not whole yet


class Writing(Protocol):
    """Where a backup is written to. Everything is for its owner alone (mode 0600)."""

    def known(self) -> dict[str, Listed]:
        """What lies there already, by key."""
        ...

    def scratch(self) -> Path:
        """A place for a file that `take` is given."""
        ...

    def take(self, name: str, source: Path) -> None:
        """A page or an object, by its name in the backup; `source` is gone then."""
        ...

    def close(self) -> None:
        """It is whole, and on disk."""
        ...

    def prune(self, keep: set[str]) -> int:
        """Throw away objects whose keys are not in `keep`; how many."""
        ...


@contextmanager
def write_backup(place: Path) -> Generator[Writing]:
    """A name that ends in `.tar` is a file, any other a folder."""
    writing: BackupFile | BackupFolder
    writing = BackupFile(place) if place.name.endswith(ENDING) else BackupFolder(place)
    try:
        yield writing
    finally:
        writing.clear()


class BackupFolder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._scratch = folder / ".scratch"

    def known(self) -> dict[str, Listed]:
        try:
            listed = {one.key: one for one in from_lines((self._folder / OBJECTS).read_text())}
        except (FileNotFoundError, ValueError):
            return {}
        return {key: one for key, one in listed.items() if self._is_there(one)}

    def _is_there(self, one: Listed) -> bool:
        try:
            return (self._folder / FOLDER / one.key).stat().st_size == one.size
        except FileNotFoundError:
            return False

    def scratch(self) -> Path:
        return self._scratch

    def take(self, name: str, source: Path) -> None:
        source.chmod(0o600)
        if name == MANIFEST:
            os.sync()  # all of it is on disk before it is said to be whole
            for page in self._pages():
                page.replace(self._folder / page.name.removeprefix(NEW))
        is_page = name != MANIFEST and not name.startswith(FOLDER)
        # Pages wait until the end: killed before, the backup of the time before is whole.
        place = self._folder / (NEW + name if is_page else name)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        source.replace(place)

    def _pages(self) -> list[Path]:
        return list(self._folder.glob(f"{NEW}*"))

    def close(self) -> None:
        os.sync()

    def clear(self) -> None:
        for path in (self._scratch, *self._pages()):
            path.unlink(missing_ok=True)

    def prune(self, keep: set[str]) -> int:
        root = self._folder / FOLDER
        stale = [
            path
            for path in root.rglob("*")
            if path.is_file() and path.relative_to(root).as_posix() not in keep
        ]
        for path in stale:
            path.unlink()
            with suppress(OSError):  # not empty
                path.parent.rmdir()
        return len(stale)


class BackupFile:
    """Written beside its place, and renamed when it is whole. Nothing is compressed: films and
    pictures are already."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._new = place.with_name(f".{place.name}.new")
        self._scratch = place.with_name(f".{place.name}.scratch")
        place.parent.mkdir(parents=True, exist_ok=True)
        self._tar = tarfile.open(self._new, "w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._new.chmod(0o600)
        self._open = True

    def known(self) -> dict[str, Listed]:
        return {}

    def scratch(self) -> Path:
        return self._scratch

    def take(self, name: str, source: Path) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = source.stat().st_size, 0o600
        with source.open("rb") as content:
            self._tar.addfile(info, content)
        source.unlink()

    def close(self) -> None:
        self._end()
        with self._new.open("rb") as written:
            os.fsync(written.fileno())
        self._new.rename(self._place)

    def clear(self) -> None:
        self._end()
        self._new.unlink(missing_ok=True)
        self._scratch.unlink(missing_ok=True)

    def prune(self, keep: set[str]) -> int:
        del keep
        return 0

    def _end(self) -> None:
        if self._open:
            self._open = False
            self._tar.close()


async def pour(blocks: AsyncIterator[bytes], target: Path) -> tuple[str, int]:
    """Into a file that only its owner reads; the sha256 of it, and its size in bytes."""
    digest, size = hashlib.sha256(), 0
    with _private(target) as file:
        async for block in blocks:
            digest.update(block)
            size += len(block)
            file.write(block)
    return digest.hexdigest(), size


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _private(path: Path) -> Generator[IO[bytes]]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        yield file
