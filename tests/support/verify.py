"""Old snapshot + events = new snapshot (E6): for everybody, live and by catching up."""

from collections.abc import Awaitable, Callable, Sequence
from copy import deepcopy
from uuid import UUID

import msgspec
from tests.support.reducer import Json, Replica, wire, wire_all
from tests.support.world import Person, World

from tertulia.core.errors import NotFound
from tertulia.features.receipts.live import TOPIC as RECEIPTS
from tertulia.features.receipts.live import read_notice
from tertulia.features.timeline import service as timeline

PAGE = 30  # messages

Act = Callable[[], Awaitable[object]]


async def verify(world: World, people: Sequence[Person], act: Act, *, quiet: bool = False) -> None:
    """Do something, and see that everybody's old picture and the events give their new picture.

    It must change somebody's picture, or the proof would be empty, unless it is `quiet`.
    """
    watchers = [await Watcher.begin(world, person) for person in people]
    before = [watcher.everything() for watcher in watchers]
    published = len(world.bus.published)
    await act()
    await world.tell_receipts()
    told = [read_notice(one) for one in world.bus.published[published:] if one.topic == RECEIPTS]
    events: list[Json] = [
        msgspec.json.decode(notice.body) for notice in world.bus.published[published:] if notice.seq
    ]
    after: list[Json] = []
    for watcher in watchers:
        fresh = await watcher.fresh()
        for news in told:
            watcher.live.hear_receipts(str(news.room_id), wire_all(news.shown(watcher.person.id)))
        assert await watcher.by_events(events) == fresh, f"live: {watcher.person.username}"
        assert await watcher.by_sync() == fresh, f"catching up: {watcher.person.username}"
        await watcher.compare_pages(watcher.live, "live")
        await watcher.compare_pages(watcher.away, "catching up")
        after.append(watcher.everything())
    assert quiet or before != after, "this changed nothing that anybody can see"


class Watcher:
    """One person with two clients: one connected, one away."""

    def __init__(
        self,
        world: World,
        person: Person,
        cursor: str,
        snapshot: Json,
        pages: dict[str, list[Json]],
    ) -> None:
        self.world = world
        self.person = person
        self.cursor = cursor
        device_id = str(person.actor.device_id)
        self.live = Replica(snapshot, device_id, self._fetch, pages)
        self.away = Replica(snapshot, device_id, self._fetch, pages)

    @classmethod
    async def begin(cls, world: World, person: Person) -> "Watcher":
        first = await world.changes(person)
        assert first.reset
        pages = {str(room): await _page(world, person, room) for room in first.rooms}
        return cls(world, person, first.cursor, wire(first.snapshot), pages)

    def everything(self) -> Json:
        return self.live.seen() | {"pages": deepcopy(self.live.pages.rooms)}

    async def fresh(self) -> Json:
        snapshot = await self.world.snapshot(self.person)
        return Replica(snapshot, str(self.person.actor.device_id), self._fetch).seen()

    async def by_events(self, events: Sequence[Json]) -> Json:
        for event in events:
            await self.live.apply(event)
        return self.live.seen()

    async def by_sync(self) -> Json:
        more = True
        while more:
            changes = await self.world.changes(self.person, self.cursor)
            await self.away.take_changes(changes)
            self.cursor, more = changes.cursor, changes.more
        return self.away.seen()

    async def compare_pages(self, replica: Replica, how: str) -> None:
        """Histories still held are as long as they were or longer; a page is cut at its start."""
        for room_id, held in replica.pages.rooms.items():
            page = await _page(self.world, self.person, UUID(room_id))
            kept = [message for message in held if message["seq"] >= page[0]["seq"]]
            since = [message for message in page if message["seq"] >= held[0]["seq"]]
            assert kept == since, f"history, {how}: {self.person.username}"

    async def _fetch(self, room_id: str) -> Json | None:
        try:
            return wire(await self.world.room_snapshot(self.person, UUID(room_id)))
        except NotFound:  # left it again meanwhile
            return None


async def _page(world: World, person: Person, room_id: UUID) -> list[Json]:
    page = await world.read(timeline.page, person, room_id, timeline.Anchor(), PAGE)
    return wire(page)["messages"]
