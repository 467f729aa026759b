"""Between nodes: who listens to a topic hears what is published to it, at most once.

The bus is a hint. It may lose, double or reorder notices at any moment; `core.fanout` puts them in
order and reads what is missing from the log. Contract (tests/core/test_bus.py, one suite for every
implementation): notices of one publisher to one topic arrive in order or not at all, only
subscribed topics are heard, `publish` never blocks and never raises.
"""

from collections.abc import Callable, Iterable
from typing import Protocol

import msgspec
import structlog

log = structlog.get_logger(__name__)


class Notice(msgspec.Struct, frozen=True):
    """Something to hand to the sockets of `topic`, a stream's name.

    `seq` is the event's, or 0 for an ephemeron. `body` is ready JSON: the event's envelope, or the
    ephemeron itself.
    """

    topic: str
    seq: int
    type: str
    body: bytes


Listener = Callable[[Notice], None]


class Bus(Protocol):
    def publish(self, notice: Notice) -> None: ...

    def listen(self, listener: Listener) -> None:
        """Where this node's notices go; called once, before the first `subscribe`."""
        ...

    async def subscribe(self, topics: Iterable[str]) -> None:
        """Returns when whatever is published from now on will be heard. Repeating it is fine."""
        ...

    def unsubscribe(self, topic: str) -> None: ...

    async def close(self) -> None: ...


class LocalHub:
    """The wire between the nodes of one process: tests put two on it, `serve` one."""

    def __init__(self) -> None:
        self.buses: list[LocalBus] = []


class LocalBus:
    """The bus inside one process."""

    def __init__(self, hub: LocalHub | None = None) -> None:
        self._hub = hub or LocalHub()
        self._hub.buses.append(self)
        self._topics: set[str] = set()
        self._listener: Listener | None = None

    def publish(self, notice: Notice) -> None:
        for bus in self._hub.buses:
            bus.receive(notice)

    def receive(self, notice: Notice) -> None:
        if self._listener is None or notice.topic not in self._topics:
            return
        try:
            self._listener(notice)
        except Exception:
            # The publisher has committed: a listener's bug must not look like a failed command.
            log.exception("bus_listener_failed", topic=notice.topic, type=notice.type)

    def listen(self, listener: Listener) -> None:
        self._listener = listener

    async def subscribe(self, topics: Iterable[str]) -> None:
        self._topics.update(topics)

    def unsubscribe(self, topic: str) -> None:
        self._topics.discard(topic)

    async def close(self) -> None:
        self._topics.clear()
        if self in self._hub.buses:
            self._hub.buses.remove(self)
