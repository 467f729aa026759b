"""Old snapshot + events = new snapshot, for every verb there is (E6)."""

import inspect
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from tests.features.sync.beside import BESIDE
from tests.features.sync.conftest import House
from tests.features.sync.silent import READING, WITHIN_OTHERS
from tests.support.verify import verify

from tertulia.core.images import Picture
from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.accounts.schemas import ChangeProfile
from tertulia.features.films import service as films
from tertulia.features.invites import service as invites
from tertulia.features.invites.schemas import CreateInvite, Invite
from tertulia.features.listens import service as listens
from tertulia.features.members import service as members
from tertulia.features.members.schemas import Ban, TimeOut
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import EditMessage, SendMessage
from tertulia.features.messages.service import Outgoing
from tertulia.features.pins import service as pins
from tertulia.features.polls import service as polls
from tertulia.features.reactions import service as reactions
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import ChangeRoom, CreateRoom, Role

Case = Callable[[House], Awaitable[object]]


# accounts


async def register(house: House) -> None:
    await house.world.person("erin")


async def login(house: House) -> None:
    await house.world.another_device(house.alice)


async def logout(house: House) -> None:
    elsewhere = await house.world.another_device(house.alice)
    await house.world.db.write(lambda tx: accounts.logout(tx, elsewhere.actor))


async def rename_device(house: House) -> None:
    device_id = (await house.world.another_device(house.alice)).actor.device_id
    await house.world.write(accounts.rename_device, house.alice, device_id, "The kitchen")


async def sign_out_device(house: House) -> None:
    device_id = (await house.world.another_device(house.alice)).actor.device_id
    await house.world.write(accounts.sign_out_device, house.alice, device_id)


async def sign_out_others(house: House) -> None:
    for _ in range(2):
        await house.world.another_device(house.alice)
    await house.world.write(accounts.sign_out_others, house.alice)


async def change_password(house: House) -> None:
    await house.world.another_device(house.alice)

    async def verb(tx: Tx) -> None:
        _, credentials = await accounts.own_credentials(tx, house.alice.actor)
        await accounts.change_password(tx, house.alice.actor, credentials, "another")

    await house.world.db.write(verb)


async def change_profile(house: House) -> None:
    change = ChangeProfile(display_name="Alicia", hue=20, status_text="out", email="a@b.example")
    await house.world.write(accounts.change_profile, house.alice, change)


async def show_face(house: House) -> None:
    await house.world.write(accounts.set_face, house.bob, Picture(b"RIFF", 8, 8, 1))
    await house.world.write(accounts.set_face, house.alice, Picture(b"RIFF", 8, 8, 1))
    await house.world.write(accounts.set_face, house.alice, None)


# rooms


def creating(**draft: Any) -> Case:
    async def case(house: House) -> None:
        people = [house.bob.id, house.dave.id] if draft["kind"] != "direct" else [house.dave.id]
        await house.world.write(rooms.create, house.alice, CreateRoom(members=people, **draft))

    return case


async def find_direct(house: House) -> None:
    draft = CreateRoom(kind="direct", members=[house.alice.id])
    await house.world.write(rooms.create, house.bob, draft)


def changing(**change: Any) -> Case:
    async def case(house: House) -> None:
        await house.world.write(rooms.change, house.alice, house.channel, ChangeRoom(**change))

    return case


async def bring_back(house: House) -> None:
    for archived in (True, False):
        await changing(archived=archived)(house)


# members


async def join(house: House) -> None:
    await house.world.write(members.join, house.dave, house.channel)


async def join_again(house: House) -> None:
    await house.world.write(members.leave, house.bob, house.channel)
    await house.world.say(house.alice, house.channel, "meanwhile, @bob")
    await house.world.write(members.join, house.bob, house.channel)


async def leave_channel(house: House) -> None:
    await house.world.write(members.leave, house.bob, house.channel)


async def leave_group(house: House) -> None:
    await house.world.write(members.leave, house.bob, house.group)


async def leave_as_the_last(house: House) -> None:
    for person in (house.bob, house.carol, house.alice):
        await house.world.write(members.leave, person, house.group)


async def add_to_group(house: House) -> None:
    await house.world.write(members.add, house.bob, house.group, [house.dave.id, house.mallory.id])


async def add_to_channel(house: House) -> None:
    await house.world.write(members.add, house.bob, house.channel, [house.dave.id])


async def remove(house: House) -> None:
    await house.world.write(members.remove, house.alice, house.channel, house.bob.id)


