"""One Redis server as the bus uses it: a connection that hears and one that speaks.

Two, for Redis drops a subscriber that reads too slowly, and what this node says must not go with
it. Both come back by themselves.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

import structlog

from tertulia.core.bus.link import (
    OUTGOING_BYTES,
    Link,
    Refused,
    Replied,
    ReplyError,
    command,
    open_link,
)
from tertulia.core.clock import Clock
from tertulia.core.redis_url import RedisUrl

FIRST_DELAY, LONGEST_DELAY = 0.02, 1.0  # seconds between attempts, before the dice
STEADY_SECONDS = 5.0  # a connection that lived so long was a good one
BATCH = 200  # channels at once: their confirmations must fit the smallest output buffer
BARRIER = b"b"

log = structlog.get_logger(__name__)

Address = tuple[str, int] | None
"""None: the Unix socket that the URL names."""


class Verbs(NamedTuple):
    subscribe: bytes
    unsubscribe: bytes
    publish: bytes
    message: bytes


PLAIN = Verbs(b"SUBSCRIBE", b"UNSUBSCRIBE", b"PUBLISH", b"message")
SHARDED = Verbs(b"SSUBSCRIBE", b"SUNSUBSCRIBE", b"SPUBLISH", b"smessage")


class Said(NamedTuple):
    """What a notice was about, remembered until Redis has taken it."""

    topic: str
    seq: int


@dataclass(frozen=True, kw_only=True)
class Ends:
    """Whom a station tells. None of these may wait or raise."""

    heard: Callable[[str, bytes], None]
    """A topic and what was published to it."""
    unheard: Callable[[Iterable[Said]], None]
    """These may not have reached Redis."""
    missed: Callable[[], None]
    """All wanted channels are heard again, and something may have been missed."""
    speaking: Callable[[], None]
    """What is said now goes out."""
    opened: Callable[[], None]
    clock: Clock
    dice: Callable[[], float]


Moved = Callable[[int | None, str], None]
"""A slot lives elsewhere, at `host:port` if that is known."""


def stays(slot: int | None, address: str) -> None:
    """Of a server that is no part of a cluster."""
    del slot, address


class Station:
    """Runs from its making until `close`; needs a running loop. A channel's name is its topic
    behind a prefix of `topic_at` bytes."""

    def __init__(
        self, where: RedisUrl, address: Address, ends: Ends, *, topic_at: int, moved: Moved = stays
    ) -> None:
        self._where = where
        self._address = address
        self._ends = ends
        self._topic_at = topic_at
        self._moved = moved
        self._verbs = SHARDED if where.cluster else PLAIN
        self._wanted: dict[bytes, None] = {}  # in the order they were asked for
        self._subscribed: set[bytes] = set()
        self._queue: deque[bytes | asyncio.Future[None]] = deque()
        self._waiting: list[asyncio.Future[None]] = []  # for a connection that is being tried
        self._wake = asyncio.Event()
        self._hearing: Link | None = None
        self._barriers: deque[asyncio.Future[None]] = deque()
        self._speaking: Link | None = None
        self._unanswered: deque[Said] = deque()
        self._early: list[tuple[Said, bytes]] = []
        self._early_size = 0
        self._complete = False
        self._tasks = [
            asyncio.create_task(self._stay("hearing", self._on_hearing, self._hear, self._deaf)),
            asyncio.create_task(self._stay("speaking", self._on_speaking, self._speak, self._mute)),
        ]

    @property
    def hears(self) -> bool:
        """All that is wanted, as far as we can tell."""
        return self._complete and self._hearing is not None and not self._hearing.is_silent

    @property
    def speaks(self) -> bool:
        return self._speaking is not None and not self._speaking.is_silent

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _stay(
        self,
        what: str,
        replied: Replied,
        serve: Callable[[Link], Awaitable[None]],
        parted: Callable[[], None],
    ) -> None:
        """Keep one connection, for ever. The first attempt after a good one comes at once."""
        loop = asyncio.get_running_loop()
        delay = FIRST_DELAY
        told = False
        while True:
            link: Link | None = None
            since = loop.time()
            try:
                link = await open_link(self._where, self._address, replied)
                told = False
                self._ends.opened()
                await serve(link)
            except (OSError, TimeoutError, Refused) as error:
                if not told:  # once for each outage
                    reason = str(error) if isinstance(error, Refused) else type(error).__name__
                    log.warning("bus_unreachable", connection=what, reason=reason)
                    told = True
            finally:
                if link is not None:
                    link.close()
                parted()
            if self._where.cluster:
                self._moved(None, "")
            steady = link is not None and loop.time() - since > STEADY_SECONDS
            delay = FIRST_DELAY if steady else min(delay * 2, LONGEST_DELAY)
            await self._ends.clock.sleep(delay * (0.5 + self._ends.dice() / 2))

    # Hearing

    def want(self, channels: Collection[bytes]) -> asyncio.Future[None]:
        """Done when they are heard; fails with ConnectionResetError if that is put off until the
        connection is back, of which `missed` tells."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._wanted.update(dict.fromkeys(channels))
        if self._hearing is not None:
            self._queue.extend((*channels, done))
            self._wake.set()
        else:
            self._waiting.append(done)
        return done

    def unwant(self, channels: Collection[bytes]) -> None:
        for channel in channels:
            self._wanted.pop(channel, None)
        if self._hearing is not None:
            self._queue.extend(channels)
            self._wake.set()

    def look_again(self) -> None:
        """Ask anew for what Redis took from us."""
        missing = self._wanted.keys() - self._subscribed
        if self._hearing is not None and missing:
            self._queue.extend(missing)
            self._wake.set()

    async def _hear(self, link: Link) -> None:
        self._subscribed.clear()
        self._queue = deque([*self._wanted, *self._waiting])
        self._waiting.clear()
        self._hearing = link
        work = asyncio.create_task(self._reconcile(link))
        try:
            await link.ended.wait()
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    async def _reconcile(self, link: Link) -> None:
        """Make what Redis sends us what we want, a batch at a time."""
        while True:
            while self._queue:
                await self._next_batch(link)
            if not self._complete:
                self._complete = True
                self._ends.missed()
            self._wake.clear()
            await self._wake.wait()

    async def _next_batch(self, link: Link) -> None:
        joining: dict[bytes, None] = {}
        leaving: dict[bytes, None] = {}
        done: list[asyncio.Future[None]] = []
        while self._queue and len(joining) + len(leaving) < BATCH:
            item = self._queue.popleft()
            if isinstance(item, asyncio.Future):
                done.append(item)
            elif item in self._wanted and item not in self._subscribed:
                joining[item] = None
            elif item not in self._wanted and item in self._subscribed:
                leaving[item] = None
        try:
            if joining or leaving:
                await self._say(link, joining, leaving)
        except BaseException:
            _fail(done)
            raise
        for each in done:
            if not each.done():
                each.set_result(None)

    async def _say(self, link: Link, joining: Iterable[bytes], leaving: Iterable[bytes]) -> None:
        self._subscribed.update(joining)
        self._subscribed.difference_update(leaving)
        for verb, channels in (
            (self._verbs.subscribe, joining),
            (self._verbs.unsubscribe, leaving),
        ):
            for group in _groups(channels, sharded=self._where.cluster):
                link.send(command(verb, *group))
        barrier: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._barriers.append(barrier)
        link.send(command(b"PING", BARRIER))
        await barrier

    def _on_hearing(self, reply: object) -> None:
        match reply:
            case [self._verbs.message, bytes() as channel, bytes() as payload]:
                self._ends.heard(channel[self._topic_at :].decode(), payload)
            case [b"pong", b"b"] | b"b":
                barrier = self._barriers.popleft()
                if not barrier.done():
                    barrier.set_result(None)
            case [b"sunsubscribe", bytes() as channel, int()] if channel in self._subscribed:
                # Not asked for: its slot went to another server.
                self._subscribed.discard(channel)
                self._moved(None, "")
            case _ if isinstance(reply, ReplyError):
                if not self._refused(reply) and self._hearing is not None:
                    self._hearing.abort()  # which channels are missing now only a new start tells
            case _:
                pass  # confirmations, of which the barrier tells, and answers to PING

    def _deaf(self) -> None:
        self._complete, self._hearing = False, None
        _fail(self._barriers)
        _fail(self._waiting)
        _fail(item for item in self._queue if isinstance(item, asyncio.Future))
        self._barriers.clear()
        self._waiting.clear()
        self._queue.clear()

    # Speaking

    def speak(self, said: Said, channel: bytes, payload: bytes) -> bool:
        """Publish soon. False if there is no room."""
        data = command(self._verbs.publish, channel, payload)
        if self._speaking is None:
            return self._gather(said, data)
        if not self._speaking.send(data):
            return False
        self._unanswered.append(said)
        return True

    def _gather(self, said: Said, data: bytes) -> bool:
        """What is said while a connection is being tried goes out if that succeeds."""
        if self._early_size + len(data) > OUTGOING_BYTES:
            return False
        self._early.append((said, data))
        self._early_size += len(data)
        return True

    async def _speak(self, link: Link) -> None:
        self._speaking = link
        self._ends.speaking()
        early, self._early, self._early_size = self._early, [], 0
        for said, data in early:
            if link.send(data):
                self._unanswered.append(said)
            else:
                self._ends.unheard([said])
        await link.ended.wait()

    def _on_speaking(self, reply: object) -> None:
        if isinstance(reply, int):
            self._unanswered.popleft()
            if not self._unanswered:
                self._ends.speaking()  # all is out: there is room for what was dropped
        elif isinstance(reply, ReplyError):
            if self._unanswered:
                self._ends.unheard([self._unanswered.popleft()])
            self._refused(reply)

    def _mute(self) -> None:
        self._speaking = None
        lost = [*self._unanswered, *(said for said, _ in self._early)]
        self._unanswered.clear()
        self._early.clear()
        self._early_size = 0
        if lost:
            self._ends.unheard(lost)

    def _refused(self, error: Exception) -> bool:
        """True if there is a better address."""
        code, *rest = str(error).split(" ")
        if code == "MOVED" and len(rest) == 2 and rest[0].isdigit():
            self._moved(int(rest[0]), rest[1])
            return True
        log.warning("bus_refused", reason=code)
        return False


def _groups(channels: Iterable[bytes], *, sharded: bool) -> Iterable[list[bytes]]:
    """What may stand in one command: in a cluster, channels of one hash tag."""
    groups: dict[bytes, list[bytes]] = {}
    for channel in channels:
        tag = channel[: channel.index(b"}")] if sharded else b""
        groups.setdefault(tag, []).append(channel)
    return groups.values()


def _fail(futures: Iterable[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():
            future.set_exception(ConnectionResetError())
            with suppress(ConnectionResetError):
                future.exception()  # looked at: nobody may be waiting any more
