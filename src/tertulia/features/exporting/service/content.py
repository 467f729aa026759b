"""What a file holds, read page by page as its asker: nothing they could not read themselves."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from tertulia.core.actor import Actor
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.accounts.schemas import Account
from tertulia.features.exporting.schemas import ExportedMessage
from tertulia.features.members import service as members
from tertulia.features.members.schemas import MemberList
from tertulia.features.messages import service as messages
from tertulia.features.reactions import service as reactions
from tertulia.features.reactions.schemas import Reactor
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import Room
from tertulia.features.rooms.service import Can
from tertulia.features.timeline import service as timeline
from tertulia.features.timeline.schemas import TimelineMessage
from tertulia.features.timeline.service import Anchor

PAGE = 100  # messages


class RoomHead(NamedTuple):
    """A room, and how long its log is: about as much work as its messages."""

    room: Room
    head: int


class Part(NamedTuple):
    """Some messages, the accounts they name, those that threads hang from, and where it goes on;
    None at the end."""

    messages: list[ExportedMessage]
    people: list[Account]
    roots: list[UUID]
    after: int | None


async def room_head(tx: Tx, actor: Actor, room_id: UUID, can: Can) -> RoomHead:
    access = await rooms.require(tx, actor, room_id, can)
    return RoomHead(access.room, await rooms.head(tx, access))


async def my_rooms(tx: Tx, actor: Actor) -> list[RoomHead]:
    accesses = await rooms.memberships(tx, actor.account_id)
    heads = await rooms.heads(tx, accesses)
    return [RoomHead(access.room, heads[access.room_id]) for access in accesses]


async def title(tx: Tx, actor: Actor, room: Room) -> str:
    """A room without a name is called after those in it."""
    if room.name:
        return room.name
    page = await members.page(tx, actor, room.id, None)
    others = [
        one.account.display_name for one in page.members if one.account.id != actor.account_id
    ]
    return ", ".join(others[:8]) or "My notes"


async def member_page(tx: Tx, actor: Actor, room_id: UUID, cursor: str | None) -> MemberList:
    return await members.page(tx, actor, room_id, cursor)


async def talk(tx: Tx, actor: Actor, room_id: UUID, after: int) -> Part:
    """The next messages of the room's talk above `after`."""
    page = await timeline.page(tx, actor, room_id, Anchor(after=after), PAGE)
    roots = [one.id for one in page.messages if one.thread_summary]
    found = await _enrich(tx, actor, room_id, page.messages)
    return Part(found, page.people, roots, _next(page.messages, page.found_newest))


async def replies(tx: Tx, actor: Actor, room_id: UUID, root: UUID, after: int) -> Part:
    """The next replies of a thread above `after`, but for those that the room's talk holds."""
    page = await timeline.thread_page(tx, actor, room_id, root, Anchor(after=after), PAGE)
    found = await _enrich(tx, actor, room_id, [one for one in page.messages if not one.in_room])
    return Part(found, page.people, [], _next(page.messages, page.found_newest))


def _next(found: Sequence[TimelineMessage], found_newest: bool) -> int | None:
    return found[-1].seq if found and not found_newest else None


async def _enrich(
    tx: Tx, actor: Actor, room_id: UUID, found: Sequence[TimelineMessage]
) -> list[ExportedMessage]:
    enriched: list[ExportedMessage] = []
    for one in found:
        revisions = await messages.revisions(tx, actor, room_id, one.id) if one.edited_at else []
        reactors = await _reactors(tx, actor, room_id, one.id) if one.reactions else []
        fields = {name: getattr(one, name) for name in one.__struct_fields__}
        enriched.append(ExportedMessage(**fields, revisions=revisions, reactors=reactors))
    return enriched


async def _reactors(tx: Tx, actor: Actor, room_id: UUID, message_id: UUID) -> list[Reactor]:
    found: list[Reactor] = []
    cursor = None
    while True:
        page = await reactions.reactors(tx, actor, room_id, message_id, None, cursor)
        found.extend(page.reactors)
        if page.next is None:
            return found
        cursor = page.next


async def account_parts(tx: Tx, actor: Actor) -> dict[str, object]:
    """What is mine beside rooms, as `AccountExport` has it."""
    stars: list[object] = []
    cursor = None
    while True:
        page = await timeline.starred(tx, actor, cursor, PAGE)
        stars.extend(page.stars)
        if page.next is None:
            break
        cursor = page.next
    return {
        "account": await accounts.own_account(tx, actor),
        "devices": await accounts.devices(tx, actor),
        "stars": stars,
    }


def encode(value: object) -> bytes:
    return msgspec.json.encode(value)
