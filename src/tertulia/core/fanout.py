"""From the bus to this node's sockets, in order, with nothing missing.

Notices come from the bus late, twice, swapped or never; sockets get each event of a stream once,
in `seq` order. A hole is filled from the log after a moment's patience, a silence (a node that died
between commit and publish) by a sweep over the heads.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from typing import Any

import msgspec
import structlog

from tertulia.core.bus import Bus, Listener, Notice
from tertulia.core.clock import Clock
from tertulia.core.filling import RETRY_SECONDS, Filling, LogReader, Position, settled
from tertulia.core.gateway import Connection, Topics, encode_event
from tertulia.core.replay import Joined, Line, Standing, line, parcel

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 2.0
AWAY_SECONDS = 0.5  # between sweeps while the bus is known to bring nothing
HELD = 1024  # notices waiting behind a hole; the log holds them anyway

Before = Callable[[Notice], Awaitable[None]]
After = Callable[[Notice], None]


class Fanout:
    """One per node. `before` hooks run ahead of an event's delivery and hold its stream back,
    `after` hooks run right behind it; both by event type. `aside`: whose notices of a topic that is
    no stream are; they subscribe to it themselves."""

    def __init__(
        self,
        topics: Topics,
        bus: Bus,
        log_reader: LogReader,
        clock: Clock,
        *,
        before: Mapping[str, Before],
        after: Mapping[str, After],
        aside: Mapping[str, Listener] | None = None,
    ) -> None:
        self._sockets = topics
        self._bus = bus
        self._clock = clock
        self._before = before
        self._after = after
        self._aside = aside or {}
        self._topics: dict[str, Position] = {}
        # Sockets on their way in, and who was sent away meanwhile, (account, stream) at which
        # event: a snapshot that is older must not let them in.
        self._joining = 0
        self._departed: dict[tuple[str, str], int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._filling = Filling(self._topics, log_reader, clock, self._drain, self._spawn)
        bus.listen(self.receive, self._mistrust)

    # Joining

    async def attach(
        self, conn: Connection, own: str, load: Callable[[], Awaitable[Mapping[str, int]]]
    ) -> dict[str, int]:
        """Join a connection to its streams and tell their heads, as `resume` does for one that
        knows nothing. `load` reads the heads."""

        async def stand() -> Standing:
            return Standing(await load(), {})

        return (await self.resume(conn, own, {}, stand)).heads

    async def resume(
        self,
        conn: Connection,
        own: str,
        known: Mapping[str, int],
        load: Callable[[], Awaitable[Standing]],
    ) -> Joined:
        """Join a connection to its streams: every event above their heads follows. What it missed
        since `known`, which is its client's word, is to be sent before anything else waits.

        `load` reads, in one snapshot, the heads of all streams this account may hear, `own` (its
        private one) among them, and what was missed of those in `known`. Once, as a rule: a crowd
        that comes back must not ask twice. It is asked again while it is older than what this node
        already delivered about this account, for a membership may have changed in between.
        """
        held = {own, *filter(self._follows, known)}
        self._joining += 1
        try:
            await self._hold(held)
            while True:
                standing = await load()
                heads = standing.heads
                missing = heads.keys() - held
                held |= missing
                unheard = await self._hold(missing)
                self._settle(heads)
                self._filling.doubt(unheard)
                if self._is_fresh(own, heads):
                    break
            return self._join_all(conn, own, known, standing)
        finally:
            self._release(held)
            self._joined()

    def _follows(self, name: str) -> bool:
        """Is this stream's position known here? A client's word makes us follow no other."""
        state = self._topics.get(name)
        return state is not None and state.head is not None

    def _join_all(
        self, conn: Connection, own: str, known: Mapping[str, int], standing: Standing
    ) -> Joined:
        """Without waiting: what a topic brings from now on comes after what is replayed of it."""
        for name, lines in standing.missed.items():
            if (self._topics[name].head or 0) < standing.heads[name]:
                self._learn(lines)
        heads = {name: self._join(conn, name, head) for name, head in standing.heads.items()}
        told = known.keys() & heads.keys()
        delivered = {
            name: (state.head or 0, state.lately or ())
            for name, state in ((name, self._topics[name]) for name in told)
        }
        replay = parcel(own, known, standing, delivered)
        return Joined(heads, replay.streams, replay.frames)

    def _learn(self, lines: Iterable[Line]) -> None:
        """This node is behind in what somebody has just read: it need not read it again."""
        for one in lines:
            try:
                self.receive(one.notice)
            except Exception:  # a hook's bug is no reason to keep this client out
                log.exception("delivery_failed", stream=one.notice.topic)

    def _is_fresh(self, own: str, heads: Mapping[str, int]) -> bool:
        return (self._topics[own].head or 0) <= heads[own] and all(
            self._departed.get((own, name), 0) <= head for name, head in heads.items()
        )

    async def bring(self, own: str, topic: str, load: Callable[[], Awaitable[int | None]]) -> None:
        """Join all sockets of an account to one more stream.

        `load` reads, in one snapshot, the stream's head and whether the account may hear it still:
        None if not, for what told us to bring it may be long ago.
        """
        self._joining += 1
        try:
            await self._hold([topic])
            head = await load()
            if head is None:
                return
            self._settle({topic: head})
            if self._departed.get((own, topic), 0) <= head:
                for conn in tuple(self._sockets.members(own)):
                    self._join(conn, topic, head)
        finally:
            self._release([topic])
            self._joined()

    def send_away(self, own: str, topic: str, told: Notice | None = None) -> None:
        """Take all sockets of an account out of a stream; but for those that came in knowing what
        we are `told` only now: they left, and were brought in again, while this node was behind."""
        teller = self._topics.get(told.topic) if told is not None else None
        for conn in tuple(self._sockets.members(own)):
            if told is None or teller is None or teller.ahead.get(conn, 0) < told.seq:
                self._sockets.leave(conn, topic)
        state = self._topics.get(topic)
        if self._joining and state is not None:
            self._departed[own, topic] = state.head or 0

    def emptied(self, topic: str) -> None:
        """The last socket left a topic; told by the gateway."""
        state = self._topics.get(topic)
        if state is not None and state.holders == 0 and not self._sockets.members(topic):
            del self._topics[topic]
            self._bus.unsubscribe(topic)

    async def _hold(self, names: Iterable[str]) -> list[str]:
        """Listen to topics and keep them; those of which the position is not known yet."""
        unknown: list[str] = []
        for name in names:
            state = self._topics.setdefault(name, Position())
            state.holders += 1
            if state.head is None:
                unknown.append(name)
        # Nothing above waits: whoever called owes a `_release` even where the bus refuses.
        if unknown:
            await self._bus.subscribe(unknown)
        return unknown

    def _settle(self, heads: Mapping[str, int]) -> None:
        for name, head in heads.items():
            state = self._topics[name]
            if state.head is None:
                state.head = head
                state.held = {seq: held for seq, held in state.held.items() if seq > head}
                self._drain(name, state)
                self._filling.soon(name, state)

    def _join(self, conn: Connection, name: str, head: int) -> int:
        self._sockets.join(conn, name)
        state = self._topics[name]
        if head > (state.head or 0):
            state.ahead[conn] = head
        return max(head, state.head or 0)

    def _joined(self) -> None:
        self._joining -= 1
        if self._joining == 0:
            self._departed.clear()

    def _release(self, names: Iterable[str]) -> None:
        for name in names:
            self._topics[name].release()
            self.emptied(name)

    # Delivering

    def receive(self, notice: Notice) -> None:
        state = self._topics.get(notice.topic)
        if state is None:
            if (aside := self._aside.get(notice.topic)) is not None:
                aside(notice)
            return
        if notice.seq == 0:
            frame = encode_event(notice.type, msgspec.Raw(notice.body))
            self._sockets.publish(notice.topic, frame, volatile=True)
            return
        if state.head is not None and notice.seq <= state.head:
            return
        state.newest = max(state.newest, notice.seq)
        if notice.type and len(state.held) < HELD:  # a hint has nothing to hold
            state.held[notice.seq] = notice
        self._drain(notice.topic, state)
        self._filling.soon(notice.topic, state)

    def _drain(self, name: str, state: Position) -> None:
        while not state.busy and state.head is not None:
            notice = state.held.pop(state.head + 1, None)
            if notice is None:
                break
            before = self._before.get(notice.type)
            if before is not None:
                state.busy = True
                self._spawn(self._deliver_later(name, state, notice, before))
                return
            self._deliver(state, notice)

    async def _deliver_later(
        self, name: str, state: Position, notice: Notice, before: Before
    ) -> None:
        try:
            await before(notice)
        except Exception:
            # Delivering without it would show an event whose ground is missing: try again later.
            log.exception("before_delivery_failed", topic=name, type=notice.type)
            state.held[notice.seq] = notice
            await self._clock.sleep(RETRY_SECONDS)
        else:
            # Everybody left meanwhile? Whoever came since was told of it by `hello`.
            if self._topics.get(name) is state:
                self._deliver(state, notice)
        finally:
            state.busy = False
        if self._topics.get(name) is state:
            self._drain(name, state)
            self._filling.soon(name, state)

    def _deliver(self, state: Position, notice: Notice) -> None:
        told = line(notice)
        state.delivered(told)
        self._sockets.publish(notice.topic, told.frame)
        after = self._after.get(notice.type)
        if after is not None:
            after(notice)
        if state.ahead and notice.seq >= max(state.ahead.values()):
            state.ahead.clear()

    # Repairing

    @property
    def repairs(self) -> int:
        """How often a stream was read from the log, so far."""
        return self._filling.repairs

    def _mistrust(self) -> None:
        """The bus was away and is back: whatever was said meanwhile is in the log."""
        self._filling.doubt(self._topics)

    async def sweep(self) -> None:
        """Compare every followed stream with the log once, and fill what is behind."""
        await self._filling.sweep()

    async def run(self) -> None:
        """Sweep until cancelled: the answer to a publisher that died after its commit, and to a bus
        that is away."""
        quiet = 0.0
        while True:
            await self._clock.sleep(AWAY_SECONDS)
            quiet += AWAY_SECONDS
            if self._bus.whole and quiet < SWEEP_SECONDS:
                continue
            quiet = 0.0
            try:
                await self.sweep()
            except Exception:
                log.warning("sweep_failed", exc_info=True)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name="fanout")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        await settled(self._tasks)
