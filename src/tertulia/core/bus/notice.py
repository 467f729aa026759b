"""What travels between nodes, and what every bus promises (tests/core/test_bus.py)."""

from collections.abc import Callable, Iterable
from typing import Protocol

import msgspec


class Notice(msgspec.Struct, frozen=True):
    """Something to hand to the sockets of `topic`, a stream's name.

    `seq` is the event's, or 0 for an ephemeron. `body` is ready JSON: the event's envelope, or the
    ephemeron itself. An empty `type` is a hint: event `seq` exists, its notice was lost on its way,
    the log has it.
    """

    topic: str
    seq: int
    type: str
    body: bytes


Listener = Callable[[Notice], None]
Lost = Callable[[], None]


def nothing() -> None:
    """What a listener does about losses that needs to do nothing."""


class Bus(Protocol):
    def publish(self, notice: Notice) -> None: ...

    def listen(self, listener: Listener, lost: Lost = nothing) -> None:
        """Where this node's notices go; called once, before the first `subscribe`.

        `lost` is called when notices may have been missed and new ones are heard again.
        """
        ...

    @property
    def whole(self) -> bool:
        """False while notices of other nodes are known not to arrive."""
        ...

    async def subscribe(self, topics: Iterable[str]) -> None:
        """Returns when whatever is published from now on will be heard, or after a quarter of a
        second; what is missed then is followed by `lost`. Repeating it is fine."""
        ...

    def unsubscribe(self, topic: str) -> None: ...

    async def close(self) -> None: ...
