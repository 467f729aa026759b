"""The verbs of listening."""

from collections.abc import Sequence
from uuid import UUID

from tertulia.core.actor import Actor
from tertulia.core.errors import Forbidden, NotFound
from tertulia.core.streams import account_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.listens import store
from tertulia.features.listens.events import VoiceHeard, VoiceListened
from tertulia.features.listens.schemas import COUNTED, ListenerList, Listens
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import Message, VoiceBody
from tertulia.features.people import service as people
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can, RoomAccess


async def listen(tx: Tx, actor: Actor, room_id: UUID, message_id: UUID) -> None:
    """I played a voice message. Again, or of my own, it changes nothing. The room is not locked:
    nobody waits for me. Raises Forbidden for what is no voice message."""
    [access] = await rooms.find_accesses(tx, [(actor.account_id, room_id)])
    refused = rooms.refusal(access, Can.READ)
    if access is None or refused is not None:
        raise refused or NotFound()
    message = await messages.get_message(tx, access, message_id)
    if not isinstance(message.body, VoiceBody):
        raise Forbidden("Only a voice message is listened to.")
    author = message.author_id
    if author == actor.account_id:
        return
    mine, theirs = account_stream(actor.account_id), account_stream(author)
    await tx.lock(mine, theirs)
    told = await _may_know(tx, author, access)
    before = await _heard(tx, message)
    if not await store.put(tx, access, message_id, told=told):
        return
    tx.emit(mine, VoiceListened(room_id=room_id, message_id=message_id), actor)
    if told and before.count < COUNTED:
        heard = await _heard(tx, message)
        fact = VoiceHeard(room_id=room_id, message_id=message_id, listens=heard)
        tx.emit(theirs, fact, actor)


async def _heard(tx: Tx, message: Message) -> Listens:
    found = await store.standing(tx, [(message.room_id, message.id)])
    return found.get(message.id, Listens(count=0, people=[]))


async def _may_know(tx: Tx, author: UUID, listener: RoomAccess) -> bool:
    [place] = await rooms.find_accesses(tx, [(author, listener.room_id)])
    if rooms.refusal(place, Can.READ) is not None:
        return False
    if author in await people.apart(tx, listener.account_id):
        return False
    return not await people.hiding_receipts(tx, [author, listener.account_id])


async def listeners(tx: Tx, actor: Actor, room_id: UUID, message_id: UUID) -> ListenerList:
    """Who played a voice message of mine. Raises Forbidden for another's."""
    access = await rooms.require(tx, actor, room_id, Can.READ)
    message = await messages.get_message(tx, access, message_id)
    if message.author_id != actor.account_id:
        raise Forbidden("Only its author is told who listened.")
    found = await store.listeners(tx, access, message_id)
    named = await accounts.get_accounts(tx, [one.account_id for one in found])
    return ListenerList(listeners=found, people=list(named.values()))


async def beside(
    tx: Tx, found: Sequence[tuple[RoomAccess, Message]]
) -> tuple[set[UUID], dict[UUID, Listens]]:
    """Which of these messages, of any rooms of mine, I played; and of mine, who played them."""
    voices = [(access, one) for access, one in found if isinstance(one.body, VoiceBody)]
    if not voices:
        return set(), {}
    mine = [one for access, one in voices if one.author_id == access.account_id]
    others = [(access, one.id) for access, one in voices if one.author_id != access.account_id]
    played = await store.listened(tx, others) if others else set[UUID]()
    heard = await store.standing(tx, [(one.room_id, one.id) for one in mine]) if mine else {}
    return played, heard


async def forget(tx: Tx, room_id: UUID, message_ids: Sequence[UUID]) -> None:
    """These are gone, and that was told: so is who played them."""
    await store.forget(tx, room_id, message_ids)
