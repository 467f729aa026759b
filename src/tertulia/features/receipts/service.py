"""The verbs of receipts: what arrived, who got and who read it, and what of that one may know."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from tertulia.core import cursors as paging
from tertulia.core.actor import Actor
from tertulia.core.tx import Emitted, Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import Message
from tertulia.features.people import service as people
from tertulia.features.people.events import PrivacyChanged
from tertulia.features.receipts import policy, store
from tertulia.features.receipts.schemas import Cursor, MessageReceipts, RoomCursors, Seen
from tertulia.features.receipts.store import Position, Progress
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.events import RoomRead, RoomsRead
from tertulia.features.rooms.service import Can, RoomAccess

SHOWN = 100  # people of each list of a message's receipts

Place = tuple[UUID, UUID]  # a room and an account


class News(NamedTuple):
    """Cursors of one room that moved, and who of its members may know what of them."""

    room_id: UUID
    cursors: list[Cursor]
    hiding: set[UUID]
    apart: Mapping[UUID, set[UUID]]

    def shown(self, viewer: UUID) -> list[Cursor]:
        apart = self.apart.get(viewer, set())
        return policy.shown(self.cursors, viewer, hiding=self.hiding, apart=apart)


# Moving


async def deliver(tx: Tx, wanted: Sequence[Position]) -> list[Position]:
    """Devices have everything up to these places. What is not theirs to have, or known already, is
    passed over; answers what moved."""
    moved = await store.move_delivered(tx, wanted)
    if moved:
        await store.mark(tx, moved, is_read=False)
    return moved


async def on_read(tx: Tx, emitted: Emitted) -> None:
    """Somebody read: remember when."""
    moved = read_in(emitted)
    if moved:
        await store.mark(tx, moved, is_read=True)


def read_in(emitted: Emitted) -> list[Position]:
    """The places that a fact tells were read up to."""
    fact, account_id = emitted.fact, emitted.stream.id
    if isinstance(fact, RoomRead):
        return [Position(fact.room_id, account_id, fact.read_seq)]
    if isinstance(fact, RoomsRead):
        return [Position(one.room_id, account_id, one.read_seq) for one in fact.positions]
    return []


async def on_privacy_changed(tx: Tx, emitted: Emitted) -> None:
    """What others may know of my cursors may be other than it was: `GET sync` tells them anew."""
    if isinstance(emitted.fact, PrivacyChanged):
        await store.touch(tx, await places_of(tx, emitted.stream.id))


async def places_of(tx: Tx, account_id: UUID) -> list[Place]:
    """My places in direct rooms and groups."""
    mine = await rooms.memberships(tx, account_id)
    return [(access.room_id, account_id) for access in mine if access.kind != "channel"]


# Telling


async def news(tx: Tx, places: Collection[Place]) -> list[News]:
    """What is to be told of cursors that moved, where they are told at all."""
    moved, there = await store.cursors_of(tx, places)
    everybody = {one for of_room in there.values() for one in of_room}
    if not everybody:
        return []
    hiding = await people.hiding_receipts(tx, everybody)
    apart = await people.all_apart(tx, everybody)
    return [
        News(room_id, cursors, hiding.intersection(there[room_id]), _among(apart, there[room_id]))
        for room_id, cursors in moved.items()
    ]


def _among(apart: Mapping[UUID, set[UUID]], ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    return {one: apart[one] for one in ids if one in apart}


async def of_rooms(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, list[Cursor]]:
    """Cursors of the others in these rooms of one account, as it may know them, by room; of
    channels none."""
    small = [access for access in accesses if access.kind != "channel"]
    if not small:
        return {}
    return await _shown(tx, small[0].account_id, await store.cursors(tx, small))


async def moved_since(tx: Tx, account_id: UUID, since: int) -> list[RoomCursors]:
    """Those that transactions at or after a horizon moved."""
    moved = await store.moved_since(tx, account_id, since)
    shown = await _shown(tx, account_id, moved) if moved else {}
    return [RoomCursors(room_id=room_id, cursors=found) for room_id, found in shown.items()]


async def _shown(
    tx: Tx, viewer: UUID, cursors: Mapping[UUID, list[Cursor]]
) -> dict[UUID, list[Cursor]]:
    everybody = {one.account_id for of_room in cursors.values() for one in of_room} | {viewer}
    hiding = await people.hiding_receipts(tx, everybody)
    apart = await people.apart(tx, viewer)
    shown = {
        room_id: policy.shown(of_room, viewer, hiding=hiding, apart=apart)
        for room_id, of_room in cursors.items()
    }
    return {room_id: of_room for room_id, of_room in shown.items() if of_room}


async def cursors(tx: Tx, actor: Actor, room_id: UUID) -> list[Cursor]:
    """Of one direct room or group. A channel's are told message by message only: none."""
    access = await rooms.require(tx, actor, room_id, Can.READ)
    return (await of_rooms(tx, [access])).get(room_id, [])


