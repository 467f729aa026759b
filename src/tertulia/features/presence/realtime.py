"""Commands of presence."""

from uuid import UUID

import msgspec

from tertulia.core.actor import Actor
from tertulia.core.bus import Bus, Notice
from tertulia.core.commands import Command
from tertulia.core.db import Database
from tertulia.core.gateway import Connection
from tertulia.core.limits import Bucket, Limiter
from tertulia.core.streams import room_stream
from tertulia.features.presence import service
from tertulia.features.presence.events import Typing
from tertulia.features.presence.live import PresenceLive
from tertulia.features.presence.schemas import ListPresence, PresenceList, SetPresence, Type
from tertulia.features.rooms.service import Can

TYPING = Bucket("typing", 20, 20, hot=True)


def commands(db: Database, bus: Bus, limiter: Limiter, presence: PresenceLive) -> list[Command]:
    async def type_(actor: Actor, request: Type, conn: Connection) -> None:
        await limiter.hit(TYPING, str(actor.account_id))
        topic = room_stream(request.room_id).name
        right = Can.POST if request.thread is None else Can.REPLY
        if not presence.typists.may(conn, actor.account_id, topic, right):
            async with db.read() as tx:
                await service.require_typing(tx, actor, request.room_id, right)
            presence.typists.allow(actor.account_id, topic, right)
        typing = Typing(
            room_id=request.room_id,
            account_id=actor.account_id,
            active=request.active,
            thread=request.thread,
        )
        bus.publish(Notice(topic, 0, Typing.TYPE, msgspec.json.encode(typing)))

    async def set_presence(actor: Actor, request: SetPresence, conn: Connection) -> None:
        presence.set_state(conn, actor.account_id, away=request.state == "away")

    async def list_presence(actor: Actor, request: ListPresence) -> PresenceList:
        async with db.read() as tx:
            found = await service.audience(tx, actor, request.room_id, request.account_ids)

        if found.everybody is None:
            here = await presence.crowds.count(request.room_id, lambda: crowd(actor, request))
        else:
            here = presence.count(found.everybody)
        return PresenceList(people=presence.present(found.asked), here=here)

    async def crowd(actor: Actor, request: ListPresence) -> list[UUID]:
        async with db.read() as tx:
            return await service.crowd(tx, actor, request.room_id)

    return [
        Command("typing", Type, type_, with_connection=True),
        Command("presence.set", SetPresence, set_presence, with_connection=True),
        Command("presence.list", ListPresence, list_presence),
    ]
