"""Names of streams: `room:<id>` and `account:<id>`."""

from typing import NamedTuple
from uuid import UUID

from tertulia.core.wire import StreamKind


class Stream(NamedTuple):
    kind: StreamKind
    id: UUID

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.id}"


def room_stream(room_id: UUID) -> Stream:
    return Stream("room", room_id)


def account_stream(account_id: UUID) -> Stream:
    return Stream("account", account_id)


def parse_stream(name: str) -> Stream:
    """Raises ValueError for anything that is not a stream's name."""
    kind, _, rest = name.partition(":")
    if kind == "room":
        return room_stream(UUID(rest))
    if kind == "account":
        return account_stream(UUID(rest))
    raise ValueError("not a stream: " + name)
