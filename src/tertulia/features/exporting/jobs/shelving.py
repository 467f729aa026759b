"""The files that come along: which, and their bytes into the archive."""

import asyncio
import zipfile
from typing import NamedTuple
from uuid import UUID

import structlog

from tertulia.core.actor import Actor
from tertulia.core.db import Database
from tertulia.core.errors import AppError
from tertulia.core.storage import Missing, Storage, StorageAway
from tertulia.features.exporting.policy import MOST_BYTES, MOST_FILES
from tertulia.features.exporting.state import names
from tertulia.features.files import service as files
from tertulia.features.files.schemas import File

log = structlog.get_logger(__name__)


class Taken(NamedTuple):
    """A file, and its place in the archive."""

    room_id: UUID
    file_id: UUID
    place: str


class Shelf:
    """Files in the order they were met, as long as there is room for them. It holds names, never
    bytes."""

    def __init__(self, *, wanted: bool) -> None:
        self.taken: list[Taken] = []
        self._wanted = wanted
        self._left = MOST_BYTES

    def keep(self, file: File) -> str | None:
        """Where it will lie; None for one that stays behind."""
        fits = len(self.taken) < MOST_FILES and file.size <= self._left
        if not self._wanted or not fits or file.state != "ready":
            return None
        self._left -= file.size
        place = names.kept_file(file.id, file.name)
        self.taken.append(Taken(file.room_id, file.id, place))
        return place


async def fill(
    archive: zipfile.ZipFile, shelf: Shelf, db: Database, actor: Actor, storage: Storage
) -> None:
    """Their bytes, block by block. The right is asked for at each: what is gone meanwhile, or no
    longer theirs to read, stays out. Raises StorageAway."""
    for one in shelf.taken:
        try:
            async with db.read() as tx:
                held = await files.require_readable(tx, actor, one.room_id, one.file_id)
            if held.blob is not None:
                await _pour(archive, one.place, storage, held.blob.key)
        except StorageAway:
            raise
        except (AppError, Missing):
            log.info("export_file_left_out", file_id=str(one.file_id))


async def _pour(archive: zipfile.ZipFile, place: str, storage: Storage, key: str) -> None:
    await storage.size(key)  # or there would be an empty file where there is none
    # As it is: pictures and films are packed already.
    with archive.open(zipfile.ZipInfo(place), "w", force_zip64=True) as target:
        async for block in storage.read(key):
            await asyncio.to_thread(target.write, block)
