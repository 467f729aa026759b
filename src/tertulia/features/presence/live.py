"""The one owner of what this node knows of who is here: sockets come and go, other nodes tell, the
people around hear of it."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Set
from typing import cast
from uuid import UUID

import msgspec
import structlog

from tertulia.core.actor import Actor
from tertulia.core.bus import Bus, Notice
from tertulia.core.clock import Clock
from tertulia.core.db import Database
from tertulia.core.gateway import Connection, Frame, Topics, encode_event
from tertulia.core.streams import account_stream, parse_stream, room_stream
from tertulia.features.presence import service
from tertulia.features.presence.events import Presence, Presences
from tertulia.features.presence.schemas import Availability, PersonPresence, PresenceState
from tertulia.features.presence.state import (
    NEWS_PEOPLE,
    TOPIC,
    Apart,
    Ask,
    Beat,
    Known,
    News,
    Told,
    Whole,
    is_quiet,
    may_change,
)
from tertulia.features.rooms.service import Can

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0  # between looks for who did not come back
BEAT_LOOKS = 5
ROUND_SECONDS = 0.25  # between rounds of telling, while there is one after the other
ROUNDS_AT_ONCE = 20  # before that counts
SINGLY = 3  # people of one round that are told one by one
LISTENERS = 1_000  # a room that more sockets hear on this node is not told who of it is here
COUNTED_SECONDS = 30.0
COUNTED_ROOMS = 1_000
ALLOWED_SECONDS = 60.0  # who lost the right to post, but not the room, is seen typing so long
ALLOWED_PEOPLE = 10_000  # times rooms; about 250 B each

Rooms = list[UUID]
_NOBODY: frozenset[UUID] = frozenset()


class PresenceLive:
    """Tells each state once to every socket here that shares a room with the person, and to other
    nodes what happens to sockets here.

    `node` is the node's name, new at each start. Nothing is kept outside: a node that dies is
    forgotten after DEAD_SECONDS of silence.
    """

    def __init__(self, topics: Topics, db: Database, clock: Clock, bus: Bus, node: str) -> None:
        self._topics = topics
        self._db = db
        self._clock = clock
        self._bus = bus
        self._known = Known(node)
        self._news = asyncio.Event()  # somebody was touched
        self._asked = False  # another node wants to know everybody who is here
        self._paced_until = 0.0
        self.typists = Typists(clock)
        self.crowds = Crowds(clock, self.count)
        # Of people with sockets here, where there is something to know.
        self._availability: dict[UUID, Availability] = {}
        self._apart: dict[UUID, set[UUID]] = {}
        self._seen: dict[UUID, None] = {}  # who left, to be noted

    # Sockets here

    def enter(
        self,
        conn: Connection,
        account_id: UUID,
        topics: Iterable[str],
        manner: service.Manner | None = None,
    ) -> None:
        """A socket was let in. `topics` are its account's streams."""
        if manner is not None:
            self.set_availability(account_id, manner.availability)
            self._set_apart(account_id, manner.apart)
        streams = map(parse_stream, topics)
        rooms = [stream.id for stream in streams if stream.kind == "room"]
        self._known.set(account_id, conn, "online", rooms)
        self._news.set()

    def set_state(self, conn: Connection, account_id: UUID, *, away: bool) -> None:
        if conn.gone is not None:
            return  # its leaving was noticed already, nothing would take it out again
        self._known.set(account_id, conn, "away" if away else "online")
        self._news.set()

    def leave(self, conn: Connection, account_id: UUID) -> None:
        self._known.leave(account_id, conn, self._clock.monotonic())
        self._news.set()

    def set_availability(self, account_id: UUID, availability: Availability) -> None:
        """Somebody with sockets here said when they do not want to be disturbed."""
        if may_change(availability):
            self._availability[account_id] = availability
        else:
            self._availability.pop(account_id, None)
        self._known.set_quiet(account_id, quiet=is_quiet(availability, self._clock.now()))
        self._news.set()

    def _set_apart(self, account_id: UUID, apart: Iterable[UUID]) -> None:
        if found := set(apart):
            self._apart[account_id] = found
        else:
            self._apart.pop(account_id, None)

    def _part(self, told: Apart) -> None:
        """Two people see each other no more, or do again: both are told of it at once."""
        for one, other in ((told.one, told.other), (told.other, told.one)):
            apart = self._apart.get(one, set())
            self._set_apart(one, apart | {other} if told.apart else apart - {other})
            state: PresenceState = "offline" if told.apart else self._known.state(other)
            frame = _frame(Presence(account_id=other, state=state))
            for conn in tuple(self._topics.members(account_stream(one).name)):
                conn.send(frame, volatile=True)

    # Questions

    def present(self, account_ids: Iterable[UUID]) -> list[PersonPresence]:
        """Those who are not offline, wherever they are connected."""
        people = (
            PersonPresence(account_id=account_id, state=self._known.state(account_id))
            for account_id in account_ids
        )
        return [person for person in people if person.state != "offline"]

    def count(self, account_ids: Iterable[UUID]) -> int:
        """How many of these are not offline."""
        return sum(self._known.state(account_id) != "offline" for account_id in account_ids)

    def connected(self, account_id: UUID) -> bool:
        """Is a socket of this account open on any node? Without the grace that presence allows: who
        lost their connection a moment ago is reached by a notification only.

        A node that died counts until it is forgotten (DEAD_SECONDS).
        """
        return self._known.connected(account_id)

    # Other nodes

    def hear(self, notice: Notice) -> None:
        """What came on TOPIC."""
        try:
            told = msgspec.json.decode(notice.body, type=Told | Apart)
        except msgspec.DecodeError:  # a node of another version, or nobody of ours
            log.warning("presence_unreadable", type=notice.type)
            return
        if isinstance(told, Apart):
            self._part(told)
            return
        if isinstance(told, Ask):
            self._asked |= told.of in ("", self._known.me)
        ask = self._known.hear(told, self._clock.monotonic())
        if ask is not None:
            self._publish(ask)
        if self._known.touched or self._asked:
            self._news.set()

    def _publish(self, told: Ask | Beat | News | Whole) -> None:
        self._bus.publish(Notice(TOPIC, 0, TOPIC, msgspec.json.encode(told)))

    # Loops

    async def watch(self) -> None:
        """Notice who did not come back and which nodes fell silent, until cancelled."""
        await self._bus.subscribe([TOPIC])
        self._publish(Ask(self._known.me))
        while True:
            self._publish(self._known.beat())
            for _ in range(BEAT_LOOKS):
                await self._clock.sleep(LOOK_SECONDS)
                self._forget(self._known.expire(self._clock.monotonic()))
                self._look_at_clock()
                self._news.set()
            await self._note_seen()

    def _forget(self, left: Iterable[UUID]) -> None:
        for account_id in left:
            if not self._known.is_here(account_id):
                self._availability.pop(account_id, None)
                self._apart.pop(account_id, None)
                self._known.set_quiet(account_id, quiet=False)
                self._seen[account_id] = None

    def _look_at_clock(self) -> None:
        now = self._clock.now()
        for account_id, availability in self._availability.items():
            self._known.set_quiet(account_id, quiet=is_quiet(availability, now))

    async def _note_seen(self) -> None:
        """Remember that they were here; while the database is away, a little later."""
        seen = list(self._seen)[: service.SEEN_AT_ONCE]
        if not seen:
            return
        try:
            await self._db.write(lambda tx: service.note_seen(tx, seen))
        except Exception:
            log.warning("last_seen_postponed", exc_info=True)
            return
        for account_id in seen:
            del self._seen[account_id]

    async def tell(self) -> None:
        """Tell what is to be told, at once, until cancelled. Of a storm, as much at a time as came
        since the last round."""
        while True:
            await self._news.wait()
            self._news.clear()
            await self._pace()
            try:
                while await self._round():
                    pass
            except Exception:
                log.exception("presence_round_failed")

    async def _pace(self) -> None:
        now = self._clock.monotonic()
        self._paced_until = max(now, self._paced_until) + ROUND_SECONDS
        wait = self._paced_until - now - ROUND_SECONDS * ROUNDS_AT_ONCE
        if wait > 0:
            await self._clock.sleep(wait)

    async def _round(self) -> bool:
        """One batch; true if there may be more to tell now."""
        if self._asked:
            self._asked = False
            for part in self._known.whole():
                self._publish(part)
        batch = self._known.take(NEWS_PEOPLE)
        news = {id_: rooms for id_, rooms in batch.items() if self._known.is_news(id_)}
        found = await self._find_rooms(news)
        self._announce({id_: found.get(id_) for id_ in batch})
        for account_id in news.keys() - found.keys():
            self._known.touch(account_id)  # the database is away: at the next look
        still = [account_id for account_id in found if self._known.is_news(account_id)]
        if len(still) <= SINGLY:
            self._tell_singly(still, found)
        else:
            self._tell_by_room(still, found)
        return bool(self._known.touched) and len(found) == len(news)

    async def _find_rooms(self, people: Mapping[UUID, Rooms | None]) -> dict[UUID, Rooms]:
        """Where each of these is. Without those it would have to ask the database for, when that is
        away."""
        known = {id_: rooms for id_, rooms in people.items() if rooms is not None}
        missing = people.keys() - known.keys()
        if not missing:
            return known
        try:
            async with self._db.read() as tx:
                return known | await service.audiences(tx, missing)
        except Exception:
            log.warning("presence_not_told", exc_info=True)
            return known

    def _announce(self, people: Mapping[UUID, Rooms | None]) -> None:
        """To other nodes, where there are any: whoever comes later asks for the whole."""
        news = self._known.announce(people)
        if news is not None and self._known.elsewhere.nodes:
            self._publish(news)

    def _tell_singly(self, people: Iterable[UUID], rooms: Mapping[UUID, Rooms]) -> None:
        for account_id in people:
            told = Presence(account_id=account_id, state=self._known.tell(account_id))
            # Once each, however many rooms are shared.
            audience = {conn for room in rooms[account_id] for conn in self._listeners(room)}
            frame = _frame(told)
            for conn in audience:
                if not self._apart or account_id not in self._unseen_by(conn):
                    conn.send(frame, volatile=True)

    def _unseen_by(self, conn: Connection) -> Set[UUID]:
        return self._apart.get(cast("Actor", conn.principal).account_id, _NOBODY)

    def _tell_by_room(self, people: Iterable[UUID], rooms: Mapping[UUID, Rooms]) -> None:
        """One frame a room, though who shares several with somebody then hears it in each: people
        that come by the thousand must not cost a frame for every two of them."""
        by_room: dict[UUID, list[PersonPresence]] = {}
        for account_id in people:
            person = PersonPresence(account_id=account_id, state=self._known.tell(account_id))
            for room in rooms[account_id]:
                by_room.setdefault(room, []).append(person)
        for room, changed in by_room.items():
            audience = self._listeners(room)
            if audience:
                frame = _frame(Presences(people=changed))
                for conn in tuple(audience):
                    unseen = self._unseen_by(conn) if self._apart else _NOBODY
                    if unseen.isdisjoint(person.account_id for person in changed):
                        conn.send(frame, volatile=True)
                    elif seen := [one for one in changed if one.account_id not in unseen]:
                        conn.send(_frame(Presences(people=seen)), volatile=True)

    def _listeners(self, room: UUID) -> Set[Connection]:
        """Sockets that hear of the people of a room: none where there are very many."""
        audience = self._topics.members(room_stream(room).name)
        return audience if len(audience) <= LISTENERS else frozenset()