async def ban_member(house: House) -> None:
    await house.world.write(members.ban, house.alice, house.group, Ban(account_id=house.bob.id))


async def ban_stranger(house: House) -> None:
    await house.world.write(members.ban, house.alice, house.channel, Ban(account_id=house.dave.id))


async def time_out(house: House) -> None:
    until = house.world.clock.now() + timedelta(hours=1)
    for room in (house.channel, house.group):
        for wanted in (TimeOut(until=until), TimeOut(until=None), TimeOut(until=until)):
            await house.world.write(members.time_out, house.alice, room, house.bob.id, wanted)


async def unban(house: House) -> None:
    await house.world.write(members.unban, house.alice, house.channel, house.mallory.id)


async def promote(house: House) -> None:
    ladder: tuple[Role, ...] = ("moderator", "owner", "guest")
    for room in (house.channel, house.group):
        for role in ladder:
            await house.world.write(members.change_role, house.alice, room, house.bob.id, role)


async def step_down(house: House) -> None:
    change, room = members.change_role, house.group
    await house.world.write(change, house.alice, room, house.bob.id, "owner")
    await house.world.write(change, house.alice, room, house.alice.id, "member")


def reading(seq: Callable[[House], int]) -> Case:
    async def case(house: House) -> None:
        await house.world.write(members.mark_read, house.carol, house.channel, seq(house))

    return case


async def read_all(house: House) -> None:
    await saying("@carol and @room")(house)
    await house.world.write(members.mark_all_read, house.carol)


# invites


async def make_invite(house: House) -> Invite:
    return await house.world.write(
        invites.create, house.alice, house.group, CreateInvite(), public_url="https://t.example"
    )


async def accept_invite(house: House) -> None:
    invite = await make_invite(house)
    await house.world.write(invites.accept, house.dave, invite.code)


async def revoke_invite(house: House) -> None:
    invite = await make_invite(house)
    await house.world.write(invites.revoke, house.alice, house.group, invite.id)


# messages


def saying(text: str) -> Case:
    async def case(house: House) -> None:
        for room in (house.channel, house.group, house.direct):
            await house.world.say(house.bob, room, text)

    return case


async def reply(house: House) -> None:
    await house.world.say(house.carol, house.channel, "to that", reply_to=house.question.id)


async def say_twice(house: House) -> None:
    client_id = house.world.ids.uuid7()
    for text in ("once", "twice"):
        await house.world.say(house.bob, house.channel, text, client_id=client_id)


async def say_much(house: House) -> None:
    """More than anybody is told of by number."""
    drafts = [
        SendMessage(client_id=house.world.ids.uuid7(), text=f"{n} @carol") for n in range(130)
    ]
    outgoing = [Outgoing(house.bob.actor, house.channel, draft) for draft in drafts]
    await house.world.db.write(lambda tx: messages.send_all(tx, outgoing))


def editing(text: str, *, last: bool) -> Case:
    async def case(house: House) -> None:
        message = house.answer if last else house.question
        author = house.bob if last else house.alice
        await house.world.write(
            messages.edit, author, house.channel, message.id, EditMessage(text=text)
        )

    return case


def deleting(*, last: bool) -> Case:
    async def case(house: House) -> None:
        message = house.answer if last else house.question
        await house.world.write(messages.delete, house.alice, house.channel, message.id)

    return case


async def say_and_take_back(house: House) -> None:
    message = await house.world.say(house.bob, house.channel, "@alice @room never mind")
    await house.world.write(messages.delete, house.bob, house.channel, message.id)


async def paint(house: House) -> None:
    for room in (house.channel, house.group):
        await house.world.write(rooms.set_picture, house.alice, room, Picture(b"RIFF", 8, 8, 1))
    await house.world.write(rooms.set_picture, house.alice, house.group, None)


class Row(NamedTuple):
    verb: Callable[..., Any]
    label: str
    case: Case
    quiet: bool = False  # nobody's picture changes, and none should


