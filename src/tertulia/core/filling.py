"""What the bus did not bring, read from the log: where streams are behind, and how far.

However many streams are behind (a Redis that was away leaves all of them so), one reading goes on
at a time, of many streams and a bounded number of events: repair must not take the database from
those who send.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from heapq import heappop, heappush
from itertools import islice
from typing import Any, Protocol

import structlog

from tertulia.core.bus import Notice
from tertulia.core.clock import Clock
from tertulia.core.errors import Unavailable
from tertulia.core.gateway import Connection
from tertulia.core.replay import PER_STREAM, Line

PATIENCE_SECONDS = 0.03  # two commits of one stream may publish swapped: wait before reading
RETRY_SECONDS = 1.0  # when the log cannot be read
READ = 500  # events of one stream in one reading
READ_AT_ONCE = 2_000  # events of all streams in one reading
STREAMS_AT_ONCE = 100
SLICE = 1_000  # streams whose heads are compared in one statement: 3 ms of PostgreSQL
# A sweep is a look at every followed stream. Measured: 3 µs each in PostgreSQL, 1 µs here, so
# a sweep of more streams takes longer rather than more than a few percent of a core.
STREAMS_PER_SECOND = 10_000

log = structlog.get_logger(__name__)


class LogReader(Protocol):
    async def ahead(self, known: Mapping[str, int]) -> Mapping[str, int]:
        """Heads of those streams that have more than is known of them."""
        ...

    async def read(self, after: Mapping[str, int], limit: int) -> Mapping[str, Sequence[Notice]]:
        """Of each stream up to `limit` events behind the given one, in order."""
        ...


class Position:
    """How far one stream was delivered here. `head` is the last event that was, None until it is
    known; `newest` the last one that is known to exist."""

    __slots__ = ("ahead", "busy", "head", "held", "holders", "lately", "newest", "suspect")

    def __init__(self) -> None:
        self.head: int | None = None
        self.newest = 0
        self.ahead: dict[Connection, int] = {}  # who came in knowing more than was delivered here
        self.held: dict[int, Notice] = {}
        self.holders = 0
        self.lately: list[Line] | None = None  # the last ones delivered while somebody was joining
        self.busy = False  # a `before` hook runs: nothing may overtake it
        self.suspect = False  # the log could not be read with this one in the question

    @property
    def is_behind(self) -> bool:
        """Something is missing here, and no hook stands in the way of fetching it."""
        return not self.busy and self.head is not None and self.head < self.newest

    def delivered(self, line: Line) -> None:
        """Whoever is joining knows what was so before, and hears what comes after."""
        self.head = line.seq
        if self.holders:
            self.lately = [] if self.lately is None else self.lately
            self.lately.append(line)
            del self.lately[:-PER_STREAM]

    def release(self) -> None:
        self.holders -= 1
        if not self.holders:
            self.lately = None


Positions = Mapping[str, Position]
Drain = Callable[[str, Position], None]
Spawn = Callable[[Coroutine[Any, Any, None]], None]


class Filling:
    """`drain` delivers what is in order; `spawn` runs a task that the owner ends."""

    def __init__(
        self, positions: Positions, log_reader: LogReader, clock: Clock, drain: Drain, spawn: Spawn
    ) -> None:
        self._positions = positions
        self._log = log_reader
        self._clock = clock
        self._drain = drain
        self._spawn = spawn
        # When each stream that is behind has its turn; the heap may also hold turns that are over.
        self._due: dict[str, float] = {}
        self._turns: list[tuple[float, str]] = []
        self._filling = False
        self._doubtful: dict[str, None] = {}
        self._comparing = False
        self.repairs = 0

    # Holes

    def soon(self, name: str, position: Position) -> None:
        """Read what this stream lacks, unless it comes within a moment."""
        if position.is_behind and name not in self._due:
            self._take_turn(name, PATIENCE_SECONDS)
            if not self._filling:
                self._filling = True
                self._spawn(self._fill())

    def _take_turn(self, name: str, seconds: float) -> None:
        due = self._due[name] = self._clock.monotonic() + seconds
        heappush(self._turns, (due, name))

    async def _fill(self) -> None:
        try:
            while self._turns:
                names = self._next()
                if names:
                    await self._read(names)
                elif self._turns:
                    wait = self._turns[0][0] - self._clock.monotonic()
                    await self._clock.sleep(max(0.0, min(wait, PATIENCE_SECONDS)))
        finally:
            self._filling = False

    def _next(self) -> list[str]:
        """Whose time has come, the longest waiting first; suspects alone, so that one stream that
        cannot be read spoils no other's reading."""
        names: list[str] = []
        # A hair's breadth for what adding fractions loses.
        now = self._clock.monotonic() + 1e-6
        while self._turns and self._turns[0][0] <= now and len(names) < STREAMS_AT_ONCE:
            due, name = self._turns[0]
            position = self._positions.get(name)
            suspect = position is not None and position.suspect
            if suspect and names:
                break
            heappop(self._turns)
            if self._due.get(name) != due:
                continue
            if position is None or not position.is_behind:
                del self._due[name]  # it came, or nobody listens any more
                continue
            names.append(name)
            if suspect:
                break
        return names

    async def _read(self, names: Sequence[str]) -> None:
        positions = {name: self._positions[name] for name in names}
        newest = {name: position.newest for name, position in positions.items()}
        after = {name: position.head or 0 for name, position in positions.items()}
        self.repairs += len(names)
        try:
            found = await self._log.read(after, min(READ, READ_AT_ONCE // len(names)))
        except Exception as error:
            log.warning("log_unreadable", streams=len(names), exc_info=True)
            for name, position in positions.items():
                position.suspect = not isinstance(error, Unavailable | OSError)
                self._take_turn(name, RETRY_SECONDS)
            return
        for name, position in positions.items():
            # Everybody left meanwhile? A new life of the stream has a position of its own.
            if self._positions.get(name) is position:
                self._take(name, position, found.get(name, ()), newest[name])
            self._go_on(name, after[name])

    def _take(self, name: str, position: Position, found: Sequence[Notice], newest: int) -> None:
        position.suspect = False
        head = position.head or 0
        position.held = {seq: notice for seq, notice in position.held.items() if seq > head}
        position.held.update((notice.seq, notice) for notice in found if notice.seq > head)
        if not found and position.newest == newest and head < newest:
            # Said before the reading began and not in the log: it was never committed here.
            log.warning("bus_ahead_of_log", stream=name, head=head, said=newest)
            position.newest = head
            position.held.clear()
        try:
            self._drain(name, position)
        except Exception:
            log.exception("delivery_failed", stream=name)  # a hook's bug holds up no other stream

    def _go_on(self, name: str, before: int) -> None:
        position = self._positions.get(name)
        if position is not None and position.is_behind:
            self._take_turn(name, RETRY_SECONDS if position.head == before else 0.0)
        else:
            del self._due[name]

    # Silence

    def doubt(self, names: Iterable[str]) -> None:
        """Something may have happened in these that nobody told us of: compare them soon, all who
        are doubted meanwhile in one go."""
        self._doubtful.update(dict.fromkeys(names))
        if self._doubtful and not self._comparing:
            self._comparing = True
            self._spawn(self._compare_doubtful())

    async def _compare_doubtful(self) -> None:
        try:
            while self._doubtful:
                names = list(islice(self._doubtful, SLICE))
                for name in names:
                    del self._doubtful[name]
                await self._compare(names)
        except Exception:
            log.warning("heads_unreadable", exc_info=True)  # the sweep asks again
        finally:
            self._comparing = False

    async def _compare(self, names: Iterable[str]) -> None:
        known: dict[str, int] = {}
        for name in names:
            position = self._positions.get(name)
            if position is not None and position.head is not None:
                known[name] = max(position.head, position.newest)
        if not known:
            return
        for name, head in (await self._log.ahead(known)).items():
            position = self._positions.get(name)
            if position is not None:
                position.newest = max(position.newest, head)
                self.soon(name, position)

    async def sweep(self) -> None:
        """Compare every followed stream with the log once, without haste."""
        names = list(self._positions)
        for start in range(0, len(names), SLICE):
            await self._compare(names[start : start + SLICE])
            if start + SLICE < len(names):
                await self._clock.sleep(SLICE / STREAMS_PER_SECOND)


async def settled(tasks: Iterable[asyncio.Task[None]]) -> None:
    """End tasks and wait for their end."""
    ending = tuple(tasks)
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)
