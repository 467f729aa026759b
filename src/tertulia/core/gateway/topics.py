"""Who hears what: names of any kind, each with the connections that joined it."""

from collections.abc import Callable, Hashable, Set
from typing import Final

from .connection import Connection
from .frames import Frame

NOBODY: Final[frozenset[Connection]] = frozenset()

Record = Callable[[Frame, Hashable, Connection | None], Frame]
"""Told (frame, topic, skip) of what is published; gives the frame to send. See `recovery`."""

Listening = Callable[[Hashable, bool], None]
"""Told (topic, True) when it gets its first member here, (topic, False) when the last one left."""


def nobody_cares(topic: Hashable, listening: bool) -> None:
    del topic, listening


class Topics:
    """Join, leave, publish. A topic exists while it has members; a closed connection leaves all.

    Nothing here waits: each call costs what its own members cost.
    """

    __slots__ = ("_listening", "_members", "_record")

    def __init__(self, listening: Listening = nobody_cares, record: Record | None = None) -> None:
        self._listening = listening
        self._record = record
        self._members: dict[Hashable, set[Connection]] = {}

    def join(self, conn: Connection, topic: Hashable) -> bool:
        """False if the connection is already gone: nothing would ever take it out again."""
        if conn.gone:
            return False
        members = self._members.get(topic)
        if members is None:
            members = self._members[topic] = set()
            self._listening(topic, True)
        members.add(conn)
        conn.topics.add(topic)
        return True

    def leave(self, conn: Connection, topic: Hashable) -> None:
        """Leave it; nothing happens if not a member."""
        conn.topics.discard(topic)
        members = self._members.get(topic)
        if members is None or conn not in members:
            return
        members.remove(conn)
        if not members:
            del self._members[topic]
            self._listening(topic, False)

    def leave_all(self, conn: Connection) -> None:
        for topic in tuple(conn.topics):
            self.leave(conn, topic)

    def topics(self, conn: Connection) -> Set[Hashable]:
        return conn.topics

    def members(self, topic: Hashable) -> Set[Connection]:
        """A live view; copy it before waiting."""
        return self._members.get(topic, NOBODY)

    def publish(
        self,
        topic: Hashable,
        frame: Frame,
        *,
        volatile: bool = False,
        skip: Connection | None = None,
    ) -> int:
        """Send `frame` to every member but `skip`; how many took it.

        `volatile` leaves out members whose socket is behind.
        """
        count = 0
        if self._record is not None and not volatile:
            frame = self._record(frame, topic, skip)
        # A copy: a member whose outbox overflows leaves its topics while we walk.
        for conn in tuple(self._members.get(topic, NOBODY)):
            # What is connected goes past `send`, which only asks that again: 2 % of a broadcast.
            send = conn.link.push if conn.connected else conn.hold
            if conn is not skip and send(frame, volatile):
                count += 1
        return count
