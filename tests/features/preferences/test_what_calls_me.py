"""What one message adds to my badges: every level, muted or not, however it calls me, in a room or
between two, in the room or in a thread. By the real verbs, down to `GET me/unread`."""

from itertools import product
from typing import NamedTuple
from uuid import UUID

from tests.support.world import Person, World

from tertulia.core.errors import AppError
from tertulia.features.members import service as members
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import SendMessage
from tertulia.features.messages.service import Outgoing
from tertulia.features.preferences import service as preferences
from tertulia.features.preferences.schemas import ChangePreferences, Level
from tertulia.features.sync import service as sync
from tertulia.features.sync.schemas import Unread

LEVELS: tuple[Level | None, ...] = (None, "everything", "mentions", "nothing")
CALLS = {"nobody": "", "me": "@alice ", "here": "@here ", "room": "@room "}
PLACES = ("in the room", "in a thread of mine", "in a thread of others")


class Case(NamedTuple):
    level: Level | None
    muted: bool
    calls: str
    direct: bool
    place: str


def adds(case: Case) -> Unread:
    """The rule in its plainest words (R8, K3, K5)."""
    level = case.level or ("everything" if case.direct else "mentions")
    badge = mentions = threads = 0
    if level != "nothing" and case.place == "in the room":
        mentions = case.calls != "nobody"
        badge = mentions or (level == "everything" and not case.muted)
    elif level != "nothing":
        # Who is named in a thread follows it; being here or the whole room are no reason to.
        follows = case.place == "in a thread of mine" or case.calls == "me"
        mentions = follows and case.calls != "nobody"
        threads = follows and (mentions or not case.muted)
    return Unread(rooms=int(badge), badge=int(badge), mentions=int(mentions), threads=int(threads))


async def say(world: World, who: Person, room: UUID, text: str, thread: UUID | None) -> None:
    """As `world.say`, with everybody here."""
    draft = SendMessage(client_id=world.ids.uuid7(), text=text, thread=thread)
    outgoing = [Outgoing(who.actor, room, draft)]
    [sent] = await world.db.write(lambda tx: messages.send_all(tx, outgoing, lambda ids: ids))
    assert not isinstance(sent, AppError)


async def room_of(world: World, case: Case, alice: Person, bob: Person) -> UUID:
    room = await (world.direct(alice, bob) if case.direct else world.channel(alice, bob))
    wanted = ChangePreferences(level=case.level, muted=case.muted)
    await world.write(preferences.change, alice, room, wanted)
    return room


async def test_what_one_message_adds(world: World, alice: Person, bob: Person) -> None:
    cases = [Case(*one) for one in product(LEVELS, (False, True), CALLS, (False, True), PLACES)]
    wrong: list[tuple[Case, Unread]] = []
    for number, case in enumerate(cases):
        # A direct room is one of a pair: each case has a Bob of its own.
        other = await world.person(f"bob{number}") if case.direct else bob
        room = await room_of(world, case, alice, other)
        root = await world.say(
            alice if case.place == "in a thread of mine" else other, room, "a root"
        )
        thread = None if case.place == "in the room" else root.id
        head = (await world.room_snapshot(alice, room)).head
        await world.write(members.mark_read, alice, room, head)
        before = await world.read(sync.unread, alice)
        await say(world, other, room, CALLS[case.calls] + "hello", thread)
        after = await world.read(sync.unread, alice)
        if _minus(after, before) != adds(case):
            wrong.append((case, _minus(after, before)))
        await world.write(preferences.change, alice, room, ChangePreferences(level="nothing"))
    assert wrong == []
    assert len(cases) == 192


def _minus(after: Unread, before: Unread) -> Unread:
    return Unread(
        rooms=after.rooms - before.rooms,
        badge=after.badge - before.badge,
        mentions=after.mentions - before.mentions,
        threads=after.threads - before.threads,
    )
