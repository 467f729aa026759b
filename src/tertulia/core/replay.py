"""What a client that comes back missed, to be sent right behind its greeting.

Short absences only: who was away for longer fetches what it lacks at a pace of its own, and nobody
else's greeting waits for that.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import msgspec

from tertulia.core.bus import Notice
from tertulia.core.gateway import Frame, encode_event

PER_STREAM = 100  # events: minutes of a busy room, a tenth of what a client keeps of early ones
IN_ALL = 500  # events of one client, over its streams
BYTES = 256 * 1024  # of one client: a quarter of what may pile up for a socket before it is `slow`


class Line(NamedTuple):
    """An event, encoded once for everybody who missed it."""

    notice: Notice
    frame: Frame

    @property
    def seq(self) -> int:
        return self.notice.seq


class Standing(NamedTuple):
    """Where an account stands, read in one snapshot: the heads of all streams it may hear and, of
    those that its client said to be behind in, the events from there up to the head. A stream that
    is too far behind, or that is not for replay, has no `missed`."""

    heads: Mapping[str, int]
    missed: Mapping[str, Sequence[Line]]


class Joined(NamedTuple):
    """`heads` are for the greeting; everything above them follows live. `frames` go right behind
    it. Of the streams in `replayed` they bring all that the client said to lack."""

    heads: dict[str, int]
    replayed: list[str]
    frames: list[Frame]


def line(notice: Notice) -> Line:
    return Line(notice, encode_event(notice.type, msgspec.Raw(notice.body)))


class Parcel:
    """The frames of one client, within its bounds."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.streams: list[str] = []
        self._bytes = 0

    def put(self, name: str, after: int, head: int, missed: Iterable[Line]) -> None:
        """All events of a stream in (`after`, `head`], or none where one is lacking or they do not
        fit: a client that has to ask for the rest may as well ask for all."""
        frames: list[Frame] = []
        at = after
        for seq, frame in ((one.seq, one.frame) for one in missed):
            if at < seq <= head:
                if seq != at + 1:
                    return
                frames.append(frame)
                at = seq
        size = sum(map(len, frames))
        if at < head or len(self.frames) + len(frames) > IN_ALL or self._bytes + size > BYTES:
            return
        self.frames += frames
        self.streams.append(name)
        self._bytes += size


def parcel(
    own: str,
    known: Mapping[str, int],
    standing: Standing,
    delivered: Mapping[str, tuple[int, Sequence[Line]]],
) -> Parcel:
    """What goes to a client that said to be at `known`. `delivered`, of each of its streams: how
    far this node delivered it, and the last events it delivered.

    Its own stream first, for it tells of rooms joined and left; then who lacks least.
    """
    found = Parcel()
    behind = {
        name: standing.heads[name] - after
        for name, after in known.items()
        if name in standing.missed or standing.heads.get(name) == after
    }
    for name in sorted(behind, key=lambda name: (name != own, behind[name])):
        head, lately = delivered[name]
        if max(head, standing.heads[name]) > known[name]:
            found.put(name, known[name], head, chain(standing.missed.get(name, ()), lately))
    return found
