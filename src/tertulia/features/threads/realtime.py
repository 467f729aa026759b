"""Threads by socket: commands in, and how logged events about threads are assembled again."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from tertulia.core.actor import Actor
from tertulia.core.commands import Command
from tertulia.core.db import Database
from tertulia.core.history import Hydrator, Point
from tertulia.core.tx import Tx
from tertulia.features.threads import service
from tertulia.features.threads.events import ThreadChanged
from tertulia.features.threads.schemas import ReadThread


class ReadThreadIn(ReadThread, frozen=True, kw_only=True):
    room_id: UUID
    root_id: UUID


def commands(db: Database) -> list[Command]:
    async def read(actor: Actor, request: ReadThreadIn) -> None:
        await db.write(
            lambda tx: service.read(tx, actor, request.room_id, request.root_id, request.seq)
        )

    return [Command("thread.read", ReadThreadIn, read)]


async def _changed(tx: Tx, points: Sequence[Point]) -> Mapping[Point, bytes]:
    found = await service.logged(tx, points)
    return {point: msgspec.json.encode(fact) for point, fact in found.items()}


HYDRATORS: Mapping[str, Hydrator] = {ThreadChanged.TYPE: _changed}
