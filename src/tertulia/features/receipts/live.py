"""The one owner of what this node is about to say of receipts: moves gather here, are written in
one statement, and told to each socket as far as its person may know."""

import asyncio
from collections.abc import Iterable
from typing import cast
from uuid import UUID

import msgspec
import structlog

from tertulia.core.actor import Actor
from tertulia.core.bus import Bus, Notice
from tertulia.core.clock import Clock
from tertulia.core.db import Database
from tertulia.core.gateway import Frame, Topics, encode_event
from tertulia.core.streams import room_stream
from tertulia.core.tx import Emitted, Reactions, Tx
from tertulia.features.people.events import PrivacyChanged
from tertulia.features.receipts import service
from tertulia.features.receipts.events import Receipts
from tertulia.features.receipts.schemas import Arrived, Cursor
from tertulia.features.receipts.service import News, Place
from tertulia.features.receipts.store import Position
from tertulia.features.rooms.events import RoomRead, RoomsRead

log = structlog.get_logger(__name__)

TOPIC = "receipts"  # of the bus: nodes among themselves
PACE_SECONDS = 0.25  # between rounds: what moves meanwhile goes together
AT_ONCE = 1_000  # places of one statement
WAITING = 100_000  # places; beyond it devices are not heard, and say it again with their next word


class Due:
    """What this node heard and did not write or tell yet, of each place the newest."""

    def __init__(self) -> None:
        self.arrived: dict[Place, int] = {}
        self.moved: dict[Place, None] = {}
        self.news = asyncio.Event()

    def deliver(self, account_id: UUID, rooms: Iterable[Arrived]) -> None:
        """A device has what is in these rooms. Nothing is on disk when this returns: a device that
        hears of its own move no more says it again when it comes back."""
        for one in rooms:
            place = (one.room_id, account_id)
            if place in self.arrived or len(self.arrived) < WAITING:
                self.arrived[place] = max(one.seq, self.arrived.get(place, 0))
        self.news.set()

    def tell(self, places: Iterable[Place]) -> None:
        """These cursors moved, or are to be shown otherwise; it is on disk."""
        for place in places:
            if len(self.moved) < WAITING:
                self.moved[place] = None
        self.news.set()

    def reactions(self) -> Reactions:
        """What is read anywhere through this node is told by it, after the commit."""

        async def read(tx: Tx, emitted: Emitted) -> None:
            places = [(one.room_id, one.account_id) for one in service.read_in(emitted)]
            tx.after_commit.append(lambda: self.tell(places))

        async def privacy(tx: Tx, emitted: Emitted) -> None:
            places = await service.places_of(tx, emitted.stream.id)
            tx.after_commit.append(lambda: self.tell(places))

        return {RoomRead: [read], RoomsRead: [read], PrivacyChanged: [privacy]}


class _Told(msgspec.Struct, frozen=True, array_like=True):
    """`News` between nodes."""

    room_id: UUID
    cursors: list[Cursor]
    hiding: list[UUID]
    apart: dict[UUID, list[UUID]]


class ReceiptsLive:
    """Writes what arrived and tells what moved; one task of the node runs it."""

    def __init__(self, topics: Topics, db: Database, clock: Clock, bus: Bus, due: Due) -> None:
        self._topics = topics
        self._db = db
        self._clock = clock
        self._bus = bus
        self._due = due

    async def run(self) -> None:
        """Until cancelled. An idle node waits for nobody; a busy one makes a round each PACE."""
        await self._bus.subscribe([TOPIC])
        while True:
            await self._due.news.wait()
            self._due.news.clear()
            try:
                await self.round()
            except Exception:
                log.warning("receipts_postponed", exc_info=True)
            await self._clock.sleep(PACE_SECONDS)

    async def round(self) -> None:
        """Write and tell all that is due now. What the database refuses stays due."""
        due = self._due
        while due.arrived:
            some = dict(list(due.arrived.items())[:AT_ONCE])
            wanted = [Position(*place, seq) for place, seq in some.items()]
            try:
                moved = await self._db.write(lambda tx, wanted=wanted: service.deliver(tx, wanted))
            except Exception:
                due.news.set()
                raise
            for place, seq in some.items():
                if due.arrived.get(place) == seq:  # and nothing newer was said meanwhile
                    del due.arrived[place]
            due.tell((one.room_id, one.account_id) for one in moved)
        while due.moved:
            places = list(due.moved)[:AT_ONCE]
            for place in places:
                del due.moved[place]
            async with self._db.read() as tx:
                found = await service.news(tx, places)
            for news in found:
                self._bus.publish(_notice(news))

    def hear(self, notice: Notice) -> None:
        """What came on TOPIC, from this node or another."""
        try:
            news = read_notice(notice)
        except msgspec.DecodeError:
            log.warning("receipts_unreadable")
            return
        frames: dict[UUID, Frame | None] = {}
        for conn in tuple(self._topics.members(room_stream(news.room_id).name)):
            viewer = cast("Actor", conn.principal).account_id
            if viewer not in frames:
                frames[viewer] = _frame(news.room_id, news.shown(viewer))
            frame = frames[viewer]
            if frame is not None:
                conn.send(frame, volatile=True)


def read_notice(notice: Notice) -> News:
    told = msgspec.json.decode(notice.body, type=_Told)
    apart = {one: set(others) for one, others in told.apart.items()}
    return News(told.room_id, told.cursors, set(told.hiding), apart)


def _notice(news: News) -> Notice:
    apart = {one: list(others) for one, others in news.apart.items()}
    told = _Told(news.room_id, news.cursors, list(news.hiding), apart)
    return Notice(TOPIC, 0, TOPIC, msgspec.json.encode(told))


def _frame(room_id: UUID, cursors: list[Cursor]) -> Frame | None:
    if not cursors:
        return None
    told = Receipts(room_id=room_id, cursors=cursors)
    return encode_event(told.TYPE, msgspec.Raw(msgspec.json.encode(told)))
