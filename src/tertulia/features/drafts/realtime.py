"""Drafts by socket: the command in, and how logged events are assembled again."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from tertulia.core.actor import Actor
from tertulia.core.commands import Command
from tertulia.core.db import Database
from tertulia.core.history import Hydrator, Point
from tertulia.core.tx import Tx
from tertulia.features.drafts import service
from tertulia.features.drafts.events import DraftChanged
from tertulia.features.drafts.schemas import SavedDraft, SaveDraft


class SaveDraftIn(SaveDraft, frozen=True, kw_only=True):
    room_id: UUID


def commands(db: Database) -> list[Command]:
    async def save(actor: Actor, request: SaveDraftIn) -> SavedDraft:
        return SavedDraft(
            draft=await db.write(lambda tx: service.save(tx, actor, request.room_id, request))
        )

    return [Command("draft.save", SaveDraftIn, save)]


async def _changed(tx: Tx, points: Sequence[Point]) -> Mapping[Point, bytes]:
    found = await service.logged_drafts(tx, points)
    return {point: msgspec.json.encode(fact) for point, fact in found.items()}


HYDRATORS: Mapping[str, Hydrator] = {DraftChanged.TYPE: _changed}
