"""The verbs of reading back."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from tertulia.core.actor import Actor
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.accounts.schemas import Account
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import Message
from tertulia.features.reactions import service as reactions
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can, RoomAccess
from tertulia.features.timeline.schemas import Page, TimelineMessage


class Anchor(NamedTuple):
    """Where to read: at most one of the three, a seq."""

    before: int | None = None
    after: int | None = None
    around: int | None = None


async def page(tx: Tx, actor: Actor, room_id: UUID, anchor: Anchor, limit: int) -> Page:
    """History around an anchor, in `seq` order; the newest without one."""
    access = await rooms.require(tx, actor, room_id, Can.READ)
    found, found_oldest, found_newest = await _read(tx, access, anchor, limit)
    told = await beside(tx, access, [message for message in found if message])
    return Page(
        messages=told,
        people=await people_in(tx, told),
        found_oldest=found_oldest,
        found_newest=found_newest,
        head=await rooms.head(tx, access),
    )


async def message(tx: Tx, actor: Actor, room_id: UUID, message_id: UUID) -> TimelineMessage:
    """Raises NotFound."""
    access = await rooms.require(tx, actor, room_id, Can.READ)
    [found] = await beside(tx, access, [await messages.get_message(tx, access, message_id)])
    return found


async def beside(tx: Tx, access: RoomAccess, found: Sequence[Message]) -> list[TimelineMessage]:
    """Put beside messages of one room what the features above `messages` know of them: one
    statement for each feature, whatever the number of messages."""
    ids = [message.id for message in found]
    given = await reactions.beside(tx, access, ids)
    return [
        TimelineMessage(
            **msgspec.structs.asdict(message),
            reactions=given.get(message.id, []),
        )
        for message in found
    ]


async def people_in(tx: Tx, found: Sequence[TimelineMessage]) -> list[Account]:
    """Every account that these messages name, in their words or beside them."""
    named = await messages.people_in(tx, found)
    others = {account_id for message in found for account_id in _named_beside(message)}
    missing = others - {account.id for account in named}
    if not missing:
        return named
    return [*named, *(await accounts.get_accounts(tx, list(missing))).values()]


def _named_beside(message: TimelineMessage) -> set[UUID]:
    return {account_id for reaction in message.reactions for account_id in reaction.accounts}


async def _read(
    tx: Tx, access: RoomAccess, anchor: Anchor, limit: int
) -> tuple[list[Message | None], bool, bool]:
    """Messages (None: unreadable), whether the oldest of the room is among them, and the newest."""
    if anchor.around is not None:
        half = limit // 2
        older = await messages.before(tx, access, anchor.around, half + 1)
        newer = await messages.after(tx, access, anchor.around - 1, limit - half + 1)
        oldest, newest = len(older) <= half, len(newer) <= limit - half
        return older[-half:] * (half > 0) + newer[: limit - half], oldest, newest
    if anchor.after is not None:
        newer = await messages.after(tx, access, anchor.after, limit + 1)
        older = await messages.before(tx, access, anchor.after + 1, 1)
        return newer[:limit], not older, len(newer) <= limit
    older = await messages.before(tx, access, anchor.before, limit + 1)
    newest = anchor.before is None or not await messages.after(tx, access, anchor.before - 1, 1)
    return older[-limit:], len(older) <= limit, newest
