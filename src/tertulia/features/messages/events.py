"""Facts about messages. The log keeps only the message's id: content is stored once."""

from typing import ClassVar

from msgspec import field

from tertulia.core.wire import Fact, Logged, StreamKind
from tertulia.features.accounts.schemas import Account
from tertulia.features.files.schemas import File
from tertulia.features.films.schemas import Film
from tertulia.features.messages.schemas import Message


class MessageSent(Fact, frozen=True):
    """`files` are those it brings along, and `films` what was made of them, as they stand."""

    TYPE: ClassVar[str] = "message.sent"
    STREAM: ClassVar[StreamKind] = "room"
    message: Message
    author: Account
    files: list[File] = field(default_factory=list[File])
    films: list[Film] = field(default_factory=list[Film])

    def logged(self) -> Logged:
        return Logged(ref=self.message.id, data=None)


class MessageEdited(Fact, frozen=True):
    """Quotes of this message change with it."""

    TYPE: ClassVar[str] = "message.edited"
    STREAM: ClassVar[StreamKind] = "room"
    message: Message

    def logged(self) -> Logged:
        return Logged(ref=self.message.id, data=None)


class MessageDeleted(Fact, frozen=True):
    """The message is a tombstone now; it no longer counts as unread, and quotes lose its text."""

    TYPE: ClassVar[str] = "message.deleted"
    STREAM: ClassVar[StreamKind] = "room"
    message: Message

    def logged(self) -> Logged:
        return Logged(ref=self.message.id, data=None)
