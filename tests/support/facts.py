"""Facts of no feature, for tests of the log itself."""

from typing import ClassVar
from uuid import UUID

import msgspec

from tertulia.core.streams import Stream, account_stream, room_stream
from tertulia.core.tx import Tx
from tertulia.core.wire import Fact, Logged, StreamKind


class Noted(Fact, frozen=True):
    """Kept whole in the log."""

    TYPE: ClassVar[str] = "test.noted"
    STREAM: ClassVar[StreamKind] = "room"
    text: str


class Pointed(Fact, frozen=True):
    """Kept by reference."""

    TYPE: ClassVar[str] = "test.pointed"
    STREAM: ClassVar[StreamKind] = "room"
    id: UUID
    text: str

    def logged(self) -> Logged:
        return Logged(ref=self.id, data=None)


class Whispered(Fact, frozen=True):
    TYPE: ClassVar[str] = "test.whispered"
    STREAM: ClassVar[StreamKind] = "account"


ROOM = room_stream(UUID(int=1))
OTHER_ROOM = room_stream(UUID(int=2))
ACCOUNT = account_stream(UUID(int=3))
STREAMS = (ROOM, OTHER_ROOM, ACCOUNT)


async def open_streams(tx: Tx) -> None:
    for stream in STREAMS:
        await tx.open_stream(stream)


def noting(*texts: str, stream: Stream = ROOM):
    """A verb that notes these texts."""

    async def note(tx: Tx) -> None:
        for text in texts:
            tx.emit(stream, Noted(text=text), None)

    return note


def text_of(body: bytes) -> str:
    """The text of a published or hydrated `Noted`."""
    return msgspec.json.decode(body)["data"]["text"]
