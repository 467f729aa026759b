"""One transaction: rows and facts, one commit.

A verb changes rows through `tx.conn` and says what others must see with `tx.emit`. Before the
commit the facts take their places in their streams; after it they are published (`core.db`).
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tertulia.core import eventlog
from tertulia.core.actor import Actor
from tertulia.core.bus import Notice
from tertulia.core.ids import Ids
from tertulia.core.streams import Stream
from tertulia.core.wire import Fact

Reaction = Callable[["Tx", "Emitted"], Awaitable[None]]
Reactions = Mapping[type[Fact], Sequence[Reaction]]


class Emitted(msgspec.Struct):
    """A fact on its way into the log."""

    stream: Stream
    actor_id: UUID | None
    fact: Fact
    seq: int = 0


class Tx:
    """`now` and `ids` are the transaction's clock and dice. In a reading transaction (`writable`
    false) `lock` and `emit` are refused."""

    def __init__(
        self,
        conn: Any,
        *,
        now: datetime,
        ids: Ids,
        writable: bool,
        reactions: Reactions,
    ) -> None:
        self.conn = conn
        self.now = now
        self.ids = ids
        self.writable = writable
        self._reactions = reactions
        self._heads: dict[Stream, int] = {}
        self._emitted: list[Emitted] = []
        self._reacted = 0
        self.after_commit: list[Callable[[], None]] = []
        self._hints: dict[tuple[str, str], Notice] = {}

    async def open_stream(self, stream: Stream) -> None:
        """Begin an empty stream, locked by this transaction."""
        await eventlog.create(self.conn, stream)
        self._heads[stream] = 0

    async def lock(self, *streams: Stream) -> None:
        """Take the streams' row locks, in one order everywhere, so that what is checked from here
        on still holds at commit. Unknown streams are passed over: the caller finds no rows."""
        if not self.writable:
            raise RuntimeError("a reading transaction takes no locks")
        missing = [stream for stream in streams if stream not in self._heads]
        if missing:
            self._heads.update(await eventlog.lock(self.conn, missing))
            for emitted in self._emitted:
                self._place(emitted)

    def next_seq(self, stream: Stream) -> int:
        """The seq that the next fact of a locked stream will get."""
        return self._heads[stream] + 1

    def head(self, stream: Stream) -> int:
        """The last seq of a locked stream, this transaction's own facts included."""
        return self._heads[stream]

    def emit(self, stream: Stream, fact: Fact, actor: Actor | UUID | None) -> None:
        """Say what happened: logged in this transaction, published after its commit."""
        if not self.writable:
            raise RuntimeError("a reading transaction announces nothing")
        if stream.kind != fact.STREAM:
            raise TypeError(f"{fact.TYPE} belongs in a stream of kind {fact.STREAM}")
        actor_id = actor.account_id if isinstance(actor, Actor) else actor
        emitted = Emitted(stream, actor_id, fact)
        self._emitted.append(emitted)
        self._place(emitted)

    def hint(self, notice: Notice) -> None:
        """Tell nodes something that only saves them time: published once after the commit, logged
        nowhere."""
        self._hints[notice.topic, notice.type] = notice

    @property
    def hints(self) -> Iterable[Notice]:
        return self._hints.values()

    def _place(self, emitted: Emitted) -> None:
        if emitted.seq == 0 and emitted.stream in self._heads:
            self._heads[emitted.stream] += 1
            emitted.seq = self._heads[emitted.stream]

    async def flush(self) -> list[Notice]:
        """Let reactions follow, take seqs, write the log. Returns what to publish on commit.

        Raises LookupError for a fact in a stream that was never opened: nobody could ask for it.
        """
        await self._react()
        if not self._emitted:
            return []
        await self.lock(*{emitted.stream for emitted in self._emitted})
        lost = next((emitted for emitted in self._emitted if emitted.seq == 0), None)
        if lost is not None:
            raise LookupError(f"{lost.fact.TYPE} in no stream: {lost.stream.name}")
        return await eventlog.append(self.conn, self._entries(), self._touched_heads())

    async def _react(self) -> None:
        while self._reacted < len(self._emitted):
            emitted = self._emitted[self._reacted]
            self._reacted += 1
            for reaction in self._reactions.get(type(emitted.fact), ()):
                await reaction(self, emitted)

    def _entries(self) -> list[eventlog.Entry]:
        return [
            eventlog.Entry(
                stream=emitted.stream,
                seq=emitted.seq,
                at=self.now,
                actor_id=emitted.actor_id,
                fact=emitted.fact,
            )
            for emitted in self._emitted
        ]

    def _touched_heads(self) -> dict[Stream, int]:
        touched = {emitted.stream for emitted in self._emitted}
        return {stream: head for stream, head in self._heads.items() if stream in touched}
