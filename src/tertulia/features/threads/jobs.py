"""Reactions: what is said, changed or taken back in a thread moves its figures."""

from tertulia.core.tx import Reactions
from tertulia.features.expiry.events import MessagesExpired
from tertulia.features.messages.events import MessageDeleted, MessageEdited, MessageSent
from tertulia.features.threads import service

REACTIONS: Reactions = {
    MessageSent: [service.on_sent],
    MessageEdited: [service.on_edited],
    MessageDeleted: [service.on_deleted],
    MessagesExpired: [service.on_expired],
}
