"""Shapes of deleting for oneself."""

from uuid import UUID

from tertulia.core.wire import Request


class HideMessage(Request, frozen=True, kw_only=True):
    """`hidden` false takes it back."""

    room_id: UUID
    message_id: UUID
    hidden: bool = True
