"""From topics to the servers that carry them; where there is one server, to that one."""

import asyncio
from collections.abc import Collection
from typing import Protocol

from tertulia.core.bus.station import Ends, Said, Station
from tertulia.core.redis import KEYS
from tertulia.core.redis_url import RedisUrl

PREFIX = KEYS.encode()


class Route(Protocol):
    def speak(self, said: Said, payload: bytes) -> bool:
        """False if it cannot be taken."""
        ...

    def want(self, topics: Collection[str]) -> list[asyncio.Future[None]]: ...

    def unwant(self, topics: Collection[str]) -> None: ...

    @property
    def whole(self) -> bool:
        """Everything wanted is heard."""
        ...

    @property
    def speaks(self) -> bool: ...

    async def close(self) -> None: ...


class Single:
    """One server: the channel is the topic behind our prefix."""

    def __init__(self, where: RedisUrl, ends: Ends) -> None:
        address = where.hosts[0] if where.hosts else None
        self._station = Station(where, address, ends, topic_at=len(PREFIX))

    def speak(self, said: Said, payload: bytes) -> bool:
        return self._station.speak(said, PREFIX + said.topic.encode(), payload)

    def want(self, topics: Collection[str]) -> list[asyncio.Future[None]]:
        return [self._station.want([PREFIX + topic.encode() for topic in topics])]

    def unwant(self, topics: Collection[str]) -> None:
        self._station.unwant([PREFIX + topic.encode() for topic in topics])

    @property
    def whole(self) -> bool:
        return self._station.hears

    @property
    def speaks(self) -> bool:
        return self._station.speaks

    async def close(self) -> None:
        await self._station.close()
