"""The verbs of preferences."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from tertulia.core.actor import Actor
from tertulia.core.errors import FieldError, Invalid
from tertulia.core.streams import account_stream
from tertulia.core.tx import Tx
from tertulia.features.preferences import policy, store
from tertulia.features.preferences.events import ArrangementChanged, PreferenceChanged
from tertulia.features.preferences.policy import Attention
from tertulia.features.preferences.schemas import (
    Arrange,
    Arrangement,
    ChangePreferences,
    RoomPreferences,
)
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.service import Can, RoomAccess


async def change(tx: Tx, actor: Actor, room_id: UUID, wanted: ChangePreferences) -> RoomPreferences:
    """Mute, favour, file: what I want of one room. It locks my account's stream, never the room's.
    Raises `NotFound`, and `Invalid` for a section that I do not have."""
    [access] = await rooms.find_accesses(tx, [(actor.account_id, room_id)])
    refused = rooms.refusal(access, Can.READ)
    if refused is not None:
        raise refused
    mine = account_stream(actor.account_id)
    await tx.lock(mine)
    await _require_section(tx, actor, wanted.section_id)
    before = (await store.rooms(tx, actor.account_id, [room_id])).get(room_id, RoomPreferences())
    after = _changed(before, wanted)
    if after != before:
        await store.put_room(tx, actor.account_id, room_id, after)
        tx.emit(mine, PreferenceChanged(room_id=room_id, preferences=after), actor)
    return after


async def _require_section(tx: Tx, actor: Actor, section_id: object) -> None:
    if not isinstance(section_id, UUID):
        return
    known = (await store.arrangement(tx, actor.account_id)).sections
    if all(section.id != section_id for section in known):
        message = "There is no such section."
        raise Invalid(message, errors=(FieldError("section_id", "unknown", message),))


def _changed(before: RoomPreferences, wanted: ChangePreferences) -> RoomPreferences:
    new: dict[str, Any] = {
        name: value for name, value in msgspec.structs.asdict(wanted).items() if value is not UNSET
    }
    if "muted" in new:
        new.setdefault("muted_until", None)
    after = msgspec.structs.replace(before, **new)
    return after if after.muted else msgspec.structs.replace(after, muted_until=None)


async def arrange(tx: Tx, actor: Actor, wanted: Arrange) -> Arrangement:
    """Put my list in order. Raises `Invalid` for two sections of one id."""
    if isinstance(wanted.sections, list):
        ids = {section.id for section in wanted.sections}
        if len(ids) != len(wanted.sections):
            raise Invalid("Two sections have the same id.")
    mine = account_stream(actor.account_id)
    await tx.lock(mine)
    before = await store.arrangement(tx, actor.account_id)
    new: dict[str, Any] = {
        name: value for name in wanted.__struct_fields__
        if (value := getattr(wanted, name)) is not UNSET
    }  # fmt: skip
    after = msgspec.structs.replace(before, **new)
    if after != before:
        await store.put_arrangement(tx, actor.account_id, after)
        tx.emit(mine, ArrangementChanged(arrangement=after), actor)
    return after


async def arrangement(tx: Tx, account_id: UUID) -> Arrangement:
    return await store.arrangement(tx, account_id)


async def of_rooms(tx: Tx, accesses: Sequence[RoomAccess]) -> dict[UUID, RoomPreferences]:
    """One member's preferences of these rooms, by room id, for all of them."""
    if not accesses:
        return {}
    room_ids = [access.room_id for access in accesses]
    found = await store.rooms(tx, accesses[0].account_id, room_ids)
    return {room_id: found.get(room_id, RoomPreferences()) for room_id in room_ids}


def attention(
    access: RoomAccess,
    wanted: RoomPreferences,
    arrangement: Arrangement,
    now: datetime,
    *,
    unread: int,
    mentions: int,
    threads: Sequence[int] = (),
) -> Attention:
    """What of a room's unread messages, and of its threads with news (by how many replies of each
    call me), asks for its member's attention."""
    return policy.attention(
        wanted,
        access.kind,
        arrangement.default_level,
        now,
        unread=unread,
        mentions=mentions,
        threads=threads,
    )
