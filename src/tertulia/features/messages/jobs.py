"""Reactions: what happens to a room leaves a quiet note in it, in the same transaction."""

from tertulia.core.tx import Emitted, Reactions, Tx
from tertulia.core.wire import Fact
from tertulia.features.messages import service
from tertulia.features.messages.schemas import SystemBody, SystemEvent
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.events import MemberJoined, MemberLeft, RoomChanged, RoomCreated

_LEFT: dict[str, SystemEvent] = {
    "left": "member.left",
    "removed": "member.removed",
    "banned": "member.banned",
}


async def note_change(tx: Tx, emitted: Emitted) -> None:
    """Direct rooms need no notes of who is there: both know. What changes in them is noted."""
    actor_id, room_id = emitted.actor_id, emitted.stream.id
    if actor_id is None:
        return
    # Who has just left has no access any more, but nobody leaves a direct room.
    [access] = await rooms.find_accesses(tx, [(actor_id, room_id)])
    direct = access is not None and access.kind == "direct"
    if direct and not isinstance(emitted.fact, RoomChanged):
        return
    for body in notes(emitted.fact):
        await service.note(tx, actor_id, room_id, body)


def notes(fact: Fact) -> list[SystemBody]:
    """What is worth telling about a fact."""
    match fact:
        case RoomCreated(room=room):
            return [SystemBody(event="room.created", text=room.name or "")]
        case MemberJoined(member=member, by=None) if member.role == "owner":
            return []  # whoever makes a room: that was told
        case MemberJoined(member=member):
            return [SystemBody(event="member.joined", account_id=member.account.id)]
        case MemberLeft(account_id=account_id, reason=reason):
            return [SystemBody(event=_LEFT[reason], account_id=account_id)]
        case RoomChanged():
            return _changes(fact)
        case _:
            return []


def _changes(fact: RoomChanged) -> list[SystemBody]:
    room, found = fact.room, list[SystemBody]()
    if "name" in fact.changed:
        found.append(SystemBody(event="room.renamed", text=room.name or ""))
    if "topic" in fact.changed:
        found.append(SystemBody(event="room.topic_changed", text=room.topic))
    if "avatar" in fact.changed:
        found.append(SystemBody(event="room.avatar_changed", text=room.avatar or ""))
    if "message_ttl" in fact.changed:
        text = "" if room.message_ttl is None else str(room.message_ttl)
        found.append(SystemBody(event="room.ttl_changed", text=text))
    if "archived" in fact.changed:
        event: SystemEvent = "room.archived" if room.archived_at else "room.unarchived"
        found.append(SystemBody(event=event))
    return found


REACTIONS: Reactions = {
    fact: [note_change] for fact in (RoomCreated, RoomChanged, MemberJoined, MemberLeft)
}
