"""Shapes of slash commands."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from tertulia.core.wire import Request, Shape
from tertulia.features.messages.schemas import MAX_TEXT, Message
from tertulia.features.reminders.schemas import Reminder
from tertulia.features.scheduled.schemas import Zone


class CommandInfo(Shape, frozen=True):
    """`usage` is what stands behind the name, `summary` short English: clients may know better
    words for those they know."""

    name: str
    usage: str
    summary: str


class CommandInfos(Shape, frozen=True):
    commands: list[CommandInfo]


class RunCommand(Request, frozen=True):
    """`text` begins with a slash. `client_id` becomes that of a message it says: the same again
    says nothing twice. `zone` is mine, for commands about times."""

    client_id: UUID
    text: Annotated[str, Meta(min_length=2, max_length=MAX_TEXT, pattern=r"^/[^/\s]")]
    thread: UUID | None = None
    zone: Zone = "UTC"


class CommandDone(Shape, frozen=True):
    """What came of it: the message it said, the reminder it set; nothing where it shows anyway."""

    name: str
    message: Message | None = None
    reminder: Reminder | None = None
