"""Coming back: where accounts stand, and what their clients missed (docs/protocol.md W13)."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

import msgspec
import structlog

from tertulia.core import history
from tertulia.core.bus import Notice
from tertulia.core.history import Hydrators
from tertulia.core.replay import IN_ALL, PER_STREAM, Line, Standing, line
from tertulia.core.streams import account_stream, parse_stream
from tertulia.core.tx import Tx
from tertulia.features.rooms.events import MemberJoined
from tertulia.features.sync import store

EVENTS = 2_000  # read for all who ask together; whoever is beyond fetches what they lack

log = structlog.get_logger(__name__)

Heads = Mapping[str, int]


class Arrival(NamedTuple):
    """Who comes, and the heads their client says it holds, by the stream's name."""

    account_id: UUID
    known: frozenset[tuple[str, int]] = frozenset()


class Missed(NamedTuple):
    """Events of one stream above `after`, and at which of them whom it let in."""

    after: int
    lines: Sequence[Line]
    joined: Sequence[tuple[int, UUID]]

    def of(self, account_id: UUID, after: int) -> Sequence[Line] | None:
        """What an account lacks that is at `after`. None where it was not read so far back, and
        where the account was let in since: what was said before is no news of theirs (S3)."""
        if after < self.after or any(
            after < seq and account_id == newcomer for seq, newcomer in self.joined
        ):
            return None
        return self.lines[bisect_right(self.lines, after, key=attrgetter("seq")) :]


class _Envelope(msgspec.Struct):
    """As much of a `member.joined` envelope as is needed."""

    data: MemberJoined


async def arrivals(
    tx: Tx, asked: Sequence[Arrival], hydrators: Hydrators
) -> dict[Arrival, Standing]:
    """The heads of all streams that each may hear, and what each missed of those it says to hold,
    from one look at the log for all.

    Who may hear a stream is told by the heads, read in the same snapshot; a word about any other
    stream, or about a head that is not there yet, is as if it were not said.
    """
    heads = await store.heads(tx, list({one.account_id for one in asked}))
    lacks = {one: _lacks(one, heads[one.account_id]) for one in asked if one.known}
    found: Mapping[str, Missed] = {}
    if any(lacks.values()):
        wanted = _wanted((heads[one.account_id], after) for one, after in lacks.items())
        try:
            found = await _read(tx, wanted, hydrators)
        except Exception:  # they fetch it, and whoever lacks nothing unreadable gets it
            log.exception("replay_unreadable", streams=len(wanted))
    return {
        one: Standing(heads[one.account_id], _missed(one, lacks.get(one, {}), found))
        for one in asked
    }


def _lacks(arrival: Arrival, heads: Heads) -> dict[str, int]:
    """Where to begin in the streams that are worth a replay: the account's own, which tells of
    rooms joined and left, then the least behind."""
    behind = {
        name: heads[name] - after
        for name, after in arrival.known
        if name in heads and 0 < heads[name] - after <= PER_STREAM
    }
    own = account_stream(arrival.account_id).name
    lacks: dict[str, int] = {}
    left = IN_ALL
    for name in sorted(behind, key=lambda name: (name != own, behind[name])):
        if behind[name] <= left:
            left -= behind[name]
            lacks[name] = heads[name] - behind[name]
    return lacks


def _wanted(asked: Iterable[tuple[Heads, Heads]]) -> dict[str, int]:
    """Where to begin reading each stream, so that one reading serves all who lack some of it."""
    wanted: dict[str, int] = {}
    left = EVENTS
    for heads, lacks in asked:
        for name, after in lacks.items():
            more = wanted.get(name, heads[name]) - after
            if 0 < more <= left:
                left -= more
                wanted[name] = after
    return wanted


async def _read(tx: Tx, wanted: Heads, hydrators: Hydrators) -> dict[str, Missed]:
    after = {parse_stream(name): seq for name, seq in wanted.items()}
    read = await history.read_many(tx, after, PER_STREAM, hydrators)
    return {
        stream.name: Missed(after[stream], [line(notice) for notice in notices], _joined(notices))
        for stream, notices in read.items()
    }


def _joined(notices: Sequence[Notice]) -> list[tuple[int, UUID]]:
    return [
        (notice.seq, msgspec.json.decode(notice.body, type=_Envelope).data.member.account.id)
        for notice in notices
        if notice.type == MemberJoined.TYPE
    ]


def _missed(
    arrival: Arrival, lacks: Heads, found: Mapping[str, Missed]
) -> dict[str, Sequence[Line]]:
    missed: dict[str, Sequence[Line]] = {}
    for name, after in lacks.items():
        lines = found[name].of(arrival.account_id, after) if name in found else None
        if lines is not None:
            missed[name] = lines
    return missed
