"""A table where things are said, and found."""

from datetime import UTC
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
        """The texts found, in order."""
        page = await self.page(who, query, **more)  # pyright: ignore[reportArgumentType]
        return ["".join(part.text for part in hit.excerpt) for hit in page.hits]

    async def said(self, who: Person, room_id: UUID, *texts: str) -> None:
        """Say these, and let the index hear of it."""
        for text in texts:
            await self.world.say(who, room_id, text)
        await self.index()


# A few messages are all looked at; of many first the latest, then window by window.
WAYS = {"few": (10_000, 1_000), "many": (0, 1_000), "more": (0, 2)}


@pytest.fixture(params=WAYS)
def finder(world: World, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Finder:
    small, latest = WAYS[request.param]
    monkeypatch.setattr(plan, "SMALL", small)
    monkeypatch.setattr(finding, "LATEST", latest)
    return Finder(world)
