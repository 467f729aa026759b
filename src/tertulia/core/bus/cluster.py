"""Topics over the servers of a Redis Cluster, by sharded pub/sub: a notice crosses one shard only.

Slots may move and servers fail over at any moment; we learn of it from an error, a channel taken
from us, a connection that broke, or the look at the map that we take every few seconds.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Collection

import structlog

from tertulia.core.bus import shards
from tertulia.core.bus.link import Refused, ask_once
from tertulia.core.bus.route import PREFIX
from tertulia.core.bus.shards import Host
from tertulia.core.bus.station import Ends, Said, Station
from tertulia.core.redis_url import RedisUrl

LOOK_SECONDS = 5.0  # between looks at the map when nothing seems wrong
HURRY_SECONDS = 0.1  # between looks when something does
EARLY = 1_000  # notices kept until the first map is there

log = structlog.get_logger(__name__)


class Cluster:
    """A `Route` over as many stations as there are masters with partitions of ours."""

    def __init__(self, where: RedisUrl, ends: Ends) -> None:
        self._where = where
        self._ends = ends
        self._prefixes = [PREFIX + b"{%s}" % tag for tag in shards.tags()]
        self._slots = [shards.slot(tag) for tag in shards.tags()]
        self._owners: list[Host | None] = [None] * shards.PARTITIONS
        self._stations: dict[Host, Station] = {}
        self._wanted: defaultdict[int, dict[str, None]] = defaultdict(dict)
        self._early: list[tuple[Said, bytes]] = []
        self._first_map = asyncio.Event()
        self._stale = asyncio.Event()
        self._closing: set[asyncio.Task[None]] = set()
        self._looking = asyncio.create_task(self._follow())

    # Out

    def speak(self, said: Said, payload: bytes) -> bool:
        partition = shards.partition(said.topic)
        owner = self._owners[partition]
        if owner is None:
            return self._wait_for_map(said, payload)
        return self._stations[owner].speak(said, self._channel(partition, said.topic), payload)

    def _wait_for_map(self, said: Said, payload: bytes) -> bool:
        if self._first_map.is_set() or len(self._early) >= EARLY:
            return False
        self._early.append((said, payload))
        return True

    def _channel(self, partition: int, topic: str) -> bytes:
        return self._prefixes[partition] + topic.encode()

    # In

    def want(self, topics: Collection[str]) -> list[asyncio.Future[None]]:
        for topic in topics:
            self._wanted[shards.partition(topic)][topic] = None
        if self._first_map.is_set():
            return self._want(topics)
        # The map's arrival makes the stations want it: that moment is what to wait for.
        return [asyncio.ensure_future(self._want_later(topics))]

    async def _want_later(self, topics: Collection[str]) -> None:
        await self._first_map.wait()
        await asyncio.gather(*self._want(topics))

    def _want(self, topics: Collection[str]) -> list[asyncio.Future[None]]:
        channels: defaultdict[Host, list[bytes]] = defaultdict(list)
        for topic in topics:
            partition = shards.partition(topic)
            owner = self._owners[partition]
            if owner is not None:
                channels[owner].append(self._channel(partition, topic))
        return [self._stations[owner].want(wanted) for owner, wanted in channels.items()]

    def unwant(self, topics: Collection[str]) -> None:
        for topic in topics:
            partition = shards.partition(topic)
            self._wanted[partition].pop(topic, None)
            owner = self._owners[partition]
            if owner is not None:
                self._stations[owner].unwant([self._channel(partition, topic)])

    @property
    def whole(self) -> bool:
        return None not in self._owners and all(
            station.hears for station in self._stations.values()
        )

    @property
    def speaks(self) -> bool:
        return None not in self._owners and all(
            station.speaks for station in self._stations.values()
        )

    # The map

    async def _follow(self) -> None:
        while True:
            self._stale.clear()
            await self._look()
            hurry = HURRY_SECONDS * (0.5 + self._ends.dice())
            await self._ends.clock.sleep(hurry)
            if self._first_map.is_set():
                await _at_most(LOOK_SECONDS, self._stale.wait())

    async def _look(self) -> None:
        """Ask whoever answers first of those we know."""
        for host in dict.fromkeys((*self._stations, *self._where.hosts)):
            try:
                reply = await ask_once(self._where, host, b"CLUSTER", b"SLOTS")
                found = shards.owners(reply, host[0])
            except (OSError, TimeoutError, Refused, ValueError):
                continue
            self._draw([found.get(slot) for slot in self._slots])
            return
        if not self._first_map.is_set():
            log.warning("bus_unreachable", connection="cluster")
            early, self._early = self._early, []
            self._ends.unheard([said for said, _ in early])

    def _moved(self, slot: int | None, address: str) -> None:
        """Take one word for one slot at once, and look at the whole soon."""
        self._stale.set()
        if slot is None or not address:
            return
        owner = shards.address(address, self._where.hosts[0][0])
        self._draw(
            [
                owner if mine == slot else known
                for mine, known in zip(self._slots, self._owners, strict=True)
            ]
        )

    def _draw(self, owners: list[Host | None]) -> None:
        """Bring every partition to its owner. A new home is asked before the old one is left, so
        that a notice may come twice rather than not at all."""
        before, self._owners = self._owners, owners
        for owner in {owner for owner in owners if owner is not None} - self._stations.keys():
            self._stations[owner] = Station(
                self._where, owner, self._ends, topic_at=len(self._prefixes[0]), moved=self._moved
            )
        for partition, (old, new) in enumerate(zip(before, owners, strict=True)):
            if old != new:
                self._move(partition, old, new)
        for gone in self._stations.keys() - set(owners):
            self._close_soon(self._stations.pop(gone))
        for station in self._stations.values():
            station.look_again()
        if not self._first_map.is_set():
            self._first_map.set()
            early, self._early = self._early, []
            for said, payload in early:
                if not self.speak(said, payload):
                    self._ends.unheard([said])
        # What was lost with the old homes can be told in the new ones.
        self._ends.speaking()

    def _move(self, partition: int, old: Host | None, new: Host | None) -> None:
        channels = [self._channel(partition, topic) for topic in self._wanted[partition]]
        if not channels:
            return
        if new is not None:
            self._stations[new].want(channels).add_done_callback(self._arrived)
        if old is not None and old in self._stations:
            self._stations[old].unwant(channels)

    def _arrived(self, future: asyncio.Future[None]) -> None:
        if not future.cancelled() and future.exception() is None:
            self._ends.missed()

    def _close_soon(self, station: Station) -> None:
        task = asyncio.create_task(station.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        self._looking.cancel()
        await asyncio.gather(self._looking, return_exceptions=True)
        stations = [station.close() for station in self._stations.values()]
        await asyncio.gather(*stations, *self._closing)


async def _at_most(seconds: float, waiting: Awaitable[object]) -> None:
    try:
        async with asyncio.timeout(seconds):
            await waiting
    except TimeoutError:
        pass
