"""What every storage promises of uploads: they grow, and what was told is there."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.core.storage.conftest import Place

from tertulia.core.errors import Conflict
from tertulia.core.storage import Incoming, Missing, StorageAway

BODY = os.urandom((9 << 20) + 11)


class CutOff(Exception):
    pass


async def sent(data: bytes, then: Exception | None = None) -> AsyncIterator[bytes]:
    for at in range(0, len(data), 1 << 16):
        yield data[at : at + (1 << 16)]
    if then is not None:
        raise then


async def whole(blocks: AsyncIterator[bytes]) -> bytes:
    return b"".join([block async for block in blocks])


async def begun(incoming: Incoming, data: bytes = b"") -> UUID:
    id_ = uuid4()
    await incoming.begin(id_)
    if data:
        assert await incoming.append(id_, 0, sent(data)) == len(data)
    return id_


async def test_it_grows(place: Place) -> None:
    incoming = place.incoming
    id_ = await begun(incoming)
    assert await incoming.size(id_) == 0
    await incoming.begin(id_)  # again
    at = 0
    for step in (1, 70_000, 5 << 20, len(BODY)):
        part = BODY[at : at + step]
        at = await incoming.append(id_, at, sent(part))
        assert await incoming.size(id_) == at
    await incoming.begin(id_)
    assert at == len(BODY)
    assert await incoming.append(id_, at, sent(b"")) == at
    assert await whole(incoming.read(id_)) == BODY


@pytest.mark.parametrize("stop", [None, 5 << 20, 3])
@pytest.mark.parametrize("start", [0, 2, (4 << 20) - 1, len(BODY)])
async def test_ranges(place: Place, start: int, stop: int | None) -> None:
    id_ = await begun(place.incoming, BODY)
    assert await whole(place.incoming.read(id_, start, stop)) == BODY[start:stop]


async def test_what_came_before_the_cut_is_kept(place: Place) -> None:
    incoming = place.incoming
    id_ = await begun(incoming)
    came = BODY[: (5 << 20) + 3]
    with pytest.raises(CutOff):
        await incoming.append(id_, 0, sent(came, CutOff()))
    assert await incoming.size(id_) == len(came)
    assert await incoming.append(id_, len(came), sent(BODY[len(came) :])) == len(BODY)
    assert await whole(incoming.read(id_)) == BODY


async def test_who_is_cancelled_keeps_what_came(place: Place) -> None:
    incoming = place.incoming
    id_ = await begun(incoming)
    came = asyncio.Event()

    async def stalls() -> AsyncIterator[bytes]:
        yield BODY[: 5 << 20]
        came.set()
        await asyncio.Event().wait()

    writing = asyncio.create_task(incoming.append(id_, 0, stalls()))
    await came.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert await incoming.size(id_) == 5 << 20
    assert await whole(incoming.read(id_)) == BODY[: 5 << 20]


async def test_one_writes_only_at_the_end(place: Place) -> None:
    id_ = await begun(place.incoming, b"twelve bytes")
    for offset in (0, 5, 13):
        with pytest.raises(Conflict):
            await place.incoming.append(id_, offset, sent(b"x"))
    assert await whole(place.incoming.read(id_)) == b"twelve bytes"


@pytest.mark.parametrize("size", [0, 1, 4 << 20, (4 << 20) + 1, len(BODY), len(BODY) + 5])
async def test_what_is_cut_is_gone(place: Place, size: int) -> None:
    incoming = place.incoming
    id_ = await begun(incoming, BODY)
    await incoming.cut(id_, size)
    kept = BODY[:size]
    assert await incoming.size(id_) == len(kept)
    assert await incoming.append(id_, len(kept), sent(b"new")) == len(kept) + 3
    assert await whole(incoming.read(id_)) == kept + b"new"


async def test_parts_become_one(place: Place) -> None:
    incoming = place.incoming
    parts = [await begun(incoming, data) for data in (BODY, b"", b"middle", BODY[:100])]
    id_ = await begun(incoming)
    for _ in range(2):  # again, after a crash
        assert await incoming.join(id_, parts) == len(BODY) + 106
    assert await whole(incoming.read(id_)) == BODY + b"middle" + BODY[:100]
    assert await whole(incoming.read(parts[0])) == BODY


async def test_it_becomes_a_thing(place: Place, tmp_path: Path) -> None:
    for data in (b"", b"small", BODY):
        id_, key = await begun(place.incoming, data), f"blobs/{uuid4()}"
        await place.incoming.fetch(id_, tmp_path / "copy")
        assert (tmp_path / "copy").read_bytes() == data
        await place.incoming.promote(id_, key)
        assert await whole(place.storage.read(key)) == data
        with pytest.raises(Missing):
            await place.incoming.size(id_)
        await place.incoming.promote(id_, key)  # again, after a crash
        assert await place.storage.size(key) == len(data)


async def test_what_is_there_is_left(place: Place) -> None:
    """A crash came between making the thing and throwing the upload away."""
    id_ = await begun(place.incoming, b"twelve bytes")
    await place.storage.write("blobs/x", b"twelve bytes")
    await place.incoming.promote(id_, "blobs/x")
    assert await whole(place.storage.read("blobs/x")) == b"twelve bytes"
    with pytest.raises(Missing):
        await place.incoming.size(id_)


async def test_what_was_never_begun_is_missing(place: Place, tmp_path: Path) -> None:
    incoming, nobody = place.incoming, uuid4()
    await incoming.remove(nobody)
    with pytest.raises(Missing):
        await incoming.size(nobody)
    with pytest.raises(Missing):
        await incoming.append(nobody, 0, sent(b"x"))
    with pytest.raises(Missing):
        await incoming.cut(nobody, 0)
    with pytest.raises(Missing):
        await whole(incoming.read(nobody))
    with pytest.raises(Missing):
        await incoming.fetch(nobody, tmp_path / "copy")
    with pytest.raises(Missing):
        await incoming.promote(nobody, "blobs/nobody")
    with pytest.raises(Missing):
        await incoming.join(await begun(incoming), [nobody])


async def test_what_is_removed_is_gone(place: Place) -> None:
    stays, goes = await begun(place.incoming, b"one"), await begun(place.incoming, BODY)
    assert {id_ async for id_, _ in place.incoming.begun()} == {stays, goes}
    for _ in range(2):
        await place.incoming.remove(goes)
    with pytest.raises(Missing):
        await place.incoming.size(goes)
    assert [id_ async for id_, _ in place.incoming.begun()] == [stays]


async def test_a_storage_that_goes_away_keeps_what_it_told(place: Place) -> None:
    id_ = await begun(place.incoming, b"one")
    place.take_away()
    with pytest.raises(StorageAway):
        await place.incoming.append(id_, 3, sent(b"x"))
    with pytest.raises(StorageAway):
        await place.incoming.size(id_)
    with pytest.raises(StorageAway):
        await place.incoming.promote(id_, "blobs/x")
    with pytest.raises(StorageAway):
        await place.incoming.begin(uuid4())
