"""The verbs of drafts."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec

from tertulia.core.actor import Actor
from tertulia.core.errors import Invalid, NotFound
from tertulia.core.streams import account_stream
from tertulia.core.tx import Emitted, Tx
from tertulia.features.drafts import store
from tertulia.features.drafts.events import DraftChanged
from tertulia.features.drafts.schemas import DRAFT_LIMIT, Draft, SaveDraft
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.events import RoomLeft
from tertulia.features.rooms.service import Can

# How long a device may be away and still not bring back what was sent elsewhere meanwhile.
REMEMBERED = timedelta(days=30)


class TooManyDrafts(Invalid):
    title = f"There are {DRAFT_LIMIT} drafts: send or delete some"


async def save(tx: Tx, actor: Actor, room_id: UUID, wanted: SaveDraft) -> Draft | None:
    """Write down what is begun in a room or thread; answers the draft that stands.

    Mine alone: it locks my account's stream, never the room's. Raises TooManyDrafts.
    """
    [access] = await rooms.find_accesses(tx, [(actor.account_id, room_id)])
    refused = rooms.refusal(access, Can.READ)
    if refused is not None:
        raise refused
    if "\0" in wanted.text:
        raise Invalid("The text holds a NUL character.")
    await tx.lock(account_stream(actor.account_id))
    # Somebody may have taken me out while I waited; what is said of that room is then forgotten.
    if (await rooms.find_accesses(tx, [(actor.account_id, room_id)]))[0] is None:
        raise NotFound
    draft = Draft(
        id=wanted.thread or room_id,
        room_id=room_id,
        thread=wanted.thread,
        text=wanted.text,
        reply_to=wanted.reply_to,
        # A clock that runs ahead must not win against all that is written later elsewhere.
        saved_at=min(wanted.saved_at, tx.now),
    )
    return await _keep_later(tx, actor, draft)


async def _keep_later(tx: Tx, actor: Actor, draft: Draft) -> Draft | None:
    held = await store.find(tx, actor.account_id, draft.id)
    if held is not None and (held.saved_at > draft.saved_at or _same(held, draft)):
        return _standing(held)
    if held is None and _is_gone(draft):
        return None
    if (held is None or _is_gone(held)) and not _is_gone(draft):
        if await store.count(tx, actor.account_id) >= DRAFT_LIMIT:
            raise TooManyDrafts
        await store.sweep(tx, actor.account_id, tx.now - REMEMBERED)
    await store.put(tx, actor.account_id, draft)
    standing = _standing(draft)
    tx.emit(account_stream(actor.account_id), DraftChanged(id=draft.id, draft=standing), actor)
    return standing


def _is_gone(draft: Draft) -> bool:
    return draft.text == "" and draft.reply_to is None


def _standing(draft: Draft) -> Draft | None:
    return None if _is_gone(draft) else draft


def _same(one: Draft, other: Draft) -> bool:
    return msgspec.structs.replace(one, saved_at=other.saved_at) == other


async def drafts(tx: Tx, actor: Actor) -> list[Draft]:
    """All of mine, the newest first."""
    return await store.all_of(tx, actor.account_id)


async def on_room_left(tx: Tx, emitted: Emitted) -> None:
    """Who is out of a room has nothing to say there; the client forgets the room and its drafts."""
    if isinstance(emitted.fact, RoomLeft):
        await store.drop_room(tx, emitted.stream.id, emitted.fact.room_id)


async def logged_drafts(
    tx: Tx, wanted: Sequence[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], DraftChanged]:
    """Facts by (account, draft id), for the event log, which hands them to that account only."""
    found = await store.by_id(tx, wanted)
    return {
        point: DraftChanged(id=point[1], draft=_standing(found[point]) if point in found else None)
        for point in wanted
    }
