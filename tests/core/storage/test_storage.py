"""What every storage promises: things under keys."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.core.storage.conftest import Place

from tertulia.core.storage import Missing, Storage, StorageAway

LARGE = os.urandom(9 << 20)  # more than is sent in one request


async def whole(blocks: AsyncIterator[bytes]) -> bytes:
    return b"".join([block async for block in blocks])


async def keys(storage: Storage, prefix: str) -> set[str]:
    return {stored.key async for stored in storage.list(prefix)}


async def test_what_is_written_is_read(place: Place) -> None:
    storage = place.storage
    for key, data in {"blobs/a/b.c": b"one", "renditions/x": b"", "films/large": LARGE}.items():
        await storage.write(key, data)
        assert await whole(storage.read(key)) == data
        assert await storage.size(key) == len(data)


async def test_a_file_is_taken_over(place: Place, tmp_path: Path) -> None:
    for name, data in {"small": b"small", "large": LARGE, "empty": b""}.items():
        source = tmp_path / name
        source.write_bytes(data)
        await place.storage.put(f"blobs/{name}", source)
        assert not source.exists()
        assert await whole(place.storage.read(f"blobs/{name}")) == data


@pytest.mark.parametrize(
    ("start", "stop"),
    [(0, None), (0, 4), (4, 6), (9, None), (4, 100), (0, 0), (5, 5), (10, None), (12, 20), (6, 2)],
)
async def test_ranges(place: Place, start: int, stop: int | None) -> None:
    data = b"0123456789"
    await place.storage.write("blobs/ten", data)
    assert await whole(place.storage.read("blobs/ten", start, stop)) == data[start:stop]


async def test_a_large_thing_comes_in_blocks(place: Place) -> None:
    await place.storage.write("blobs/large", LARGE)
    blocks = [block async for block in place.storage.read("blobs/large", 5, len(LARGE) - 7)]
    assert b"".join(blocks) == LARGE[5:-7]
    assert max(map(len, blocks)) <= 1 << 20


async def test_what_is_not_there_is_missing(place: Place, tmp_path: Path) -> None:
    storage = place.storage
    await storage.write("blobs/ab/there", b"x")
    for key in ("blobs/nowhere", "blobs/ab", "blobs/ab/there/below"):
        with pytest.raises(Missing):
            await storage.size(key)
    with pytest.raises(Missing):
        await whole(storage.read("blobs/nowhere", 3, 9))
    with pytest.raises(Missing):
        await storage.fetch("blobs/nowhere", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


async def test_what_is_removed_is_gone(place: Place) -> None:
    storage = place.storage
    for name in "abc":
        await storage.write(f"blobs/{name}", b"x")
    await storage.remove(["blobs/a", "blobs/never", "blobs/c"])
    await storage.remove(["blobs/a"])
    await storage.remove([])
    assert await keys(storage, "blobs/") == {"blobs/b"}


async def test_a_list_is_of_one_prefix(place: Place) -> None:
    storage = place.storage
    for key in ("blobs/x/1", "blobs/2", "blobsy/3", "renditions/4"):
        await storage.write(key, b"12")
    assert await keys(storage, "blobs/") == {"blobs/x/1", "blobs/2"}
    assert await keys(storage, "films/") == set()
    [stored] = [each async for each in storage.list("renditions/")]
    assert stored.size == 2
    assert stored.changed_at.tzinfo is not None


async def test_a_copy_is_ones_own(place: Place, tmp_path: Path) -> None:
    await place.storage.write("blobs/x", LARGE)
    await place.storage.fetch("blobs/x", tmp_path / "copy")
    (tmp_path / "copy").write_bytes(b"mine")
    assert await whole(place.storage.read("blobs/x")) == LARGE


@pytest.mark.parametrize(
    "key",
    [
        *("", "blobs", "/blobs/x", "blobs/../../etc/passwd", "blobs/.hidden", "blobs//x"),
        *("blobs/x/", "blobs/a b", "blobs/ü", "blobs/x\0", "blobs/x\n", "../x", "BLOBS/x"),
        f"blobs/{'x' * 600}",
    ],
)
async def test_a_bad_key_is_refused(place: Place, tmp_path: Path, key: str) -> None:
    storage = place.storage
    source = tmp_path / "source"
    source.write_bytes(b"x")
    with pytest.raises(ValueError, match="no key"):
        await storage.write(key, b"x")
    with pytest.raises(ValueError, match="no key"):
        await storage.put(key, source)
    with pytest.raises(ValueError, match="no key"):
        await whole(storage.read(key))
    with pytest.raises(ValueError, match="no key"):
        await storage.size(key)
    with pytest.raises(ValueError, match="no key"):
        await storage.remove([key])
    assert source.exists()


async def test_a_storage_that_is_away_says_so(place: Place, tmp_path: Path) -> None:
    storage = place.storage
    await storage.write("blobs/x", b"x")
    await storage.probe()
    place.take_away()
    source = tmp_path / "source"
    source.write_bytes(b"x")
    with pytest.raises(StorageAway):
        await storage.write("blobs/y", b"y")
    with pytest.raises(StorageAway):
        await storage.put("blobs/y", source)
    with pytest.raises(StorageAway):
        await storage.size("blobs/x")
    with pytest.raises(StorageAway):
        await whole(storage.read("blobs/x"))
    with pytest.raises(StorageAway):
        await storage.remove(["blobs/x"])
    with pytest.raises(StorageAway):
        await keys(storage, "blobs/")
    assert source.exists(), "what was not taken over is still its owner's"
