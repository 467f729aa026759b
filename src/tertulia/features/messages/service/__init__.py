"""The verbs of messages: send, edit, delete, read back."""

from tertulia.features.messages.service.changing import (
    MessageDeletedAlready,
    bring_in,
    delete,
    edit,
    note,
    require_speakable,
)
from tertulia.features.messages.service.reading import (
    after,
    before,
    find_messages,
    get_message,
    hidden,
    last_messages,
    logged_messages,
    people_in,
    revisions,
    unread,
)
from tertulia.features.messages.service.sending import (
    Copied,
    Outgoing,
    Sent,
    send,
    send_all,
)
from tertulia.features.messages.state import file_ids

__all__ = [
    "Copied",
    "MessageDeletedAlready",
    "Outgoing",
    "Sent",
    "after",
    "before",
    "bring_in",
    "delete",
    "edit",
    "file_ids",
    "find_messages",
    "get_message",
    "hidden",
    "last_messages",
    "logged_messages",
    "note",
    "people_in",
    "require_speakable",
    "revisions",
    "send",
    "send_all",
    "unread",
]
