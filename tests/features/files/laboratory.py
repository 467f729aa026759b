"""Uploads that wait to be looked at, and the one who looks."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import imageio_ffmpeg
import pytest
from tests.features.sync.conftest import House
from tests.support.jobs import worker
from tests.support.world import Person

from tertulia.core.clamd import Scanner
from tertulia.core.failpoints import Failpoints
from tertulia.core.film import Jail
from tertulia.core.images import Studio
from tertulia.core.storage import LocalIncoming, LocalStorage
from tertulia.features.files import service as files
from tertulia.features.files.jobs import Settling, jobs
from tertulia.features.files.jobs.looking import Looking
from tertulia.features.files.schemas import File
from tertulia.features.files.service import Received

TEXT = b"good evening\n"


async def blocks(data: bytes) -> AsyncIterator[bytes]:
    yield data


@pytest.fixture
async def studio() -> AsyncIterator[Studio]:
    studio = Studio()
    yield studio
    await studio.close()


@pytest.fixture
def settling(tmp_path: Path, studio: Studio) -> Settling:
    storage = LocalStorage(tmp_path / "files")
    incoming = LocalIncoming(tmp_path / "files" / "incoming", storage)
    cells = tmp_path / "cells"
    jail = Jail(cells, Path(imageio_ffmpeg.get_ffmpeg_exe()))
    return Settling(storage, incoming, Looking(studio, jail), cells, Failpoints())


async def upload(
    house: House, settling: Settling, data: bytes, who: Person | None = None, name: str = "a.txt"
) -> File:
    """To the channel, by alice."""
    id_ = house.world.ids.uuid7()
    await settling.incoming.begin(id_)
    await settling.incoming.append(id_, 0, blocks(data))
    received = Received(id_, name, len(data))
    return await house.world.write(files.receive, who or house.alice, house.channel, received)


async def work(house: House, settling: Settling, seed: int = 7) -> None:
    process = worker(house.world, *jobs(settling), seed=seed)
    await process.run_due()
    await process.close()


async def now(house: House, file: File, who: Person | None = None) -> File:
    return await house.world.read(files.get_file, who or house.alice, file.room_id, file.id)


async def stored(settling: Settling, prefix: str = "blobs/") -> list[str]:
    return sorted([one.key async for one in settling.storage.list(prefix)])


def scanning(settling: Settling, url: str, *, required: bool = False) -> Settling:
    return replace(settling, scanner=Scanner(url, 1 << 20), required=required)
