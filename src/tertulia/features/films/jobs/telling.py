"""Telling whoever has a film how it stands, and how far it is."""

from uuid import UUID

import msgspec

from tertulia.core.bus import Notice
from tertulia.core.db import Database
from tertulia.core.streams import account_stream, room_stream
from tertulia.core.tx import Tx
from tertulia.features.files import service as files
from tertulia.features.films import service
from tertulia.features.films.events import FilmProgress


async def tell(db: Database, blob_id: UUID) -> None:
    """Every room that has it, each in a transaction of its own."""
    async with db.read() as tx:
        room_ids = await service.rooms_of(tx, blob_id)
    for room_id in room_ids:
        await db.write(lambda tx, room_id=room_id: service.tell(tx, room_id, blob_id))


async def tell_progress(
    tx: Tx, blob_id: UUID, rung: str, percent: int, speed: float, seconds_left: int
) -> None:
    """To the rooms that have it, and to who has not sent it yet. It may be lost."""
    for holder in await files.holders(tx, blob_id):
        progress = FilmProgress(
            room_id=holder.room_id,
            file_id=holder.file_id,
            rung=rung,
            percent=percent,
            speed=round(speed, 1),
            seconds_left=seconds_left,
        )
        sent = holder.message_id is not None
        stream = room_stream(holder.room_id) if sent else account_stream(holder.account_id)
        tx.hint(Notice(stream.name, 0, FilmProgress.TYPE, msgspec.json.encode(progress)))