async def message_receipts(
    tx: Tx, actor: Actor, room_id: UUID, message_id: UUID, cursor: str | None = None
) -> MessageReceipts:
    """Which of the others got a message and which read it, when. A cursor is of a crowd's readers.
    Raises NotFound, Invalid."""
    access = await rooms.require(tx, actor, room_id, Can.READ)
    message = await messages.get_message(tx, access, message_id)
    unseen = await people.apart(tx, actor.account_id) | {actor.account_id}
    if access.crowded:
        after = paging.decode(cursor, store.Reader) if cursor else store.FIRST
        return await _of_crowd(tx, access, message, unseen | {message.author_id}, after)
    found = [
        one
        for one in await store.progress(tx, access, message.seq, message.author_id)
        if one.account_id not in unseen
    ]
    hiding = await people.hiding_receipts(
        tx, {one.account_id for one in found} | {actor.account_id}
    )
    hidden = actor.account_id in hiding
    read = [one for one in found if one.read and not hidden and one.account_id not in hiding]
    readers = {one.account_id for one in read}
    delivered = [one for one in found if one.delivered and one.account_id not in readers]
    waiting = [one.account_id for one in found if not one.delivered]
    listed = [*_latest(read, "read_at"), *_latest(delivered, "delivered_at")]
    named = {one.account_id for one in listed} | set(waiting[:SHOWN])
    return MessageReceipts(
        message_id=message_id,
        read=[Seen(account_id=one.account_id, at=one.read_at) for one in _latest(read, "read_at")],
        read_count=len(read),
        delivered=[
            Seen(account_id=one.account_id, at=one.delivered_at)
            for one in _latest(delivered, "delivered_at")
        ],
        delivered_count=len(delivered),
        waiting=waiting[:SHOWN],
        waiting_count=len(waiting),
        hidden=hidden,
        people=list((await accounts.get_accounts(tx, named)).values()),
    )


async def _of_crowd(
    tx: Tx, access: RoomAccess, message: Message, unseen: Collection[UUID], after: store.Reader
) -> MessageReceipts:
    """Nobody's row leaves the database but those of the readers shown."""
    hidden = bool(await people.hiding_receipts(tx, [access.account_id]))
    readers, others = await store.crowd_counts(tx, access, message.seq, unseen)
    found = (
        []
        if hidden
        else await store.crowd_readers(tx, access, message.seq, unseen, after, SHOWN + 1)
    )
    shown = found[:SHOWN]
    named = await accounts.get_accounts(tx, [one.account_id for one in shown])
    return MessageReceipts(
        message_id=message.id,
        read=[Seen(account_id=one.account_id, at=None) for one in shown],
        read_count=0 if hidden else readers,
        delivered=[],
        delivered_count=0,
        waiting=[],
        waiting_count=0 if hidden else others,
        hidden=hidden,
        people=list(named.values()),
        next=paging.encode(shown[-1]) if len(found) > SHOWN else None,
    )


def _latest(found: Sequence[Progress], when: str) -> list[Progress]:
    """Those whose time is not known come last."""
    known = [one for one in found if getattr(one, when) is not None]
    known.sort(key=lambda one: getattr(one, when), reverse=True)
    return [*known, *(one for one in found if getattr(one, when) is None)][:SHOWN]
