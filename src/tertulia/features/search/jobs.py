"""How the index hears of what is said, changed and taken back."""

from tertulia.core.followers import Follower
from tertulia.core.tx import Reactions
from tertulia.features.expiry.events import MessagesExpired
from tertulia.features.files.events import FileChanged
from tertulia.features.messages.events import MessageDeleted, MessageEdited, MessageSent
from tertulia.features.search import service

FOLLOWER = Follower(
    # Other rules for words take another number, and a migration that empties the table.
    name="search.1",
    types=frozenset(
        {MessageSent.TYPE, MessageDeleted.TYPE, MessagesExpired.TYPE, FileChanged.TYPE}
    ),
    handle=service.follow,
    from_beginning=True,
)

REACTIONS: Reactions = {
    MessageEdited: [service.on_edited],
    MessageDeleted: [service.on_deleted],
    MessagesExpired: [service.on_expired],
}