ROWS = [
    Row(accounts.register, "somebody new", register, quiet=True),
    Row(accounts.login, "another device", login),
    Row(accounts.logout, "another device, and out again", logout, quiet=True),
    Row(accounts.rename_device, "a device", rename_device),
    Row(accounts.sign_out_device, "a device", sign_out_device, quiet=True),
    Row(accounts.sign_out_others, "two devices", sign_out_others, quiet=True),
    Row(accounts.change_password, "with another device", change_password, quiet=True),
    Row(accounts.change_profile, "all of it", change_profile),
    Row(accounts.set_face, "one, and one that is taken away", show_face),
    Row(rooms.create, "a channel", creating(kind="channel", name="New")),
    Row(rooms.create, "a group", creating(kind="group")),
    Row(rooms.create, "a direct room", creating(kind="direct")),
    Row(rooms.create, "a direct room that is there", find_direct, quiet=True),
    Row(rooms.change, "name and topic", changing(name="Cellar", topic="wine")),
    Row(rooms.change, "visibility", changing(visibility="private")),
    Row(rooms.change, "archive", changing(archived=True)),
    Row(rooms.change, "archive and bring back", bring_back),
    Row(rooms.change, "to what it is", changing(name="The table"), quiet=True),
    Row(rooms.set_picture, "one, and it is taken away elsewhere", paint),
    Row(members.join, "a public channel", join),
    Row(members.join, "again, after leaving", join_again),
    Row(members.leave, "a channel", leave_channel),
    Row(members.leave, "a group", leave_group),
    Row(members.leave, "as the last", leave_as_the_last),
    Row(members.add, "two to a group", add_to_group),
    Row(members.add, "one to a channel", add_to_channel),
    Row(members.remove, "from a channel", remove),
    Row(members.ban, "a member", ban_member),
    Row(members.ban, "a stranger", ban_stranger, quiet=True),
    Row(members.unban, "a stranger", unban, quiet=True),
    Row(members.time_out, "and lift, and again", time_out),
    Row(members.change_role, "up and down", promote),
    Row(members.change_role, "handing over", step_down),
    Row(members.mark_read, "to a mention", reading(lambda house: house.question.seq)),
    Row(members.mark_read, "to the end", reading(lambda house: house.answer.seq)),
    Row(members.mark_read, "beyond the end", reading(lambda house: 10**9)),
    Row(members.mark_read, "backwards", reading(lambda house: 0), quiet=True),
    Row(members.mark_all_read, "everything", read_all),
    Row(rooms.change, "announcements", changing(posting="moderators", thread_replies=False)),
    Row(rooms.change, "slow mode", changing(slow_mode=30)),
    Row(invites.create, "a link", make_invite, quiet=True),
    Row(invites.accept, "a link", accept_invite),
    Row(invites.revoke, "a link", revoke_invite, quiet=True),
    Row(messages.send, "words", saying("hello")),
    Row(messages.send, "a mention", saying("hello @alice and @carol")),
    Row(messages.send, "to the room", saying("hello @room")),
    Row(messages.send, "a reply", reply),
    Row(messages.send, "twice", say_twice),
    Row(messages.send_all, "more than is counted", say_much),
    Row(messages.edit, "the last", editing("I do not, @alice", last=True)),
    Row(messages.edit, "what the last quotes", editing("who? " + "y" * 300, last=False)),
    Row(messages.edit, "a mention away", editing("who comes?", last=False)),
    Row(messages.delete, "the last", deleting(last=True)),
    Row(messages.delete, "what the last quotes", deleting(last=False)),
    Row(messages.delete, "an unread mention", say_and_take_back),
    *(Row(*each) for each in BESIDE),
]


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row.verb.__module__.split('.')[2]}.{row.verb.__name__}"
                         f"-{row.label}") for row in ROWS]
)  # fmt: skip
async def test_old_snapshot_and_events_are_the_new_snapshot(row: Row, house: House) -> None:
    await house.world.clock.advance(timedelta(minutes=1).total_seconds())
    await verify(house.world, house.people, lambda: row.case(house), quiet=row.quiet)


def verbs(module: ModuleType) -> Iterator[str]:
    for name, verb in inspect.getmembers(module, inspect.iscoroutinefunction):
        if verb.__module__.startswith(module.__name__) and not name.startswith("_"):
            yield name


@pytest.mark.parametrize(
    "module",
    [accounts, rooms, members, invites, messages, pins, polls, reactions, listens, films],
)
def test_every_verb_has_its_proof(module: ModuleType) -> None:
    feature = module.__name__.split(".")[2]
    known = {*READING[feature].split(), *WITHIN_OTHERS[feature].split()}
    proven = {row.verb.__name__ for row in ROWS if row.verb.__module__.startswith(module.__name__)}
    assert set(verbs(module)) - known - proven == set(), "give these a row in ROWS"
    assert known - set(verbs(module)) == set(), "these are verbs no more"
    assert known & proven == set()
