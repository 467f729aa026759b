"""The bus inside one process."""

from collections.abc import Iterable

from tertulia.core.bus.ear import Ear
from tertulia.core.bus.notice import Listener, Lost, Notice, nothing


class LocalHub:
    """The wire between the nodes of one process: tests put two on it, `serve` one."""

    def __init__(self) -> None:
        self.buses: list[LocalBus] = []


class LocalBus:
    """Delivers before `publish` returns, and loses nothing."""

    whole = True

    def __init__(self, hub: LocalHub | None = None) -> None:
        self._hub = hub or LocalHub()
        self._hub.buses.append(self)
        self._topics: set[str] = set()
        self._ear = Ear()

    def publish(self, notice: Notice) -> None:
        for bus in self._hub.buses:
            bus.receive(notice)

    def receive(self, notice: Notice) -> None:
        if notice.topic in self._topics:
            self._ear.hear(notice)

    def listen(self, listener: Listener, lost: Lost = nothing) -> None:
        self._ear.listen(listener, lost)

    async def subscribe(self, topics: Iterable[str]) -> None:
        self._topics.update(topics)

    def unsubscribe(self, topic: str) -> None:
        self._topics.discard(topic)

    async def close(self) -> None:
        self._topics.clear()
        if self in self._hub.buses:
            self._hub.buses.remove(self)
