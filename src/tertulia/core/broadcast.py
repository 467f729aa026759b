"""Telling every socket on the server something small, over all nodes.

For what concerns everybody and has no room: logged events would cost a row per member. It may be
lost like all ephemera; whoever is told by it must also find out by asking.
"""

import msgspec

from tertulia.core.bus import Bus, Notice
from tertulia.core.gateway import Connection, Topics, encode_event
from tertulia.core.wire import Ephemeron

TOPIC = "server"  # of the bus, and of every socket


class Broadcast:
    """One per node. `hear` is what the bus calls with notices of TOPIC."""

    def __init__(self, topics: Topics, bus: Bus) -> None:
        self._topics = topics
        self._bus = bus

    async def open(self) -> None:
        await self._bus.subscribe([TOPIC])

    def enter(self, conn: Connection) -> None:
        self._topics.join(conn, TOPIC)

    def tell(self, ephemeron: Ephemeron) -> None:
        body = msgspec.json.encode(ephemeron)
        self._bus.publish(Notice(TOPIC, 0, type(ephemeron).TYPE, body))

    def hear(self, notice: Notice) -> None:
        frame = encode_event(notice.type, msgspec.Raw(notice.body))
        self._topics.publish(TOPIC, frame, volatile=True)