class Here:
    """Who of some people is online, for what is built before presence: until the two are tied
    nobody is here."""

    def __init__(self) -> None:
        self._presence: PresenceLive | None = None

    def tie(self, presence: PresenceLive) -> None:
        self._presence = presence

    def __call__(self, people: Collection[UUID]) -> list[UUID]:
        present = self._presence.present(people) if self._presence else []
        return [person.account_id for person in present if person.state == "online"]


class Crowds:
    """How many of the members of large rooms are here, counted now and then: they all ask."""

    def __init__(self, clock: Clock, count: Callable[[Iterable[UUID]], int]) -> None:
        self._clock = clock
        self._count = count
        self._counted: OrderedDict[UUID, _Counted] = OrderedDict()

    async def count(self, room_id: UUID, members: Callable[[], Awaitable[Collection[UUID]]]) -> int:
        """`members` is asked for at most every COUNTED_SECONDS, by one at a time."""
        counted = self._counted.setdefault(room_id, _Counted())
        self._counted.move_to_end(room_id)
        if len(self._counted) > COUNTED_ROOMS:
            self._counted.popitem(last=False)
        async with counted.lock:
            if self._clock.monotonic() >= counted.until:
                counted.number = self._count(await members())
                counted.until = self._clock.monotonic() + COUNTED_SECONDS
        return counted.number


class _Counted:
    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.until = float("-inf")
        self.number = 0


class Typists:
    """Who was found allowed to type where, for a moment: a query for each word would be the dearest
    part of saying it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: OrderedDict[tuple[UUID, str, Can], float] = OrderedDict()

    def may(self, conn: Connection, account_id: UUID, topic: str, right: Can) -> bool:
        """Known to be allowed. A socket hears its rooms exactly as long as its account is a member:
        who was sent away is asked about again at once."""
        until = self._until.get((account_id, topic, right), float("-inf"))
        return topic in conn.topics and self._clock.monotonic() < until

    def allow(self, account_id: UUID, topic: str, right: Can) -> None:
        """The database said so just now."""
        self._until[account_id, topic, right] = self._clock.monotonic() + ALLOWED_SECONDS
        self._until.move_to_end((account_id, topic, right))
        if len(self._until) > ALLOWED_PEOPLE:
            self._until.popitem(last=False)


def _frame(told: Presence | Presences) -> Frame:
    return encode_event(told.TYPE, msgspec.Raw(msgspec.json.encode(told)))
