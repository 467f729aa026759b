"""Membership by socket: commands in."""

from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.commands import Command
from tertulia.core.grouping import Grouping
from tertulia.features.members.service import Reading
from tertulia.features.rooms.schemas import MarkRead


class ReadIn(MarkRead, frozen=True, kw_only=True):
    room_id: UUID


def commands(reading: Grouping[Reading, None]) -> list[Command]:
    async def read(actor: Actor, request: ReadIn) -> None:
        """When a crowd reads at once it shares commits."""
        wanted = Reading(actor, request.room_id, request.seq)
        await reading.submit(actor.account_id, wanted)

    return [Command("room.read", ReadIn, read)]
