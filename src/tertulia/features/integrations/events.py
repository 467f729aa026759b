"""Facts about webhooks, private to those who run the server."""

from typing import ClassVar
from uuid import UUID

from tertulia.core.wire import Fact, StreamKind
from tertulia.features.integrations.schemas import OffReason


class WebhookDisabled(Fact, frozen=True):
    """A webhook of the server was turned off: its receiver is gone, or answered nothing for days.
    That of a room is a note in the room."""

    TYPE: ClassVar[str] = "webhook.disabled"
    STREAM: ClassVar[StreamKind] = "account"
    webhook_id: UUID
    host: str
    reason: OffReason
