"""One step of a follower: some streams, one transaction. And what happens when it fails."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from tertulia.core import history
from tertulia.core.errors import AppError
from tertulia.core.followers import marks
from tertulia.core.followers.follower import Follower, Happened
from tertulia.core.history import Hydrators
from tertulia.core.streams import Stream
from tertulia.core.tx import Tx

STREAMS = 64  # of one step
EVENTS = 512  # of one step, about
TRIES = 6  # after which an event is stepped over
LONGEST_WAIT = 300.0  # seconds between tries


class Stepped(NamedTuple):
    """`oldest` is when the oldest event handled was logged. `more`: these are not at their heads.
    `alone`: these failed before and get a step each."""

    handled: int
    oldest: datetime | None
    more: list[Stream]
    alone: list[Stream]


class Blamed(NamedTuple):
    """What is done about a stream that failed: it waits `wait` seconds, or, where its event was
    tried often enough, `over` is the seq that was stepped over."""

    wait: float
    over: int | None


async def step(
    tx: Tx, follower: Follower, streams: Sequence[Stream], hydrators: Hydrators
) -> Stepped:
    """Handle the next events of these streams and move their marks.

    A stream that failed before goes alone, one event at a time: so it holds nobody up, and who is
    to blame is known.
    """
    found = await marks.lock(tx, follower.name, [stream.id for stream in streams])
    due = {id_: mark for id_, mark in found.items() if not mark.retry_at or mark.retry_at <= tx.now}
    failed = [id_ for id_, mark in due.items() if mark.failures]
    alone = failed if len(streams) > 1 else []
    after = {id_: mark.seq for id_, mark in due.items() if id_ not in alone}
    if not after:
        return Stepped(0, None, [], _streams(follower, alone))
    if follower.wanted:
        # First where the streams end: who begins to listen meanwhile hears all that comes behind.
        heads = await marks.heads(tx, list(after))
        if not await follower.wanted(tx):
            await marks.move(tx, follower.name, heads)  # those that stand there stay there
            return Stepped(0, None, [], _streams(follower, alone))
    limit = 1 if failed and not alone else max(EVENTS // len(after), 1)
    reading = await marks.read(tx, follower, after, limit)
    events = await _assembled(tx, follower, reading.events, hydrators)
    if events:
        await follower.handle(tx, events)
    moved = {id_: seq for id_, seq in reading.reached.items() if seq > after[id_]}
    if moved:
        await marks.move(tx, follower.name, moved)
    behind = [id_ for id_, seq in reading.reached.items() if seq < reading.heads[id_]]
    oldest = min((event.at for event in events), default=None)
    return Stepped(len(events), oldest, _streams(follower, behind), _streams(follower, alone))


def _streams(follower: Follower, ids: Sequence[UUID]) -> list[Stream]:
    return [Stream(follower.kind, id_) for id_ in ids]


async def _assembled(
    tx: Tx, follower: Follower, events: list[Happened], hydrators: Hydrators
) -> list[Happened]:
    if not follower.assembled:
        return events
    wanted = [(event.stream, event.type, event.ref) for event in events]
    data = await history.assemble(tx, wanted, hydrators)
    return [
        event._replace(data=event.data or whole) for event, whole in zip(events, data, strict=True)
    ]


async def blame(tx: Tx, follower: Follower, stream: Stream, error: Exception) -> Blamed:
    """Note that this stream failed, alone. (Where another node went on meanwhile the count began
    anew, so nothing is stepped over that was not tried.)

    A database that is away or slow is nobody's fault: nothing is stepped over for it.
    """
    mark = (await marks.lock(tx, follower.name, [stream.id]))[stream.id]
    failures = mark.failures + 1
    poisoned = failures >= TRIES and not (isinstance(error, AppError) and error.status >= 500)
    if poisoned:
        over = await _next_seq(tx, follower, stream.id, mark.seq)
        if over is not None:
            await marks.move(tx, follower.name, {stream.id: over})
            return Blamed(0, over)
    wait = min(2.0 ** (failures - 1), LONGEST_WAIT)
    until = tx.now + timedelta(seconds=wait)
    await marks.postpone(tx, follower.name, stream.id, min(failures, 1_000), until)
    return Blamed(wait, None)


async def _next_seq(tx: Tx, follower: Follower, stream_id: UUID, after: int) -> int | None:
    reading = await marks.read(tx, follower, {stream_id: after}, 1)
    return reading.events[0].seq if reading.events else None
