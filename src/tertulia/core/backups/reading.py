"""Reading a backup, and not believing it."""

import hashlib
import tarfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from tertulia.core.backups.manifest import (
    DUMP,
    FOLDER,
    FORMAT,
    MANIFEST,
    OBJECTS,
    SECRET,
    Listed,
    Manifest,
    from_lines,
)

BLOCK = 1 << 18


class BadBackup(Exception):
    """What is wrong with it."""


class Backup:
    """An open backup. `objects` are what it holds."""

    def __init__(self, place: Path, tar: tarfile.TarFile | None) -> None:
        self._place = place
        self._tar = tar
        try:
            self.manifest = msgspec.json.decode(self._page(MANIFEST), type=Manifest)
        except (KeyError, FileNotFoundError, NotADirectoryError):
            raise BadBackup(f"{place} holds no backup, or one that was never finished") from None
        except msgspec.MsgspecError as error:
            raise BadBackup(f"{MANIFEST} cannot be read ({error})") from None
        if self.manifest.format != FORMAT:
            raise BadBackup(f"it is of format {self.manifest.format}, and this program reads 1")
        listed = self._page(OBJECTS)
        if hashlib.sha256(listed).hexdigest() != self.manifest.objects_sha256:
            raise BadBackup(f"{OBJECTS} is damaged")
        try:
            self.objects = list(from_lines(listed.decode()))
        except ValueError as error:
            raise BadBackup(str(error)) from None

    def dump(self, target: Path) -> None:
        """The database's, as a file. Raises BadBackup."""
        digest = hashlib.sha256()
        with self._open(DUMP) as source, target.open("wb") as file:
            while block := source.read(BLOCK):
                digest.update(block)
                file.write(block)
        if digest.hexdigest() != self.manifest.dump_sha256:
            raise BadBackup(f"{DUMP} is damaged")

    def secret(self) -> str | None:
        try:
            return self._page(SECRET).decode()
        except (KeyError, FileNotFoundError):
            return None

    def read(self, one: Listed) -> Iterator[bytes]:
        """An object's bytes. Raises BadBackup after the last of them where they are not the ones
        that were put in."""
        digest = hashlib.sha256()
        try:
            with self._open(FOLDER + one.key) as source:
                while block := source.read(BLOCK):
                    digest.update(block)
                    yield block
        except (KeyError, FileNotFoundError):
            raise BadBackup(f"{one.key} is missing") from None
        if digest.hexdigest() != one.sha256:
            raise BadBackup(f"{one.key} is damaged")

    def _page(self, name: str) -> bytes:
        with self._open(name) as file:
            return file.read()

    def _open(self, name: str) -> IO[bytes]:
        if self._tar is None:
            return (self._place / name).open("rb")
        found = self._tar.extractfile(name)
        if found is None:
            raise KeyError(name)
        return found


@contextmanager
def open_backup(place: Path) -> Generator[Backup]:
    """Raises BadBackup."""
    if place.is_dir():
        yield Backup(place, None)
        return
    try:
        tar = tarfile.open(place, "r:")  # noqa: SIM115 — closed below
    except (tarfile.TarError, OSError) as error:
        raise BadBackup(f"{place} is no backup ({error})") from None
    with tar:
        yield Backup(place, tar)
