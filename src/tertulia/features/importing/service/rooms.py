"""Conversations become rooms: opened first, filled, and entered by their members last."""

import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.accounts.service import arrivals
from tertulia.features.importing import store
from tertulia.features.importing.service.talk import Place, identify
from tertulia.features.importing.state import naming, slack
from tertulia.features.importing.state.report import Report
from tertulia.features.pins import service as pinning
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import Role, Room, RoomKind

PINS = "pins"  # in the place of a file's name


class NobodyHere(Exception):
    """A server without any account: whose rooms should these be?"""


async def find(tx: Tx, source: str) -> dict[str, UUID]:
    """The rooms that conversations of this source became, by their key there."""
    return {key: one.id for key, one in (await store.known(tx, source, "room")).items()}


async def pin(tx: Tx, place: Place, channel: slack.Channel, report: Report) -> None:
    """Pin what was pinned there. Once for a list of pins: what was unpinned here stays so."""
    pins = [pin for pin in channel.pins or () if pin.id and slack.is_ts(pin.id)]
    checksum = zlib.crc32("".join(pin.id or "" for pin in pins).encode())
    before = await store.finished_files(tx, place.source, place.room_id)
    if before.get(PINS, zlib.crc32(b"")) == checksum:
        return
    await tx.lock(room_stream(place.room_id))
    room = await rooms.get_room(tx, place.room_id)
    by = {identify(place, pin.id or ""): place.people.get(pin.user or "") for pin in pins}
    wanted = {message: who or room.created_by for message, who in by.items()}
    report.pins += await pinning.bring_in(tx, place.room_id, wanted)
    await store.finish_file(tx, place.source, place.room_id, PINS, checksum)


async def open_room(
    tx: Tx, source: str, conversation: slack.Conversation, people: Mapping[str, UUID]
) -> UUID:
    """Make the room of a conversation, still without members.

    A pair who talks here already keeps that room for itself: a past cannot be put before it, so it
    gets a group of its own. Raises NobodyHere.
    """
    members = _members(conversation, people)
    room = await _draw(tx, conversation, members, people)
    pair = (members[0], members[1]) if room.kind == "direct" else None
    if not await rooms.bring_in(tx, room, pair):
        names = await accounts.get_accounts(tx, members)
        name = " & ".join(sorted(account.display_name for account in names.values()))
        room = _as_group(room, naming.one_line(f"{name} (Slack)", 80))
        await rooms.bring_in(tx, room)
    found = {conversation.channel.id: store.Known(room.id, made=True)}
    await store.remember(tx, source, "room", found)
    return room.id


def kind_of(conversation: slack.Conversation, members: int) -> RoomKind:
    """A conversation with oneself, or with more than two, is a group."""
    if conversation.kind in ("channel", "private"):
        return "channel"
    return "direct" if conversation.kind == "direct" and members == 2 else "group"


def count(conversation: slack.Conversation, report: Report) -> None:
    match conversation.kind:
        case "channel":
            report.channels += 1
        case "private":
            report.private_channels += 1
        case "group":
            report.groups += 1
        case "direct":
            report.directs += 1


def _members(conversation: slack.Conversation, people: Mapping[str, UUID]) -> list[UUID]:
    """Accounts, each once: two people of Slack may be one here."""
    return list(dict.fromkeys(people[one] for one in conversation.channel.members if one in people))


async def _draw(
    tx: Tx, conversation: slack.Conversation, members: list[UUID], people: Mapping[str, UUID]
) -> Room:
    channel = conversation.channel
    kind = kind_of(conversation, len(members))
    creator = people.get(channel.creator or "") or next(iter(members), None)
    creator = creator or await arrivals.server_owner(tx)
    if creator is None:
        raise NobodyHere("Register the first account, then import.")
    topic = naming.one_line(channel.topic.value or channel.purpose.value, 250)
    return Room(
        id=tx.ids.uuid7(),
        kind=kind,
        visibility="public" if conversation.kind == "channel" else "private",
        name=_name(conversation) if kind == "channel" else None,
        topic=topic if kind == "channel" else "",
        created_at=_created(channel, tx.now),
        created_by=creator,
        archived_at=tx.now if channel.is_archived and kind == "channel" else None,
    )


def _name(conversation: slack.Conversation) -> str:
    channel = conversation.channel
    return naming.one_line(channel.name or "", 80) or channel.id[:80]


def _created(channel: slack.Channel, now: datetime) -> datetime:
    try:
        return min(datetime.fromtimestamp(channel.created or 0, UTC), now)
    except (OverflowError, ValueError, OSError):
        return now


def _as_group(room: Room, name: str) -> Room:
    return Room(
        id=room.id,
        kind="group",
        visibility="private",
        name=name,
        topic="",
        created_at=room.created_at,
        created_by=room.created_by,
        archived_at=None,
    )


async def seat(
    tx: Tx, room_id: UUID, conversation: slack.Conversation, people: Mapping[str, UUID]
) -> int:
    """Let those in who were in it there, with everything read. Who was ever in the room is left as
    they are. A public channel that nobody active is in gets the server's owner. Answers how many
    came in."""
    await tx.lock(room_stream(room_id))
    room = await rooms.get_room(tx, room_id)
    members = _members(conversation, people)
    if room.kind == "direct":
        members = members[:2]
    wanted = await accounts.get_accounts(tx, members)
    active = [one for one in members if not wanted[one].deactivated]
    owner = await arrivals.server_owner(tx) if room.visibility == "public" and not active else None
    if owner is not None:
        members.append(owner)
        active.append(owner)
    seated = await rooms.get_members(tx, room, members)
    newcomers: dict[UUID, Role] = {
        one: _role(room, one, active) for one in members if one not in seated
    }
    if newcomers:
        await rooms.seat(tx, room, newcomers, None)
    return len(newcomers)


def _role(room: Room, account_id: UUID, active: list[UUID]) -> Role:
    """Who made it owns it; where they cannot act, so does the first who can."""
    if room.kind == "direct":
        return "member"
    stands_in = room.created_by not in active and active[:1] == [account_id]
    return "owner" if account_id == room.created_by or stands_in else "member"
