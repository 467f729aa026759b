"""What a folder of this machine promises beyond what all storages do: to survive a power cut."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.support.clock import START, HandClock

from tertulia.core.storage import LocalIncoming, LocalStorage, StorageAway


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


class Disk:
    """What was synced, in order: files by their bytes then, folders by their names."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.synced: list[tuple[Path, Any]] = []
        self.broken = False
        self._sync = os.fsync
        monkeypatch.setattr(os, "fsync", self.sync)

    def sync(self, descriptor: int) -> None:
        if self.broken:
            raise OSError(5, "Input/output error")
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        self.synced.append((path, names(path) if path.is_dir() else path.read_bytes()))
        self._sync(descriptor)

    def survives(self, path: Path, data: bytes, *, grown: bool = False) -> bool:
        """After a power cut: its bytes were synced, then (but for what grows under its name) the
        name in its folder; and every folder in the one above it."""
        contents = [held for _, held in self.synced]
        if data not in contents:
            return False
        later = self.synced if grown else self.synced[contents.index(data) :]
        named = any(at == path.parent and path.name in held for at, held in later)
        folders = [each for each in path.parents if each.name in {"ab", "blobs", "files"}]
        above = all(
            any(at == each.parent and each.name in held for at, held in self.synced)
            for each in folders
        )
        return named and above


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


async def test_what_is_written_survives_a_power_cut(disk: Disk, tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path / "files")
    await storage.write("blobs/ab/x", b"bytes")
    assert disk.survives(tmp_path / "files/blobs/ab/x", b"bytes")
    source = tmp_path / "source"
    source.write_bytes(b"taken over")
    await storage.put("blobs/ab/y", source)
    assert disk.survives(tmp_path / "files/blobs/ab/y", b"taken over")


async def test_an_upload_survives_a_power_cut(disk: Disk, tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path / "files")
    incoming = LocalIncoming(tmp_path / "files" / "incoming", storage)
    id_ = uuid4()
    place = tmp_path / "files" / "incoming" / str(id_)
    await incoming.begin(id_)
    await incoming.append(id_, 0, sent(b"all of it"))
    assert disk.survives(place, b"all of it", grown=True)
    await incoming.cut(id_, 3)
    assert disk.synced[-1] == (place, b"all"), "what was cut off does not come back"
    await incoming.promote(id_, "blobs/ab/z")
    assert disk.survives(tmp_path / "files/blobs/ab/z", b"all")


async def test_what_a_killed_server_wrote_is_synced_before_it_is_told(
    disk: Disk, tmp_path: Path
) -> None:
    incoming = LocalIncoming(tmp_path, LocalStorage(tmp_path))
    id_ = uuid4()
    (tmp_path / str(id_)).write_bytes(b"in the machine's memory alone")
    assert await incoming.size(id_) == 29
    assert (tmp_path / str(id_), b"in the machine's memory alone") in disk.synced


async def test_what_could_not_be_synced_is_forgotten(disk: Disk, tmp_path: Path) -> None:
    """A second fsync would succeed, and lie."""
    incoming = LocalIncoming(tmp_path, LocalStorage(tmp_path))
    id_ = uuid4()
    await incoming.begin(id_)
    await incoming.append(id_, 0, sent(b"kept"))
    disk.broken = True
    with pytest.raises(StorageAway):
        await incoming.append(id_, 4, sent(b" lost"))
    disk.broken = False
    assert await incoming.size(id_) == 4


async def test_what_a_dead_process_left_half_written_goes(tmp_path: Path) -> None:
    clock = HandClock()
    storage = LocalStorage(tmp_path, clock)
    await storage.write("blobs/x", b"x")
    for name, age in {".old.1": 90_000, ".new.2": 60}.items():
        (tmp_path / "blobs" / name).write_bytes(b"half")
        os.utime(tmp_path / "blobs" / name, (at := START.timestamp() - age, at))
    assert [each.key async for each in storage.list("blobs/")] == ["blobs/x"]
    assert names(tmp_path / "blobs") == {".new.2", "x"}


async def sent(data: bytes) -> AsyncIterator[bytes]:
    yield data
