"""Reading back."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.errors import NotFound
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.accounts.schemas import Account
from tertulia.features.messages import state
from tertulia.features.messages.schemas import Message, Revision
from tertulia.features.messages.store import logged, reading
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can, RoomAccess


async def revisions(tx: Tx, actor: Actor, room_id: UUID, message_id: UUID) -> list[Revision]:
    """What a message said before, oldest first."""
    access = await rooms.require(tx, actor, room_id, Can.READ)
    await get_message(tx, access, message_id)
    return await reading.revisions(tx, access, message_id)


async def get_message(tx: Tx, access: RoomAccess, message_id: UUID) -> Message:
    """Raises NotFound."""
    found = await reading.find_message(tx, access, message_id)
    if found is None:
        raise NotFound
    return found


async def find_messages(
    tx: Tx, wanted: Sequence[tuple[RoomAccess, UUID]]
) -> dict[tuple[UUID, UUID], Message]:
    """Messages in any rooms, by (room, id); none for what is not there for those who ask."""
    return await reading.find_messages(tx, wanted)


async def hidden(tx: Tx, access: RoomAccess, before: int | None, limit: int) -> list[Message]:
    """What this member deleted for themselves, below the seq `before`, the newest first."""
    return await reading.hidden(tx, access, before, limit)


async def before(
    tx: Tx, access: RoomAccess, seq: int | None, limit: int, thread: UUID | None = None
) -> list[Message | None]:
    """The `limit` messages before `seq` (the newest for None), in order; None for an unreadable
    one. Of the room's talk, or of one thread."""
    return await reading.before(tx, access, thread, seq, limit)


async def after(
    tx: Tx, access: RoomAccess, seq: int, limit: int, thread: UUID | None = None
) -> list[Message | None]:
    """The `limit` messages after `seq`, as in `before`."""
    return await reading.after(tx, access, thread, seq, limit)


async def people_in(
    tx: Tx, messages: Iterable[Message], beside: Collection[UUID] = ()
) -> list[Account]:
    """Every account that these messages name, and these beside them."""
    named = set(beside).union(*(state.people_in(message) for message in messages))
    return list((await accounts.get_accounts(tx, list(named))).values())


async def last_messages(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, Message]:
    """The newest message of each room that has one."""
    return await reading.last_messages(tx, accesses)


async def unread(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, tuple[list[int], list[int]]]:
    """For each room its newest unread seqs (at most 100), and those of them that mention me."""
    return await reading.unread(tx, accesses)


async def logged_messages(tx: Tx, wanted: Sequence[tuple[UUID, UUID]]) -> list[Message]:
    """Messages, by room and id, as they stand now, for the event log, which hands a stream's events
    only to those who may hear the stream."""
    return await logged.messages_by_id(tx, wanted)
