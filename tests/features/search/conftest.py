"""A table where things are said, and found."""

from datetime import UTC
from typing import NamedTuple
from uuid import UUID

import pytest
from prometheus_client import CollectorRegistry
from tests.support.world import Person, World

from tertulia.core.followers import Followers
from tertulia.features.search import service
from tertulia.features.search.jobs import FOLLOWER
from tertulia.features.search.schemas import SearchPage, Sort
from tertulia.features.search.service import Asked, finding, plan


class Finder:
    """Searches as people do."""

    def __init__(self, world: World) -> None:
        self.world = world
        followers = Followers((FOLLOWER,), world.db, world.clock, {}, CollectorRegistry())
        self._course = followers.courses[FOLLOWER.name]

    async def index(self) -> None:
        """Let the follower catch up."""
        await self._course.begin()
        await self._course.sweep()

    async def page(
        self,
        who: Person,
        query: str,
        *,
        sort: Sort = "time",
        room_id: UUID | None = None,
        cursor: str | None = None,
    ) -> SearchPage:
        asked = Asked(query, sort, room_id, cursor, UTC)
        return await self.world.read(service.search, who, asked)

    async def find(self, who: Person, query: str, **more: object) -> list[str]:
        """The texts found, in order: a page of them, as the client asks on until it has one."""
        return [text for _, text in await self.found(who, query, most=finding.PAGE, **more)]

    async def found(
        self, who: Person, query: str, most: int, **more: object
    ) -> list[tuple[UUID, str]]:
        """Ids and texts, in order."""
        found: list[tuple[UUID, str]] = []
        cursor = None
        while True:
            page = await self.page(who, query, cursor=cursor, **more)  # pyright: ignore[reportArgumentType]
            found += [
                (hit.message.id, "".join(part.text for part in hit.excerpt)) for hit in page.hits
            ]
            cursor = page.next
            if cursor is None or len(found) >= most:
                return found

    async def said(self, who: Person, room_id: UUID, *texts: str) -> None:
        """Say these, and let the index hear of it."""
        for text in texts:
            await self.world.say(who, room_id, text)
        await self.index()


class Way(NamedTuple):
    """How far is looked, and by which way: tests say few messages, so small figures stand for
    large ones. `mine`: share of all messages below which each room is walked by itself."""

    first: int = 1_000
    walk: int = 16_000
    gathered: int = 8_000
    mine: float = 0.0
    broad: float = 2  # share from which on GIN is not asked


WAYS = {
    "all is walked": Way(),
    "each room is walked": Way(mine=2),
    "GIN finds the old": Way(first=2),
    "GIN finds the old of a few rooms": Way(first=2, mine=2),
    "GIN finds too much": Way(first=2, gathered=3),
    "nothing is rare": Way(first=2, broad=0),
    "a little at a time": Way(first=1, walk=4, broad=0),
    "a little of each room at a time": Way(first=1, walk=4, broad=0, mine=2),
}


@pytest.fixture(params=WAYS)
def finder(world: World, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Finder:
    way = WAYS[request.param]
    monkeypatch.setattr(plan, "MINE", way.mine)
    monkeypatch.setattr(finding, "FIRST", way.first)
    monkeypatch.setattr(finding, "CHUNK", min(way.first, finding.CHUNK))
    monkeypatch.setattr(finding, "WALK", way.walk)
    monkeypatch.setattr(finding, "GATHERED", way.gathered)
    monkeypatch.setattr(finding, "BROAD", way.broad)
    monkeypatch.setattr(finding, "COMMON", way.broad)
    return Finder(world)
