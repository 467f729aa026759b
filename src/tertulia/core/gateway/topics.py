"""Who hears what: names of any kind, each with the connections that joined it."""

from collections.abc import Callable, Hashable, Sequence, Set
from typing import TYPE_CHECKING, Final

from .connection import Connection
from .frames import Frame

if TYPE_CHECKING:
    from .session import Session

NOBODY: Final[frozenset[Connection]] = frozenset()

Record = Callable[[Frame, Hashable, Connection | None], Frame]
"""Told (frame, topic, skip) of what is published; gives the frame to send. See `recovery`."""

Push = Callable[[Sequence["Session"], Frame, bool], int]
"""Queues a frame, perhaps volatile, for many; how many took it. See `Engine.push`."""

Listening = Callable[[Hashable, bool], None]
"""Told (topic, True) when it gets its first member here, (topic, False) when the last one left."""


def nobody_cares(topic: Hashable, listening: bool) -> None:
    del topic, listening


def push_each(links: Sequence["Session"], frame: Frame, volatile: bool) -> int:
    return sum(link.push(frame, volatile) for link in links)


class Topics:
    """Join, leave, publish. A topic exists while it has members; a closed connection leaves all.

    Nothing here waits: each call costs what its own members cost.
    """

    __slots__ = ("_listening", "_members", "_push", "_record")

    def __init__(
        self,
        listening: Listening = nobody_cares,
        record: Record | None = None,
        push: Push = push_each,
    ) -> None:
        self._listening = listening
        self._push = push
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
        if self._record is not None and not volatile:
            frame = self._record(frame, topic, skip)
        members = self._members.get(topic, NOBODY)
        links = [conn.link for conn in members if conn.connected and conn is not skip]
        others = [conn for conn in members if not conn.connected and conn is not skip]
        held = sum(conn.hold(frame, volatile) for conn in others)
        return self._push(links, frame, volatile) + held
