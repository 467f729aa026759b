"""The bus between processes, over Redis or Valkey pub/sub; over a cluster, sharded pub/sub.

This node's own notices go to its own listener directly, and their echo is dropped. The rest of the
contract is that of `core.bus`.
"""

import asyncio
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog

from tertulia.core.bus.cluster import Cluster
from tertulia.core.bus.ear import Ear
from tertulia.core.bus.notice import Listener, Lost, Notice, nothing
from tertulia.core.bus.route import Route, Single
from tertulia.core.bus.station import Ends, Said
from tertulia.core.bus.wire import Unsealed, Wire
from tertulia.core.clock import Clock
from tertulia.core.redis_url import parse

HINTS = 10_000  # streams whose loss is remembered while Redis is away
SUBSCRIBE_SECONDS = 0.25  # somebody is waiting to come in
REFUSALS_LOGGED_EVERY = 1_000

log = structlog.get_logger(__name__)


class BusAway(Exception):
    """Notices of other nodes do not arrive now, or ours do not leave."""


@dataclass
class BusCounters:
    """Since the start. `dropped`: ours that may never have reached Redis; `refused`: what came and
    was not from a node of this server; `connected`: connections made, those after a loss too."""

    published: int = 0
    received: int = 0
    dropped: int = 0
    refused: int = 0
    connected: int = 0


class RedisBus:
    """Connects by itself, from now on; whatever happens to Redis, its methods neither wait for it
    longer than SUBSCRIBE_SECONDS nor raise. Needs a running loop.

    `secret` is the server's, the same on all nodes; `node` the name of this one, ORIGIN characters
    and new with each start.
    """

    def __init__(
        self,
        url: str,
        secret: str,
        node: str,
        clock: Clock,
        *,
        dice: Callable[[], float] = random.random,
    ) -> None:
        where = parse(url)
        self._wire = Wire(secret, node.encode())
        self._topics: set[str] = set()
        self._ear = Ear()
        self._hints: dict[str, int] = {}
        self.counters = BusCounters()
        ends = Ends(
            heard=self._heard,
            unheard=self._unheard,
            missed=self._ear.miss,
            speaking=self._hint,
            opened=self._opened,
            clock=clock,
            dice=dice,
        )
        self._route: Route = Cluster(where, ends) if where.cluster else Single(where, ends)

    # Out

    def publish(self, notice: Notice) -> None:
        if notice.topic in self._topics:
            self._ear.hear(notice)
        self.counters.published += 1
        try:
            self._say(notice)
        except Exception:
            # The publisher has committed: nothing here may look like a failed command.
            log.exception("bus_publish_failed", stream=notice.topic, type=notice.type)

    def _say(self, notice: Notice) -> None:
        said = Said(notice.topic, notice.seq)
        if not self._route.speak(said, self._wire.pack(notice)):
            self._unheard([said])

    def _unheard(self, said: Iterable[Said]) -> None:
        """Remember how far each stream had come: others fetch it from the log once we can tell."""
        for topic, seq in said:
            self.counters.dropped += 1
            if seq and (topic in self._hints or len(self._hints) < HINTS):
                self._hints[topic] = max(seq, self._hints.get(topic, 0))

    def _hint(self) -> None:
        if not self._hints:
            return
        hints, self._hints = self._hints, {}
        for topic, seq in hints.items():
            self._say(Notice(topic, seq, "", b""))

    def _opened(self) -> None:
        self.counters.connected += 1

    # In

    def listen(self, listener: Listener, lost: Lost = nothing) -> None:
        self._ear.listen(listener, lost)

    def _heard(self, topic: str, packed: bytes) -> None:
        if topic not in self._topics or self._wire.is_echo(packed):
            return
        try:
            notice = self._wire.unpack(topic, packed)
        except Unsealed:
            self._refuse(topic)
            return
        self.counters.received += 1
        self._ear.hear(notice)

    def _refuse(self, topic: str) -> None:
        if self.counters.refused % REFUSALS_LOGGED_EVERY == 0:
            log.warning("bus_notice_refused", stream=topic, so_far=self.counters.refused + 1)
        self.counters.refused += 1

    async def subscribe(self, topics: Iterable[str]) -> None:
        wanted = list(dict.fromkeys(topics))
        self._topics.update(wanted)
        # Those that are asked for already too: they may not be heard yet.
        futures = self._route.want(wanted)
        if not futures:
            return
        _, late = await asyncio.wait(futures, timeout=SUBSCRIBE_SECONDS)
        for future in late:
            future.add_done_callback(self._came_late)

    def _came_late(self, future: asyncio.Future[None]) -> None:
        if not future.cancelled() and future.exception() is None:
            self._ear.miss()

    def unsubscribe(self, topic: str) -> None:
        if topic in self._topics:
            self._topics.discard(topic)
            self._route.unwant([topic])

    # State

    @property
    def whole(self) -> bool:
        return self._route.whole

    @property
    def is_well(self) -> bool:
        return self._route.whole and self._route.speaks

    async def probe(self) -> None:
        """Raises BusAway."""
        if not self.is_well:
            raise BusAway

    async def close(self) -> None:
        self._topics.clear()
        await self._route.close()
