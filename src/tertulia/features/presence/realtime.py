"""Commands of presence."""

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

TYPING = Bucket("typing", 20, 20, hot=True)


def commands(db: Database, bus: Bus, limiter: Limiter, presence: PresenceLive) -> list[Command]:
    async def type_(actor: Actor, request: Type, conn: Connection) -> None:
        await limiter.hit(TYPING, str(actor.account_id))
        topic = room_stream(request.room_id).name
        if not presence.typists.may(conn, actor.account_id, topic):
            async with db.read() as tx:
                await service.require_typing(tx, actor, request.room_id)
            presence.typists.allow(actor.account_id, topic)
        typing = Typing(room_id=request.room_id, account_id=actor.account_id, active=request.active)
        bus.publish(Notice(topic, 0, Typing.TYPE, msgspec.json.encode(typing)))

    async def set_presence(actor: Actor, request: SetPresence, conn: Connection) -> None:
        presence.set_state(conn, actor.account_id, away=request.state == "away")

    async def list_presence(actor: Actor, request: ListPresence) -> PresenceList:
        async with db.read() as tx:
            people = await service.visible_people(tx, actor, request.room_id)
        return PresenceList(people=presence.present(people))

    return [
        Command("typing", Type, type_, with_connection=True),
        Command("presence.set", SetPresence, set_presence, with_connection=True),
        Command("presence.list", ListPresence, list_presence),
    ]
